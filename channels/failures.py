"""What failed on our side: told in the log without a word of what people wrote."""

from __future__ import annotations

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.service.logs import failure

log = structlog.get_logger()


def is_store_away(error: BaseException) -> bool:
    """Tell whether the database cannot be used: the person may try again later, nothing is lost."""
    return isinstance(error, (SQLAlchemyError, OSError)) and not isinstance(error, ConnectionError)


def log_failure(request: web.Request, error: BaseException) -> None:
    """Log a failure by its kind and place in the code.

    Neither the message of the error nor the path is logged: a database error quotes the values of its
    query, and a path can hold the id of a conversation.
    """
    resource = request.match_info.route.resource
    log.error(
        "request_failed",
        route=resource.canonical if resource else None,
        method=request.method if request.method in ("GET", "POST", "DELETE", "HEAD") else "other",
        **failure(error),
    )
