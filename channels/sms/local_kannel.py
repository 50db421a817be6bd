"""A real Kannel on this machine, with its test operator: for `bot sms-essai` and for the tests.

bearerbox speaks with the operator, smsbox with us. The operator is fakesmsc (package kannel-extras), whose "phones" are
lines of text, or any SMPP server. Everything listens on 127.0.0.1 and lives in one folder.
"""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path

BEARERBOX = Path("/usr/sbin/bearerbox")
SMSBOX = Path("/usr/sbin/smsbox")
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
INSTALL = "apt-get install -y --no-install-recommends kannel kannel-extras"
SERVICE_NUMBER = "36000"
USER, PASSWORD = "assistant", "essai-sur-cette-machine"
_STATUS_PASSWORD = "etat"  # noqa: S105 - of a gateway that only this machine reaches
_START_SECONDS = 15.0
_TYPING_SECONDS = "0.005"
"""Rest of the test phone after each message: by itself it takes one second, for all phones together."""
_GOT = re.compile(rb"Got message \d+: <(.*)>\r?\n?$")
_MESSAGE = re.compile(rb"\d+ \+?\d+ (?:text|data|ucs-2|udh) ")
_SENT = b"fakesmsc: sent message"

# Level 2 (warnings): from level 1 down, smsbox writes numbers and texts in its log.
CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {status_password}
status-password = {status_password}
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 2
dlr-storage = internal
store-type = spool
store-location = "{folder}/spool"
sms-resend-freq = {resend}
sms-resend-retry = 3
sms-combine-concatenated-mo = true
sms-combine-concatenated-mo-timeout = 20

{smsc}
throughput = {throughput}

group = smsbox-route
smsbox-id = local
smsc-id = OPERATEUR

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
smsbox-id = local
sendsms-port = {send}
sendsms-interface = 127.0.0.1
global-sender = {number}
log-file = "{folder}/smsbox.log"
log-level = 2
mo-recode = true
http-request-retry = 100
http-queue-delay = 1

group = sendsms-user
username = {user}
password = {password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
post-url = "{callback}/message?id=%I"
send-sender = true
max-messages = 0
omit-empty = true
"""
_FAKE = """\
group = smsc
smsc = fake
smsc-id = OPERATEUR
port = {operator}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1"""
_SMPP = """\
group = smsc
smsc = smpp
smsc-id = OPERATEUR
host = 127.0.0.1
port = {operator}
transceiver-mode = true
smsc-username = "assistant"
smsc-password = "essai"
system-type = ""
interface-version = 34
address-range = ""
source-addr-autodetect = true
dest-addr-ton = 1
dest-addr-npi = 1
msg-id-type = 0x03
reconnect-delay = 1
max-pending-submits = 10"""


class KannelError(Exception):
    """Kannel is not installed or does not start; the message says what to do."""


@dataclass(frozen=True)
class Received:
    """A message as the phone shows it, its parts joined again."""

    sender: str
    phone: str
    text: str
    segments: int
    is_gsm: bool


class LocalKannel:
    """bearerbox and smsbox; with `smpp_port`, an SMPP server there is the operator instead of fakesmsc."""

    def __init__(
        self,
        folder: Path,
        callback: str,
        *,
        smpp_port: int | None = None,
        throughput: int = 100,
        resend_seconds: int = 2,
    ) -> None:
        self._folder = folder.absolute()
        self._callback = callback
        self._smpp_port = smpp_port
        self._throughput = throughput
        self._resend_seconds = resend_seconds
        self._ports = dict(zip(("admin", "box", "send", "operator"), _free_ports(4), strict=True))
        if smpp_port:
            self._ports["operator"] = smpp_port
        self._processes: list[subprocess.Popen[bytes]] = []
        self._handset: subprocess.Popen[bytes] | None = None
        self._sent = 0
        self._lock = threading.Lock()
        self._parts: dict[tuple[str, str, int], dict[int, bytes]] = {}
        self.messages: list[Received] = []

    @property
    def send_url(self) -> str:
        """Return the address of sendsms."""
        return f"http://127.0.0.1:{self._ports['send']}/cgi-bin/sendsms"

    def settings(self, secret: str, callback: str) -> dict[str, str]:
        """Return the environment that makes the assistant use this gateway."""
        return {
            "BOT_SMS_GATEWAY": "kannel",
            "BOT_SMS_SECRET": secret,
            "BOT_SMS_NUMBER": SERVICE_NUMBER,
            "BOT_SMS_KANNEL_URL": self.send_url,
            "BOT_SMS_USER": USER,
            "BOT_SMS_PASSWORD": PASSWORD,
            "BOT_SMS_CALLBACK_URL": callback,
        }

    def start(self) -> None:
        """Start everything and wait until a message can go both ways. Raises KannelError."""
        needed = [BEARERBOX, SMSBOX, *([] if self._smpp_port else [FAKESMSC])]
        if not all(path.exists() for path in needed):
            raise KannelError(f"Kannel n'est pas installé. Installez-le d'abord : {INSTALL}")
        (self._folder / "spool").mkdir(parents=True, exist_ok=True)
        operator = (_SMPP if self._smpp_port else _FAKE).format(**self._ports)
        configuration = CONFIGURATION.format(
            folder=self._folder,
            smsc=operator,
            callback=self._callback,
            throughput=self._throughput,
            resend=self._resend_seconds,
            number=SERVICE_NUMBER,
            user=USER,
            password=PASSWORD,
            status_password=_STATUS_PASSWORD,
            **self._ports,
        )
        path = self._folder / "kannel.conf"
        path.touch(mode=0o600)
        path.write_text(configuration, encoding="utf-8")
        self.start_bearerbox()
        self._launch(SMSBOX)
        self._wait_port("send")
        if not self._smpp_port:
            self._start_handset()
        self._wait_online()

    def start_bearerbox(self) -> None:
        """Start the box that speaks with the operator."""
        self._launch(BEARERBOX)
        self._wait_port("box")
        self._wait_port("admin")

    def stop(self) -> None:
        """Stop everything: bearerbox first finishes what it holds."""
        for process in reversed(self._processes):
            _end(process)
        self._processes.clear()
        self._handset = None

    def status(self) -> str:
        """Return what bearerbox says of itself."""
        url = f"http://127.0.0.1:{self._ports['admin']}/status.txt?password={_STATUS_PASSWORD}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            text: str = answer.read().decode()
            return text

    def write(self, phone: str, text: str) -> None:
        """Send a message from a phone to the service."""
        one_line = text.replace("\n", " ")  # fakesmsc reads lines
        self._type(f"{_bare(phone)} {SERVICE_NUMBER} text {one_line}")

    def write_raw(self, line: str) -> None:
        """Give fakesmsc a line in its own language (`from to TYPE body`)."""
        self._type(line)

    # -- processes -----------------------------------------------------------------------------

    def _launch(self, program: Path) -> None:
        command = [str(program), "-v", "4", "kannel.conf"]
        self._processes.append(
            subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )

    def _start_handset(self) -> None:
        self._handset = subprocess.Popen(
            [
                str(FAKESMSC),
                "-H",
                "127.0.0.1",
                "-r",
                str(self._ports["operator"]),
                "-i",
                _TYPING_SECONDS,
                "-v",
                "0",
            ],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._processes.append(self._handset)
        threading.Thread(target=self._listen, args=(self._handset,), daemon=True).start()

    def _wait_port(self, name: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self._ports[name]), 0.2).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise KannelError(f"Kannel ne démarre pas. Le détail est dans {self._folder}")

    def _wait_online(self) -> None:
        """Wait for both sides: a message that comes before smsbox is there waits a minute."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            status = self.status()
            if "smsbox:local" in status and re.search(r"OPERATEUR.*\(online", status):
                return
            time.sleep(0.1)
        raise KannelError(f"Kannel ne joint pas son opérateur. Le détail est dans {self._folder}")

    # -- the phones ----------------------------------------------------------------------------

    def _type(self, line: str) -> None:
        """Type one line and wait until it left: fakesmsc keeps the second of two lines read at once."""
        if self._handset is None or self._handset.stdin is None:
            raise KannelError("Le téléphone d'essai n'est pas démarré.")
        with self._lock:
            before = self._sent
            self._handset.stdin.write(f"{line}\n".encode())
            self._handset.stdin.flush()
            deadline = time.monotonic() + 5
            while self._sent == before:
                if time.monotonic() > deadline:
                    raise KannelError("Le téléphone d'essai n'envoie rien.")
                time.sleep(0.002)

    def _listen(self, handset: subprocess.Popen[bytes]) -> None:
        if handset.stderr is None:
            return
        for line in handset.stderr:
            if _SENT in line:
                self._sent += 1
            elif match := _GOT.search(line):
                self._hear(match.group(1))

    def _hear(self, line: bytes) -> None:
        if not _MESSAGE.match(line):
            # The second line of a text: fakesmsc, which counts in lines, takes it for a message of its own.
            last = self.messages.pop()
            self.messages.append(replace(last, text=f"{last.text}\n{line.decode()}"))
        elif message := self._read(line):
            self.messages.append(message)

    def _read(self, line: bytes) -> Received | None:
        """Return the message a line of fakesmsc ends, None while a part is missing."""
        sender, phone, kind, rest = line.split(b" ", 3)
        names = sender.decode(), phone.decode()
        if kind == b"udh":
            header, _, body = (
                urllib.parse.unquote_to_bytes(part.replace(b"+", b" ")) for part in rest.split(b" ", 2)
            )
            reference, total, number = header[3], header[4], header[5]
            parts = self._parts.setdefault((*names, reference), {})
            parts[number] = body
            if len(parts) < total:
                return None
            del self._parts[(*names, reference)]
            text, is_gsm = _decoded(b"".join(parts[rank] for rank in sorted(parts)))
            return Received(*names, text, total, is_gsm)
        if kind == b"text":
            return Received(*names, rest.decode(), 1, is_gsm=True)
        data = urllib.parse.unquote_to_bytes(rest.replace(b"+", b" "))
        if kind == b"data":
            return Received(*names, data.decode(), 1, is_gsm=True)
        return Received(*names, data.decode("utf-16-be"), 1, is_gsm=False)


def _decoded(data: bytes) -> tuple[str, bool]:
    """Return a joined text, and whether it came in GSM-7: fakesmsc prints it as UTF-8 then, as UTF-16 otherwise."""
    if b"\0" not in data:
        try:
            return data.decode(), True
        except UnicodeDecodeError:
            pass
    return data.decode("utf-16-be"), False


def _bare(phone: str) -> str:
    return phone.lstrip("+")


def _free_ports(count: int) -> list[int]:
    """Return ports nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
