"""Try the assistant by SMS in a terminal: a real Kannel, its test phone, and an assistant of its own beside any other."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from bot.run.local_kannel import KannelError, LocalKannel, free_port
from bot.settings import Settings

PHONE = "+33639980001"
"""In the range that Arcep keeps for films and books: no call to it ever rings."""
_START_SECONDS = 600
_HELP = """\
Vous êtes un téléphone. Écrivez un SMS, puis Entrée. Une ligne vide pour finir.
Pour écrire d'un autre téléphone : /numero 0639980002"""


def try_sms(settings: Settings, folder: Path | None = None) -> bool:
    """Hold the phone until an empty line or the end of the input. Returns False with a sentence when it cannot start."""
    trial = (folder or settings.var / "essai-sms").absolute()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    secret = secrets.token_urlsafe(24)
    kannel = LocalKannel(trial / "kannel", f"{address}/sms/{secret}")
    try:
        kannel.start()
        assistant = _start_assistant(trial, port, kannel.settings(secret, address))
    except (KannelError, OSError) as error:
        kannel.stop()
        print(error, file=sys.stderr)
        return False
    try:
        if not _wait_ready(assistant, address):
            print("L'assistant ne démarre pas. Relisez les lignes au-dessus.", file=sys.stderr)
            return False
        print(_HELP, flush=True)
        _hold_phone(kannel)
    except KeyboardInterrupt:
        print()
    finally:
        kannel.stop()
        assistant.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            assistant.wait(30)
    return True


def _start_assistant(trial: Path, port: int, gateway: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        **gateway,
        "BOT_VAR": str(trial),
        "BOT_PUBLIC_PORT": str(port),
        "BOT_RASA_PORT": str(free_port()),
        "BOT_ACTIONS_PORT": str(free_port()),
    }
    # A group of its own: Ctrl-C reaches us, and we stop it in order.
    return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment, start_new_session=True)


def _wait_ready(assistant: subprocess.Popen[bytes], address: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while assistant.poll() is None and time.monotonic() < deadline:
        if _is_healthy(address):
            return True
        time.sleep(0.3)
    return False


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _hold_phone(kannel: LocalKannel) -> None:
    phone, shown = PHONE, 0
    while line := _read_line():
        if line.startswith("/numero "):
            phone = f"+33{line.split()[-1].lstrip('+0').removeprefix('33')}"
            print(f"Vous écrivez maintenant du {phone}.", flush=True)
        else:
            heard = shown = _show_new(kannel, shown)
            kannel.write(phone, line)
            _wait_for_answer(kannel, heard)
        shown = _show_new(kannel, shown)


def _wait_for_answer(kannel: LocalKannel, heard: int, seconds: float = 10.0) -> None:
    """Wait for the answer, then a little for a second one: numbers of a danger come before the rest."""
    deadline = time.monotonic() + seconds
    while len(kannel.messages) == heard and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.4)


def _read_line() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


def _show_new(kannel: LocalKannel, shown: int) -> int:
    """Print what came since; return how many messages are shown."""
    messages = list(kannel.messages)
    for message in messages[shown:]:
        alphabet = "GSM-7" if message.is_gsm else "UCS-2"
        plural = "s" if message.segments > 1 else ""
        print(f"\n{message.text}\n[{message.segments} SMS facturé{plural}, {alphabet}]", flush=True)
    return len(messages)
