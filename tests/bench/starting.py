"""How long until the assistant answers: `bot run` with a trained model, from its start to the first healthy answer."""

from __future__ import annotations

import time
from typing import Any

from tests.running import run_bot


def measure_start(times: int = 3) -> dict[str, Any]:
    """Return the seconds of the first start, in an empty folder, and of the next ones, in one that holds data."""
    began = time.monotonic()
    with run_bot() as bot:
        first = round(time.monotonic() - began, 1)
        again = []
        for _ in range(times - 1):
            bot.stop()
            began = time.monotonic()
            bot.start()
            again.append(round(time.monotonic() - began, 1))
    return {"first_seconds": first, "again_seconds": again}
