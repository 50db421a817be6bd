"""Sign in at the console, and stay: password, then one-time code, then a session.

Refusals never tell whether a login exists: same sentence, same time, same locks (OWASP, Authentication Cheat Sheet).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pyotp
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service import metrics
from bot.service.attempts import AddressFailures, UnknownLogins, lock_after, seconds_until
from bot.service.passwords import PasswordHashing
from bot.service.shared import SharedMemory
from bot.store import accounts as store
from bot.store import journal, sessions
from bot.store.accounts import Account, Credentials
from bot.store.cipher import Cipher
from bot.store.database import Database, now

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
CODE_STEPS = 1
"""Codes of 30 s accepted before and after the present one: phones are a little late, or early (RFC 6238, 5.2)."""
_CODE = re.compile(r"[0-9]{6}")
log = structlog.get_logger()

_REFUSED = "Identifiant ou mot de passe incorrect. Vérifiez les deux, puis réessayez."
_CODE_REFUSED = "Ce code n'est pas le bon, ou il a déjà servi. Attendez le code suivant, puis réessayez."
_GONE = "Le temps pour vous connecter est passé. Recommencez avec votre identifiant et votre mot de passe."


class SignInState(StrEnum):
    """How a try ended."""

    OK = "ok"
    NEEDS_CODE = "needs_code"
    REFUSED = "refused"
    LOCKED = "locked"
    GONE = "gone"


@dataclass(frozen=True, repr=False)
class SignIn:
    """How a try ended: a token with OK and NEEDS_CODE, seconds to wait with LOCKED, else a sentence to show."""

    state: SignInState
    token: str | None = None
    seconds: int = 0
    sentence: str = ""


@dataclass(frozen=True, repr=False)
class Signed:
    """Somebody signed in. `form_key` ties a form to the session; `ends_at` is UTC, without a timezone."""

    account: Account
    form_key: str
    ends_at: datetime


_Settle = Callable[[AsyncConnection, Credentials, datetime], Awaitable[SignIn]]


class SignIns:
    """Everything that a visitor without a session may call, and the sessions themselves."""

    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        clock: Callable[[], datetime] = now,
        hashing: PasswordHashing | None = None,
        shared: SharedMemory | None = None,
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._clock = clock
        self._hashing = hashing or PasswordHashing()
        self._unknown = UnknownLogins(shared)
        self._addresses = AddressFailures(shared)

    async def sign_in(self, login: str, password: str, address_word: str) -> SignIn:
        """Check a password; OK gives a session's token, NEEDS_CODE that of a session to finish with `give_code`.

        `address_word` is where the try comes from, in whatever form: it is compared with others and kept in memory, or hashed in Redis.
        """

        async def open_one(connection: AsyncConnection, known: Credentials, moment: datetime) -> SignIn:
            if known.totp.secret is None:
                return await self._welcome(connection, known.id, moment)
            token = await sessions.open_session(connection, self._cipher, known.id, is_whole=False, at=moment)
            return SignIn(SignInState.NEEDS_CODE, token)

        return await self._try_password(tidy_login(login), password, open_one, address_word)

    async def confirm_password(self, account_id: int, password: str) -> SignIn:
        """Check the password of somebody signed in, before what matters; OK comes without a token."""

        async def nothing_more(_c: AsyncConnection, _known: Credentials, _at: datetime) -> SignIn:
            return SignIn(SignInState.OK)

        return await self._try_password(account_id, password, nothing_more)

    async def give_code(self, token: str, code: str) -> SignIn:
        """Check the one-time code of a session begun; OK gives a new token, and the one of before is dead.

        GONE says to begin again: the time is over, or the account is no longer what it was.
        """
        moment = self._clock()
        async with self._database.write() as connection:
            session = await sessions.find_session(connection, self._cipher, token, moment)
            known = await self._credentials(connection, session.account_id) if session else None
            if session is None or session.is_whole or known is None or known.disabled:
                return SignIn(SignInState.GONE, sentence=_GONE)
            secret = known.totp.secret
            if secret is None:
                return SignIn(SignInState.GONE, sentence=_GONE)
            if wait := seconds_until(known.locked_until, moment):
                return _locked(wait)
            step = find_step(secret, code, moment)
            if step is None or step <= known.totp_step:
                await self._fail(connection, known, moment)
                return _refused(_CODE_REFUSED)
            await sessions.close_session(connection, session)
            await store.update_account(connection, known.id, totp_step=step)
            return await self._welcome(connection, known.id, moment)

    async def find(self, token: str) -> Signed | None:
        """Return who holds a session, or None: ended, unfinished, of a disabled account, or never opened."""
        return await self._find(token, is_whole=True)

    async def find_unfinished(self, token: str) -> Signed | None:
        """Return who gave a password and still owes a code: for the page that asks it, and for nothing else."""
        return await self._find(token, is_whole=False)

    async def _find(self, token: str, *, is_whole: bool) -> Signed | None:
        moment = self._clock()
        async with self._database.read() as connection:
            session = await sessions.find_session(connection, self._cipher, token, moment)
            if session is None or session.is_whole is not is_whole:
                return None
            account = await store.find_account(connection, self._cipher, session.account_id)
        if account is None or account.disabled:
            return None
        if moment - session.last_at >= sessions.TOUCH_EVERY:
            async with self._database.write() as connection:
                await sessions.touch_session(connection, session, moment)
        return Signed(account, sessions.form_key(self._cipher, token), session.expires_at)

    async def sign_out(self, token: str) -> None:
        """End a session; one that ended already changes nothing."""
        moment = self._clock()
        async with self._database.write() as connection:
            session = await sessions.find_session(connection, self._cipher, token, moment)
            if session is None:
                return
            await sessions.close_session(connection, session)
            if session.is_whole:
                await journal.note(connection, journal.SIGNED_OUT, session.account_id, at=moment)

    async def sign_out_everywhere(self, account_id: int) -> int:
        """End every session of an account; return how many."""
        async with self._database.write() as connection:
            return await sessions.close_all(connection, account_id)

    async def _try_password(
        self, who: str | int, password: str, settle: _Settle, address_word: str | None = None
    ) -> SignIn:
        while True:
            async with self._hashing.turn:
                moment = self._clock()
                async with self._database.read() as connection:
                    known = await self._credentials(connection, who)
                if wait := await self._wait(who, known, moment, address_word):
                    return _locked(wait)
                right = await self._hashing.verify_in_turn(known.password_hash if known else None, password)
            if known is None and isinstance(who, str) and (wait := await self._unknown.fail(who, moment)):
                return _locked(wait)
            result = await self._settle(who, known, settle, right=right)
            if result is not None:
                break
        if result.state is SignInState.REFUSED and address_word is not None:
            await self._addresses.fail(address_word, moment)
        is_theirs = result.state in (SignInState.OK, SignInState.NEEDS_CODE)
        if is_theirs and known is not None and self._hashing.is_outdated(known.password_hash):
            await self._hash_again(known, password)
        return result

    async def _settle(
        self, who: str | int, tried: Credentials | None, settle: _Settle, *, right: bool
    ) -> SignIn | None:
        """Write what a try leads to; None when the password changed since it was read: to be tried again.

        What was read before the hash is read again: of many tries at once, those after the lock are worth nothing.
        """
        moment = self._clock()
        async with self._database.write() as connection:
            known = await self._credentials(connection, who)
            if known is not None and (wait := seconds_until(known.locked_until, moment)):
                return _locked(wait)
            if known is not None and (tried is None or known.password_hash != tried.password_hash):
                return None
            if known is not None and right and not known.disabled:
                return await settle(connection, known, moment)
            await self._fail(connection, known, moment)
            return _refused(_REFUSED)

    async def _hash_again(self, known: Credentials, password: str) -> None:
        renewed = await self._hashing.hash(password)
        async with self._database.write() as connection:
            await store.replace_hash(connection, known.id, known.password_hash, renewed)

    async def _credentials(self, connection: AsyncConnection, who: str | int) -> Credentials | None:
        if isinstance(who, str) and not LOGIN.fullmatch(who):
            return None
        return await store.find_credentials(connection, self._cipher, who)

    async def _wait(
        self, who: str | int, known: Credentials | None, moment: datetime, address_word: str | None
    ) -> int:
        of_address = await self._addresses.wait(address_word, moment) if address_word is not None else 0
        # Asked for known logins too: a Redis that is slow must not tell which are known.
        of_unknown = await self._unknown.wait(who, moment) if isinstance(who, str) else 0
        of_login = seconds_until(known.locked_until, moment) if known is not None else of_unknown
        return max(of_address, of_login)

    async def _fail(self, connection: AsyncConnection, known: Credentials | None, moment: datetime) -> None:
        """Count a failure; one on a login that nobody has is written down too, which takes the same time."""
        await journal.note(connection, journal.SIGN_IN_REFUSED, known.id if known else None, at=moment)
        if known is None:
            return
        failures = known.failures + 1
        lock = lock_after(failures)
        await store.update_account(
            connection, known.id, failures=failures, locked_until=moment + lock if lock else None
        )
        if lock:
            log.warning("account_locked", account=known.id, seconds=int(lock.total_seconds()))

    async def _welcome(self, connection: AsyncConnection, account_id: int, moment: datetime) -> SignIn:
        """Open a whole session; only now are the failures forgotten, so a password alone does not free the codes."""
        await store.update_account(connection, account_id, failures=0, locked_until=None)
        await journal.note(connection, journal.SIGNED_IN, account_id, at=moment)
        token = await sessions.open_session(connection, self._cipher, account_id, is_whole=True, at=moment)
        return SignIn(SignInState.OK, token)


def tidy_login(login: str) -> str:
    """Return a login as it is stored and compared: without capitals nor spaces around, 65 characters at most."""
    return login.strip().lower()[:65]


def find_step(secret: str, code: str, moment: datetime) -> int | None:
    """Return the step of 30 s that a code is of, near `moment` (UTC, without a timezone), or None."""
    digits = "".join(code[:20].split())  # apps show « 123 456 »
    if not _CODE.fullmatch(digits):
        return None
    totp = pyotp.TOTP(secret)
    present = totp.timecode(moment.replace(tzinfo=UTC))
    steps = range(present - CODE_STEPS, present + CODE_STEPS + 1)
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
    return found[-1] if found else None


def _refused(sentence: str) -> SignIn:
    metrics.note_sign_in_refused(locked=False)
    return SignIn(SignInState.REFUSED, sentence=sentence)


def _locked(seconds: int) -> SignIn:
    metrics.note_sign_in_refused(locked=True)
    minutes = -(-seconds // 60)
    plural = "s" if minutes > 1 else ""
    sentence = f"Trop d'essais. Réessayez dans {minutes} minute{plural}."
    return SignIn(SignInState.LOCKED, seconds=seconds, sentence=sentence)
