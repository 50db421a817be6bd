"""The environment of the processes that load Rasa: quiet, offline, one thread a process."""

from __future__ import annotations

import os
from pathlib import Path

from bot.rasa_trackers import tracker_url
from bot.settings import Settings

RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",  # at run time nothing calls outside
    "LOG_LEVEL": "WARNING",  # below it, Rasa logs what people write
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "OMP_NUM_THREADS": "1",  # one message at a time: a second thread costs more than it gives
    "OMP_WAIT_POLICY": "PASSIVE",  # a thread that waits leaves its core to the others
}


def process_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of Rasa and of the action server."""
    actions = settings.actions_url or f"http://127.0.0.1:{settings.actions_port}"
    return {
        **os.environ,
        **RASA_ENVIRONMENT,
        "BOT_REDIS_URL": settings.redis_url,
        "RASA_ACTIONS_URL": f"{actions}/webhook",
        "RASA_TRACKER_URL": tracker_url(settings),
        "TICKET_LOCK_LIFETIME": str(max(1, int(settings.rasa_timeout_seconds) - 1)),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH")))),
    }
