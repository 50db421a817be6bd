"""Two Telegram Bot API servers on 127.0.0.1, and the people who write to a bot through them.

`run_test_api` (npm telegram-test-api and outils/telegram/serveur.js) does all a test may want: faults, groups, every
kind of message, a journal of calls. `run_telemelya` is a second opinion that no code of ours has touched: telemelya with
Redis and an S3, behind an nginx which adds the secret header.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypedDict, TypeVar

from tests.running import ROOT

TOKEN = "123456:TEST"
GROUP_ID = -1001234567890
SERVER = ROOT / "outils" / "telegram" / "serveur.js"
TELEMELYA = ROOT / ".outils" / "telemelya" / "bin"
REDIS, NGINX = "/usr/bin/redis-server", "/usr/sbin/nginx"
INSTALL = "lancez outils/outils_de_test.sh"
START_SECONDS = 30.0
CALL_SECONDS = 15.0  # telemelya answers once the webhook has, after 10 seconds at most
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02

# What telemelya does not know is answered as Telegram does, so that the bot can start.
NGINX_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{}}
http {{
  access_log off;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{hook};
    location / {{
      proxy_pass http://127.0.0.1:{bot};
      proxy_set_header X-Telegram-Bot-Api-Secret-Token "{secret}";
    }}
  }}
  server {{
    listen 127.0.0.1:{api};
    location ~ ^/bot[^/]+/(setMyCommands|deleteMyCommands|setMyDescription|setMyShortDescription|setChatMenuButton)$ {{
      return 200 '{{"ok":true,"result":true}}';
    }}
    location / {{
      proxy_pass http://127.0.0.1:{telemelya};
    }}
  }}
}}
"""

Found = TypeVar("Found")


class Call(TypedDict):
    """One call of the Bot API: `at` in seconds since 1970, `status` of HTTP."""

    method: str
    params: dict[str, Any]
    at: float
    status: int


class Delivery(TypedDict):
    """One try at handing an update to the webhook; status 0 when it could not be reached."""

    update_id: int
    status: int


@dataclass(frozen=True)
class Heard:
    """A message of the bot as it now stands: `text` as sent, tags included when parse_mode is HTML."""

    message_id: int
    text: str
    reply_markup: dict[str, Any] = field(default_factory=dict)
    parse_mode: str = ""

    @property
    def buttons(self) -> dict[str, str]:
        """Return what each inline button sends when tapped, by its words; the address of a button that is a link."""
        rows = self.reply_markup.get("inline_keyboard", [])
        return {
            button["text"]: button.get("callback_data", button.get("url", ""))
            for row in rows
            for button in row
        }


def poll(read: Callable[[], Found], enough: Callable[[Found], bool], seconds: float) -> Found:
    """Read again until it is enough. Raises AssertionError with what was last read."""
    deadline = time.monotonic() + seconds
    while not enough(found := read()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {seconds} s: {found!r}")
        time.sleep(POLL_SECONDS)
    return found


class Person(ABC):
    """Someone who talks with the bot in a private chat, whose number is their own."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self._last_heard: dict[int, int] = {}

    @abstractmethod
    def say(self, text: str) -> int:
        """Write a message and return its number."""

    @abstractmethod
    def command(self, text: str) -> int:
        """Send a command, `/start payload`, and return the number of the message."""

    @abstractmethod
    def tap(self, data: str, message_id: int) -> None:
        """Tap a button of a message of the bot."""

    @abstractmethod
    def photo(self, caption: str = "") -> int:
        """Send a photo and return the number of the message."""

    @abstractmethod
    def heard(self, chat_id: int | None = None) -> list[Heard]:
        """Return every message of the bot in the chat, oldest first, as they now stand."""

    def hear(self, count: int = 1, seconds: float = 10.0, chat_id: int | None = None) -> list[Heard]:
        """Wait for the next `count` messages that no earlier `hear` returned. Raises AssertionError."""
        chat = self.user_id if chat_id is None else chat_id
        last = self._last_heard.get(chat, 0)
        fresh = poll(
            lambda: [message for message in self.heard(chat) if message.message_id > last],
            lambda messages: len(messages) >= count,
            seconds,
        )[:count]
        self._last_heard[chat] = max([last, *(message.message_id for message in fresh)])
        return fresh


class TestUser(Person):
    """Someone on the test API, who can also write in a group."""

    __test__: ClassVar[bool] = False

    def __init__(self, api: TestApi, user_id: int, first_name: str, language_code: str) -> None:
        super().__init__(user_id)
        self._api = api
        self.first_name = first_name
        self.language_code = language_code

    def say(self, text: str) -> int:
        """Write a message and return its number; a leading /word is a command, as in any client."""
        return self._send("/sendMessage", text=text, **_with_command(text))

    def command(self, text: str) -> int:
        """Send a command and return the number of the message."""
        return self._send("/sendCommand", text=text, **_with_command(text))

    def tap(self, data: str, message_id: int, chat_id: int | None = None) -> None:
        """Tap a button of a message of the bot, even one it no longer shows."""
        message = {"chat": self._chat(chat_id), "message_id": message_id}
        tapped = {"botToken": TOKEN, "from": self._identity(), "message": message, "data": data}
        _post(f"{self._api.base_url}/sendCallback", tapped)

    def edit(self, text: str, message_id: int) -> None:
        """Change the text of an earlier message of one's own."""
        now = int(time.time())
        self._send("/sendMessage", text=text, message_id=message_id, edit_date=now, **_with_command(text))

    def location(self, latitude: float, longitude: float) -> int:
        """Share a position."""
        return self._send("/sendMessage", location={"latitude": latitude, "longitude": longitude})

    def voice(self) -> int:
        """Send a voice message of three seconds."""
        return self._send("/sendMessage", voice={**_file("voice"), "duration": 3, "mime_type": "audio/ogg"})

    def photo(self, caption: str = "") -> int:
        """Send a photo, with a caption or without."""
        sizes = [
            {**_file("small"), "width": 90, "height": 60},
            {**_file("large"), "width": 1280, "height": 853},
        ]
        content: dict[str, Any] = {"photo": sizes, "caption": caption} if caption else {"photo": sizes}
        return self._send("/sendMessage", **content)

    def sticker(self) -> int:
        """Send a sticker."""
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send("/sendMessage", sticker={**_file("sticker"), **shape, "emoji": "🙂"})

    def document(self, file_name: str = "avis.pdf") -> int:
        """Send a file."""
        content = {**_file("document"), "file_name": file_name, "mime_type": "application/pdf"}
        return self._send("/sendMessage", document=content)

    def group_say(
        self, text: str, *, mention: bool = False, reply_to: int | None = None, group_id: int = GROUP_ID
    ) -> int:
        """Write in a group, naming the bot first or answering one of its messages there, or neither."""
        content: dict[str, Any] = {"text": text, **_with_command(text)}
        if mention:
            name = f"@{self._api.bot['username']}"
            entity = {"type": "mention", "offset": 0, "length": len(name)}
            content = {"text": f"{name} {text}", "entities": [entity]}
        if reply_to is not None:
            content["reply_to_message"] = self._message_of_bot(reply_to, group_id)
        return self._send("/sendMessage", chat_id=group_id, **content)

    def heard(self, chat_id: int | None = None) -> list[Heard]:
        """Return every message of the bot in the private chat, or in a group."""
        return self._api.heard(self.user_id if chat_id is None else chat_id)

    def _message_of_bot(self, message_id: int, chat_id: int) -> dict[str, Any]:
        [text] = [message.text for message in self.heard(chat_id) if message.message_id == message_id]
        chat = self._chat(chat_id)
        date = int(time.time())
        return {"message_id": message_id, "from": self._api.bot, "chat": chat, "date": date, "text": text}

    def _identity(self) -> dict[str, Any]:
        known = {"first_name": self.first_name, "language_code": self.language_code}
        return {"id": self.user_id, "is_bot": False, **known}

    def _chat(self, chat_id: int | None) -> dict[str, Any]:
        if chat_id is None or chat_id == self.user_id:
            return {"id": self.user_id, "type": "private", "first_name": self.first_name}
        return {"id": chat_id, "type": "supergroup", "title": "Groupe d'essai"}

    def _send(self, path: str, chat_id: int | None = None, **content: Any) -> int:
        common = {"botToken": TOKEN, "date": int(time.time()), "from": self._identity()}
        message = {**common, "chat": self._chat(chat_id), **content}
        return int(_post(f"{self._api.base_url}{path}", message)["result"]["message_id"])


@dataclass(frozen=True)
class TestApi:
    """A running server of outils/telegram/serveur.js. `bot` is what getMe answers."""

    __test__: ClassVar[bool] = False

    base_url: str
    bot: dict[str, Any]
    token: str = TOKEN

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings of an assistant that polls this server."""
        return {"telegram_mode": "polling", "telegram_token": self.token, "telegram_api_url": self.base_url}

    def user(self, user_id: int, first_name: str = "Awa", language_code: str = "fr") -> TestUser:
        """Return someone who can write to the bot."""
        return TestUser(self, user_id, first_name, language_code)

    def calls(self, method: str = "") -> list[Call]:
        """Return every call of the Bot API since the last reset, or those of one method."""
        calls: list[Call] = _get(f"{self.base_url}/_calls")
        return [call for call in calls if method in {"", call["method"]}]

    def wait_calls(self, method: str, count: int = 1, seconds: float = 10.0) -> list[Call]:
        """Wait until a method was called so many times. Raises AssertionError."""
        return poll(lambda: self.calls(method), lambda calls: len(calls) >= count, seconds)

    def deliveries(self) -> list[Delivery]:
        """Return every try at the webhook since the last reset."""
        deliveries: list[Delivery] = _get(f"{self.base_url}/_deliveries")
        return deliveries

    def reset(self) -> None:
        """Forget calls and deliveries, and the faults still to come. Messages and the webhook stay."""
        _post(f"{self.base_url}/_calls/reset", {})
        _post(f"{self.base_url}/_faults/reset", {})

    def fail(
        self,
        method: str,
        status: int,
        times: int = 1,
        retry_after: int | None = None,
        chat_id: int | None = None,
        description: str | None = None,
    ) -> None:
        """Make the next calls of a method fail as Telegram fails, in one chat or in all."""
        fault = {"method": method, "status": status, "times": times, "retry_after": retry_after}
        wanted = {**fault, "chat_id": chat_id, "description": description}
        _post(
            f"{self.base_url}/_faults", {name: value for name, value in wanted.items() if value is not None}
        )

    def heard(self, chat_id: int) -> list[Heard]:
        """Return every message of the bot in a chat, oldest first, as they now stand."""
        history = _post(f"{self.base_url}/getUpdatesHistory", {"token": self.token})["result"]
        return [
            _heard(stored["messageId"], stored["message"])
            for stored in history
            if str(stored.get("message", {}).get("chat_id")) == str(chat_id)
        ]


class TelemelyaUser(Person):
    """Someone on telemelya. `statuses` are what the webhook answered to each thing they sent."""

    def __init__(self, address: str, key: str, user_id: int) -> None:
        super().__init__(user_id)
        self._address = f"{address}/api/v1/test"
        self._headers = {"Authorization": f"Bearer {key}", "X-Test-Session": secrets.token_hex(8)}
        self.statuses: list[int] = []

    def say(self, text: str) -> int:
        """Write a message and return its number, once the webhook has answered."""
        return self._send_message(text=text)

    def command(self, text: str) -> int:
        """Send a command and return the number of the message, once the webhook has answered."""
        return self._send_message(command=text)

    def tap(self, data: str, message_id: int) -> None:
        """Tap a button of a message of the bot."""
        self._send(callback_data=data, callback_message_id=message_id)

    def photo(self, caption: str = "") -> int:
        """Send a photo whose file the server does not have."""
        return self._send_message(photo_file_id=_file("photo")["file_id"], photo_caption=caption)

    def heard(self, chat_id: int | None = None) -> list[Heard]:
        """Return every message of the bot in the private chat, as they now stand."""
        messages: dict[int, Heard] = {}
        for call in self._records():
            if call["method"] in {"sendMessage", "editMessageText", "editMessageReplyMarkup"}:
                written = {**call, "parse_mode": call["raw"].get("parse_mode")}
                messages[call["message_id"]] = _heard(call["message_id"], written)
            elif call["method"] == "deleteMessage":
                messages.pop(call["message_id"], None)
        return list(messages.values())

    def calls(self, method: str = "") -> list[tuple[str, dict[str, Any]]]:
        """Return the calls of the bot about this person: each method with its parameters."""
        calls = [(call["method"], call["raw"]) for call in self._records()]
        return [call for call in calls if method in {"", call[0]}]

    def _records(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = _get(f"{self._address}/responses", self._headers)["responses"]
        return records

    def _send_message(self, **content: str) -> int:
        return int(self._send(**content)["message"]["message_id"])

    def _send(self, **content: str | int) -> dict[str, Any]:
        address = f"{self._address}/send_update?bot_token={TOKEN}"
        answer = _post(address, {"chat_id": self.user_id, **content}, self._headers)
        self.statuses.append(answer["delivery"]["status_code"])
        update: dict[str, Any] = answer["update"]
        return update


@dataclass(frozen=True)
class Telemelya:
    """A running telemelya.

    `base_url` is what the bot calls. `hook_url` is the beginning of the address the bot gives to setWebhook: what comes
    there goes on to the bot's own port with the secret header.
    """

    base_url: str
    hook_url: str
    key: str
    token: str = TOKEN

    def user(self, user_id: int) -> TelemelyaUser:
        """Return someone who can write to the bot, in a session of their own."""
        return TelemelyaUser(self.base_url, self.key, user_id)


@contextmanager
def run_test_api() -> Iterator[TestApi]:
    """Yield a test API on a free port."""
    [port] = _free_ports(1)
    with _running(["node", str(SERVER), str(port)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line, f"the Telegram test server did not start; {INSTALL}"
        yield TestApi(f"http://127.0.0.1:{port}", json.loads(line)["bot"])


@contextmanager
def run_telemelya(webhook_port: int, secret: str) -> Iterator[Telemelya]:
    """Yield a telemelya which hands updates to 127.0.0.1:webhook_port with the secret header."""
    redis, storage, telemelya, hook, api = _free_ports(5)
    key = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="telemelya-") as name, ExitStack() as stack:
        folder = Path(name)
        stack.enter_context(_running(_redis_command(redis, folder)))
        stack.enter_context(_running(_storage_command(storage), stderr=subprocess.DEVNULL))
        for port in (redis, storage):
            _wait_listening(port)
        environment = _telemelya_environment(telemelya, redis, storage, key)
        server = [str(TELEMELYA / "telemelya-server")]
        stack.enter_context(
            _running(server, environment=environment, folder=folder, stderr=subprocess.DEVNULL)
        )
        ports = {"hook": hook, "bot": webhook_port, "api": api, "telemelya": telemelya}
        stack.enter_context(_running(_nginx_command(folder, secret, ports)))
        for port in (telemelya, hook, api):
            _wait_listening(port)
        yield Telemelya(f"http://127.0.0.1:{api}", f"http://127.0.0.1:{hook}", key)


def _with_command(text: str) -> dict[str, Any]:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}


def _file(name: str) -> dict[str, Any]:
    return {"file_id": f"{name}-id", "file_unique_id": f"{name}-unique", "file_size": 1000}


def _heard(message_id: int, written: dict[str, Any]) -> Heard:
    text, mode = str(written.get("text") or ""), written.get("parse_mode") or ""
    return Heard(message_id, text, written.get("reply_markup") or {}, mode)


def _get(address: str, headers: dict[str, str] | None = None) -> Any:
    return _open(urllib.request.Request(address, headers=headers or {}))


def _post(address: str, content: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    headers = {"Content-Type": "application/json", **(headers or {})}
    return _open(urllib.request.Request(address, json.dumps(content).encode(), headers))


def _open(request: urllib.request.Request) -> Any:
    try:
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{request.full_url}: {error.code} {error.read().decode()}") from error


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _wait_listening(port: int) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    poll(listens, bool, START_SECONDS)


@contextmanager
def _running(
    command: Sequence[str],
    *,
    environment: dict[str, str] | None = None,
    folder: Path = ROOT,
    stdout: int = subprocess.DEVNULL,
    stderr: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stdout, stderr=stderr)
    except FileNotFoundError as error:
        raise AssertionError(f"{command[0]}: not there; {INSTALL}") from error
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _redis_command(port: int, folder: Path) -> list[str]:
    kept = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    return [REDIS, "--bind", "127.0.0.1", "--port", str(port), *kept]


def _storage_command(port: int) -> list[str]:
    return [str(TELEMELYA / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def _nginx_command(folder: Path, secret: str, ports: dict[str, int]) -> list[str]:
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX_CONFIGURATION.format(folder=folder, secret=secret, **ports), encoding="utf-8"
    )
    return [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(configuration)]


def _telemelya_environment(port: int, redis: int, storage: int, key: str) -> dict[str, str]:
    return {
        **os.environ,
        "NO_PROXY": "127.0.0.1",
        "MOCK_SERVER_HOST": "127.0.0.1",
        "MOCK_SERVER_PORT": str(port),
        "MOCK_SERVER_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "MINIO_ENDPOINT": f"127.0.0.1:{storage}",
        "AUTH_KEYS": key,
        "STRICT_EDIT": "true",
    }
