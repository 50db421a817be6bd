"""What failed on our side: told in the log without a word of what people wrote."""

from __future__ import annotations

import traceback

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()
_FRAMES = 4


def is_store_away(error: BaseException) -> bool:
    """Tell whether the database cannot be used: the person may try again later, nothing is lost."""
    return isinstance(error, (SQLAlchemyError, OSError)) and not isinstance(error, ConnectionError)


def log_failure(request: web.Request, error: BaseException) -> None:
    """Log a failure by its kind and place in the code.

    Neither the message of the error nor the path is logged: a database error quotes the values of its
    query, and a path can hold the id of a conversation.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    resource = request.match_info.route.resource
    log.error(
        "request_failed",
        route=resource.canonical if resource else None,
        method=request.method if request.method in ("GET", "POST", "DELETE", "HEAD") else "other",
        error=type(error).__name__,
        where=[f"{frame.filename.rsplit('/', 2)[-2]}/{frame.name}:{frame.lineno}" for frame in frames],
    )
