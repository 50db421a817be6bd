"""A voice for speech-dispatcher that makes no sound, takes the time of speaking, and writes down what was heard.

Usage: silent_voice.py RECORD. Each line of RECORD.jsonl is an utterance; one that the screen reader cut short is
not whole. RECORD.speaking exists while it speaks. Its standard streams hold speech-dispatcher's module protocol (0.11).
"""

from __future__ import annotations

import html
import json
import re
import sys
import threading
import time
from pathlib import Path

CHARACTERS_PER_SECOND = 60
"""About four times as fast as people talk, as many who listen to a screen reader have it."""

_SETTINGS = {
    "AUDIO": "203 OK AUDIO INITIALIZED",
    "LOGLEVEL": "203 OK LOGLEVEL SET",
    "SET": "203 OK SETTINGS RECEIVED",
}
_PLAIN = {
    "INIT": ["299-Silent voice", "299 OK LOADED SUCCESSFULLY"],
    "LIST VOICES": ["200-silence\tfr-FR\tnone", "200 OK VOICE LIST SENT"],
}
_MESSAGES = ("SPEAK", "CHAR", "KEY", "SOUND_ICON")
_MARK = re.compile(r"<[^>]*>")


class SilentVoice:
    """Speaks one utterance at a time, as the server asks, until its end or until it is stopped."""

    def __init__(self, record: Path) -> None:
        self._record = record.with_suffix(".jsonl").open("a", encoding="utf-8")
        self._speaking = record.with_suffix(".speaking")
        self._lock = threading.Lock()
        self._words, self._since = "", 0.0
        self._end: threading.Timer | None = None

    def speak(self, ssml: str) -> None:
        """Begin an utterance."""
        words = html.unescape(_MARK.sub("", ssml))
        with self._lock:
            self._tell("200 OK SPEAKING", "701 BEGIN")
            self._words, self._since = words, time.time()
            self._speaking.touch()
            self._end = threading.Timer(len(words) / CHARACTERS_PER_SECOND, self._finish, ["702 END"])
            self._end.daemon = True
            self._end.start()

    def stop(self) -> None:
        """Cut the utterance short, if there is one."""
        self._finish("703 STOP")

    def answer(self, *lines: str) -> None:
        """Tell the server what it waits for."""
        with self._lock:
            self._tell(*lines)

    def _finish(self, event: str) -> None:
        with self._lock:
            if self._end is None:
                return
            self._end.cancel()
            self._end = None
            heard = {
                "words": self._words,
                "whole": event == "702 END",
                "at": round(self._since, 2),
                "seconds": round(time.time() - self._since, 2),
            }
            self._record.write(json.dumps(heard, ensure_ascii=False) + "\n")
            self._record.flush()
            self._speaking.unlink(missing_ok=True)
            self._tell(event)

    @staticmethod
    def _tell(*lines: str) -> None:
        print("\n".join(lines), flush=True)


def _block() -> str:
    """Read lines until a dot alone; a line that begins with a dot has one more."""
    lines = []
    for line in sys.stdin:
        if line == ".\n":
            break
        lines.append(line.removeprefix(".") if line.startswith("..") else line)
    return "".join(lines).rstrip("\n")


def main() -> None:
    """Obey the server until it says QUIT or goes away."""
    voice = SilentVoice(Path(sys.argv[1]))
    for line in sys.stdin:
        command = line.strip()
        if command in _MESSAGES:
            voice.answer("202 OK RECEIVING MESSAGE")
            voice.speak(_block())
        elif command in _SETTINGS:
            voice.answer("207 OK RECEIVING SETTINGS" if command != "SET" else "203 OK RECEIVING SETTINGS")
            _block()
            voice.answer(_SETTINGS[command])
        elif command in ("STOP", "PAUSE"):
            voice.stop()
        elif command == "QUIT":
            voice.answer("210 OK QUIT")
            return
        else:
            voice.answer(*_PLAIN.get(command.split("\t")[0], ["300 ERR UNKNOWN COMMAND"]))


if __name__ == "__main__":
    main()
