"""Try the assistant by SMS in a terminal: a real Kannel, its test phone, and an assistant of its own."""

from __future__ import annotations

import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path

from bot.run.trial import CannotTry, free_port, read_line, trial_assistant
from bot.settings import Settings
from channels.sms.local_kannel import KannelError, LocalKannel

PHONE = "+33639980001"
"""In the range that Arcep keeps for films and books: no call to it ever rings."""
_HELP = """\
Vous êtes un téléphone. Écrivez un SMS, puis Entrée. Une ligne vide pour finir.
Pour écrire d'un autre téléphone : /numero 0639980002"""


def try_sms(settings: Settings, folder: Path | None = None) -> bool:
    """Hold the phone until an empty line or the end of the input. Returns False with a sentence when it cannot start."""
    trial = (folder or settings.var / "essai-sms").absolute()
    port, secret = free_port(), secrets.token_urlsafe(24)
    address = f"http://127.0.0.1:{port}"
    kannel = LocalKannel(trial / "kannel", f"{address}/sms/{secret}")
    try:
        kannel.start()
        with trial_assistant(trial, port, kannel.settings(secret, address)):
            print(_HELP, flush=True)
            with suppress(KeyboardInterrupt):
                _hold_phone(kannel)
    except (KannelError, CannotTry, OSError) as error:
        print(error, file=sys.stderr)
        return False
    finally:
        kannel.stop()
    return True


def _hold_phone(kannel: LocalKannel) -> None:
    phone, shown = PHONE, 0
    while line := read_line():
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


def _show_new(kannel: LocalKannel, shown: int) -> int:
    """Print what came since; return how many messages are shown."""
    messages = list(kannel.messages)
    for message in messages[shown:]:
        alphabet = "GSM-7" if message.is_gsm else "UCS-2"
        plural = "s" if message.segments > 1 else ""
        print(f"\n{message.text}\n[{message.segments} SMS facturé{plural}, {alphabet}]", flush=True)
    return len(messages)
