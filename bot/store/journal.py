"""What operators did and read: their own trail, and the proof of who read what. No content, no name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import now
from bot.store.desk_schema import journal

KEPT = timedelta(days=365)
"""The longest the CNIL recommends for the log of who accessed what (six months to one year: délibération 2021-122)."""

SIGNED_IN = "signed_in"
SIGN_IN_REFUSED = "sign_in_refused"
SIGNED_OUT = "signed_out"
PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an action
PASSWORD_GIVEN = "password_given"  # noqa: S105 - by `bot comptes`, not by the account itself
TOTP_ON = "totp_on"
TOTP_OFF = "totp_off"
ACCOUNT_CREATED = "account_created"
ACCOUNT_DISABLED = "account_disabled"
ACCOUNT_ENABLED = "account_enabled"
READ = "read"
CLAIMED = "claimed"
RELEASED = "released"
REPLIED = "replied"
NOTED = "noted"
HANDED = "handed"
CLOSED = "closed"
REOPENED = "reopened"
EXPORTED = "exported"
SEARCHED = "searched"
MISS_KEPT = "miss_kept"
FICHE_TEXTED = "fiche_texted"
FOUND = "found"  # shown among the results of a search, by its subject and state
COPIED = "copied"
COMMAND_LINE = "ligne_de_commande"
"""Read by somebody on the machine of the service, who has no account there."""
REGISTER_READ = "register_read"
OF_ACCOUNTS = (
    SIGNED_IN,
    SIGN_IN_REFUSED,
    SIGNED_OUT,
    PASSWORD_CHANGED,
    PASSWORD_GIVEN,
    TOTP_ON,
    TOTP_OFF,
    ACCOUNT_CREATED,
    ACCOUNT_DISABLED,
    ACCOUNT_ENABLED,
)
"""About an account, not about requests: what whoever keeps the accounts may see of a colleague."""
ACTIONS = (
    *OF_ACCOUNTS,
    READ,
    CLAIMED,
    RELEASED,
    REPLIED,
    NOTED,
    HANDED,
    CLOSED,
    REOPENED,
    EXPORTED,
    SEARCHED,
    MISS_KEPT,
    FICHE_TEXTED,
    FOUND,
    COPIED,
    COMMAND_LINE,
    REGISTER_READ,
)


@dataclass(frozen=True)
class Reading:
    """One thing done with a request (`at` UTC, without a timezone); `account_id` is None on the command line."""

    at: datetime
    action: str
    account_id: int | None


@dataclass(frozen=True)
class Entry:
    """One thing done, at a time (UTC, without a timezone), about a request or about none."""

    at: datetime
    action: str
    reference: str | None


async def note(
    connection: AsyncConnection,
    action: str,
    account_id: int | None,
    reference: str | None = None,
    *,
    at: datetime | None = None,
) -> None:
    """Note what an account did; what `bot comptes` did stands under the account it was done to.

    `account_id` is None when somebody tried to sign in with a login that nobody has.
    """
    await connection.execute(
        journal.insert().values(at=at or now(), account_id=account_id, action=action, reference=reference)
    )


async def has_lately(
    connection: AsyncConnection, action: str, account_id: int, reference: str, since: datetime
) -> bool:
    """Tell whether an account did this to a request since a moment."""
    query = sa.select(journal.c.id).where(
        journal.c.account_id == account_id,
        journal.c.action == action,
        journal.c.reference == reference,
        journal.c.at >= since,
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def list_of(
    connection: AsyncConnection, account_id: int, limit: int = 200, actions: Collection[str] = ACTIONS
) -> list[Entry]:
    """Return the last things of an account, newest first, of some actions or of all."""
    query = (
        sa.select(journal)
        .where(journal.c.account_id == account_id, journal.c.action.in_(actions))
        .order_by(journal.c.id.desc())
        .limit(limit)
    )
    return [Entry(row.at, row.action, row.reference) for row in (await connection.execute(query)).all()]


async def list_about(connection: AsyncConnection, reference: str) -> list[Reading]:
    """Return what was done with a request and who read it, oldest first; it stays a year, also after an erasure."""
    query = sa.select(journal).where(journal.c.reference == reference).order_by(journal.c.id)
    return [Reading(row.at, row.action, row.account_id) for row in (await connection.execute(query)).all()]


async def last_of(connection: AsyncConnection, action: str) -> dict[int, datetime]:
    """Return when each account did something last, by account."""
    query = (
        sa.select(journal.c.account_id, sa.func.max(journal.c.at).label("at"))
        .where(journal.c.action == action, journal.c.account_id.is_not(None))
        .group_by(journal.c.account_id)
    )
    return {row.account_id: row.at for row in (await connection.execute(query)).all()}


async def delete_before(connection: AsyncConnection, moment: datetime) -> int:
    """Delete what was noted before `moment` (the present less KEPT); return how many lines."""
    return int((await connection.execute(journal.delete().where(journal.c.at < moment))).rowcount)
