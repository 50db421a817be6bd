"""The record of the measures: one entry a part, each with its machine, its date and its commit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.machine import Description


@dataclass(frozen=True)
class Record:
    """A file of measures; a part measured again takes the place of what it was."""

    path: Path

    def read(self) -> dict[str, Any]:
        """Return the parts measured so far by name."""
        if not self.path.exists():
            return {}
        parts: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return parts

    def add(self, name: str, machine: Description, run: str, figures: dict[str, Any]) -> None:
        """Write a part at once, so that a run cut short keeps what it measured; `run` is when the whole run began."""
        parts = self.read() | {name: {"run": run, "machine": machine, **figures}}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".tmp")
        unfinished.write_text(json.dumps(parts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(self.path)

    def has(self, name: str, machine: Description) -> bool:
        """Tell whether a part was measured on this machine and this commit, without an error."""
        known = self.read().get(name)
        return (
            known is not None
            and "error" not in known
            and all(
                known["machine"][key] == machine[key] for key in ("processor", "cores", "kernel", "commit")
            )
        )
