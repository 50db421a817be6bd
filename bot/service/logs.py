"""Logs without a word of what people wrote: of a failure, its kind and its places in the code."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_FRAMES = 6
_LOGFMT = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure_logs(log_format: str = "logfmt") -> None:
    """Set how every log line of the process is written, on standard output, one line an event: `logfmt` or `json`."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_failure,
            _in_one_line,
            _JSON if log_format == "json" else _LOGFMT,
        ],
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))


class _Libraries(logging.Handler):
    """Writes what libraries log without its words: they quote what they could not read, and where it came from."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = failure(error) if error else {"where": f"{record.module}:{record.lineno}"}
        structlog.get_logger().log(record.levelno, "library_trouble", library=record.name, **told)


def failure(error: BaseException) -> dict[str, str]:
    """Return what a log may hold of an error: its message is left out, it may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "where": " ".join(places)}


def _in_one_line(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write out what would break a line, or colour a terminal: nobody's words make up an event."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], value)
    return event


def _tell_failure(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        event.update(failure(error))
    return event
