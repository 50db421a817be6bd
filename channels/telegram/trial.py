"""Try the assistant on Telegram in a terminal: a local Bot API server, and an assistant of its own that polls it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.run.trial import CannotTry, free_port, read_line, trial_assistant
from bot.settings import Settings

SERVER = Path("outils/telegram/serveur.js")
TOKEN = "123456:ESSAI"  # noqa: S105 - of a robot that exists on this machine only
_PERSON = {"id": 42, "is_bot": False, "first_name": "Essai", "language_code": "fr"}
_CHAT = {"id": 42, "type": "private", "first_name": "Essai"}
_HELP = """\
Vous êtes une personne sur Telegram. Écrivez un message ou une commande (/start, /lieu…), puis Entrée.
Le numéro d'un bouton le touche. Une ligne vide pour finir."""
_TAG = re.compile(r"</?[a-z-]+>")


def try_telegram(settings: Settings, folder: Path | None = None) -> bool:
    """Talk until an empty line or the end of the input. Returns False with a sentence when it cannot start."""
    trial = (folder or settings.var / "essai-telegram").absolute()
    server_port, port = free_port(), free_port()
    address = f"http://127.0.0.1:{server_port}"
    telegram = {
        "BOT_TELEGRAM_MODE": "polling",
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": address,
    }
    server: subprocess.Popen[bytes] | None = None
    try:
        server = _start_server(server_port)
        with trial_assistant(trial, port, telegram):
            print(_HELP, flush=True)
            with suppress(KeyboardInterrupt):
                _talk(address)
    except (CannotTry, OSError) as error:
        print(error, file=sys.stderr)
        return False
    finally:
        if server is not None:
            server.terminate()
            server.wait(10)
    return True


def _start_server(port: int) -> subprocess.Popen[bytes]:
    if not Path("node_modules/telegram-test-api").exists():
        raise CannotTry(
            "Le serveur d'essai n'est pas installé. Installez-le d'abord : npm ci --ignore-scripts"
        )
    try:
        server = subprocess.Popen(["node", str(SERVER), str(port)], stdout=subprocess.PIPE)
    except FileNotFoundError:
        raise CannotTry("Il faut node. Sur Debian 12 : apt-get install -y nodejs npm") from None
    if server.stdout is None or not server.stdout.readline():
        raise CannotTry("Le serveur d'essai ne démarre pas.")
    return server


def _talk(address: str) -> None:
    buttons: list[dict[str, Any]] = []
    while line := read_line():
        if line.isdigit() and 1 <= int(line) <= len(buttons):
            _tap(address, buttons[int(line) - 1])
        else:
            _write(address, line)
        buttons = _listen(address) or buttons


def _write(address: str, text: str) -> None:
    message: dict[str, Any] = {**_head(), "text": text}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    _post(address, "/sendCommand" if text.startswith("/") else "/sendMessage", message)


def _tap(address: str, button: dict[str, Any]) -> None:
    message = {"chat": _CHAT, "message_id": button["message_id"], "text": ""}
    query = {"botToken": TOKEN, "from": _PERSON, "message": message, "data": button["callback_data"]}
    _post(address, "/sendCallback", query)


def _head() -> dict[str, Any]:
    return {"botToken": TOKEN, "from": _PERSON, "chat": _CHAT, "date": int(time.time())}


def _listen(address: str, seconds: float = 10.0) -> list[dict[str, Any]]:
    """Print what the robot says, until it falls silent; return its last buttons."""
    buttons: list[dict[str, Any]] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = _post(address, "/getUpdates", {"token": TOKEN, "chatId": _CHAT["id"]})["result"]
        for sent in said:
            buttons = _show(sent)
            deadline = min(deadline, time.monotonic() + 1.5)  # a second message may follow: one a second
        time.sleep(0.1)
    return buttons


def _show(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Print a message as a phone shows it; return its buttons."""
    message = sent["message"]
    print(f"\n{html.unescape(_TAG.sub('', message['text']))}", flush=True)
    markup = message.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    for rank, button in enumerate(buttons, start=1):
        print(f"  [{rank}] {button['text']}", flush=True)
    return [{**button, "message_id": sent["messageId"]} for button in buttons]


def _post(address: str, path: str, data: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310 - our own address
        address + path, json.dumps(data).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return json.load(answer)
    except urllib.error.URLError as error:
        raise CannotTry("Le serveur d'essai ne répond plus.") from error
