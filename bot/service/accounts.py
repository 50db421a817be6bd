"""Accounts of the console: who there is, what each may do, their password, their code and their preferences."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import pyotp
from opening_hours import validate as is_opening_hours
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.passwords import PasswordRefused, check_password
from bot.service.sign_in import LOGIN, SignIn, SignIns, SignInState, find_step, tidy_login
from bot.store import accounts as store
from bot.store import journal, sessions
from bot.store.accounts import Account, Role, Totp

ISSUER = "Accès aux droits"
"""What an app of one-time codes shows above the code."""
LONGEST_NAME = 80
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without its angle brackets
LONGEST_HOURS = 200
_EMAIL = re.compile(r"[^\s@<>,;:\"\\]+@[^\s@<>,;:\"\\.]+(?:\.[^\s@<>,;:\"\\.]+)+")


class Right(StrEnum):
    """What can be done at the console."""

    ANSWER = "answer"
    """Take requests and answer them."""
    REPORT = "report"
    """See what is counted, and export it."""
    ALERTS = "alerts"
    """Be told of a request that nobody took in time."""
    DESK = "desk"
    """Use the assistant at a desk, with somebody there."""
    ACCOUNTS = "accounts"
    """Make accounts, close them, and give passwords."""


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: frozenset({Right.DESK}),
    Role.OPERATEUR: frozenset({Right.DESK, Right.ANSWER}),
    Role.RESPONSABLE: frozenset(Right),
}


class AccountProblem(Exception):
    """Something an account cannot be or have; the message says what to do, in French."""


class UnknownAccount(AccountProblem):
    """Nobody has this login or this id."""


class LoginTaken(AccountProblem):
    """Somebody has this login already."""


@dataclass(frozen=True, repr=False)
class TotpStart:
    """What an app of one-time codes needs: an address to show as a QR code, or the secret to type."""

    uri: str
    secret: str


def may(account: Account, right: Right) -> bool:
    """Tell whether somebody may do something: nothing until a password given by somebody else is changed."""
    return not account.disabled and not account.must_change and right in RIGHTS[account.role]


class Accounts(SignIns):
    """Accounts, and signing in with them (bot/service/sign_in.py). Several processes may share the database."""

    async def create(
        self,
        login: str,
        role: Role,
        name: str,
        email: str | None = None,
        *,
        password: str,
        must_change: bool = True,
        by: int | None = None,
    ) -> Account:
        """Create an account; `by` is who does it at the console. Raises AccountProblem (LoginTaken), PasswordRefused."""
        login, name, email = tidy_login(login), _tidy_name(name), _tidy_email(email)
        if not LOGIN.fullmatch(login):
            raise AccountProblem(
                "Cet identifiant ne convient pas : 64 caractères au plus, des lettres sans accent, des chiffres, "
                "et entre eux des points ou des traits."
            )
        check_password(password, login)
        hashed = await self._hashing.hash(password)
        moment = self._clock()
        async with self._database.write() as connection:
            if await store.find_login(connection, self._cipher, login):
                raise LoginTaken(f"L'identifiant {login} est déjà pris. Choisissez-en un autre.")
            account_id = await store.insert_account(
                connection,
                self._cipher,
                login=login,
                role=role,
                name=name,
                email=email,
                password_hash=hashed,
                must_change=must_change,
                at=moment,
            )
            await _note(connection, journal.ACCOUNT_CREATED, account_id, by, moment)
        return await self.get(account_id)

    async def get(self, account_id: int) -> Account:
        """Return an account. Raises UnknownAccount."""
        async with self._database.read() as connection:
            account = await store.find_account(connection, self._cipher, account_id)
        if account is None:
            raise UnknownAccount("Ce compte n'existe pas.")
        return account

    async def get_by_login(self, login: str) -> Account:
        """Return an account. Raises UnknownAccount."""
        tidy = tidy_login(login)
        async with self._database.read() as connection:
            known = LOGIN.fullmatch(tidy) and await store.find_login(connection, self._cipher, tidy)
        if not known:
            raise UnknownAccount(f"Personne n'a l'identifiant {tidy}. La liste : bot comptes liste")
        return known

    async def list_accounts(self) -> list[Account]:
        """Return every account, by login."""
        async with self._database.read() as connection:
            return await store.list_accounts(connection, self._cipher)

    async def set_password(
        self, account_id: int, password: str, *, must_change: bool = True, by: int | None = None
    ) -> None:
        """Give somebody else's account a password: locks and sessions end. Raises PasswordRefused, UnknownAccount."""
        account = await self.get(account_id)
        check_password(password, account.login)
        hashed = await self._hashing.hash(password)
        moment = self._clock()
        values = {"password_hash": hashed, "must_change": must_change, "failures": 0, "locked_until": None}
        async with self._database.write() as connection:
            await store.update_account(connection, account_id, **values)
            await sessions.close_all(connection, account_id)
            await _note(connection, journal.PASSWORD_GIVEN, account_id, by, moment)

    async def change_password(self, token: str, current: str, new: str) -> SignIn:
        """Change one's own password: OK gives a new token, and every session of before is dead.

        REFUSED and LOCKED are about `current`, GONE about the session. Raises PasswordRefused about `new`.
        """
        signed = await self.find(token)
        if signed is None:
            return SignIn(SignInState.GONE, sentence="Votre session est finie. Connectez-vous à nouveau.")
        account = signed.account
        check_password(new, account.login)
        confirmed = await self.confirm_password(account.id, current)
        if confirmed.state is not SignInState.OK:
            return confirmed
        if new == current:
            raise PasswordRefused("C'est déjà votre mot de passe. Choisissez-en un autre.")
        hashed = await self._hashing.hash(new)
        moment = self._clock()
        async with self._database.write() as connection:
            await store.update_account(connection, account.id, password_hash=hashed, must_change=False)
            await sessions.close_all(connection, account.id)
            await journal.note(connection, journal.PASSWORD_CHANGED, account.id, at=moment)
            renewed = await sessions.open_session(
                connection, self._cipher, account.id, is_whole=True, at=moment
            )
        return SignIn(SignInState.OK, renewed)

    async def disable(self, account_id: int, by: int | None = None) -> None:
        """Close an account, and its sessions at once; what it did stays. Raises UnknownAccount."""
        await self._update(account_id, journal.ACCOUNT_DISABLED, by, disabled=True)

    async def enable(self, account_id: int, by: int | None = None) -> None:
        """Open an account again, without the lock it may have had. Raises UnknownAccount."""
        opened = {"disabled": False, "failures": 0, "locked_until": None}
        await self._update(account_id, journal.ACCOUNT_ENABLED, by, **opened)

    async def rename(self, account_id: int, display_name: str) -> None:
        """Write the name that people and colleagues see. Raises AccountProblem."""
        await self._update(account_id, name_enc=self._cipher.seal(_tidy_name(display_name)))

    async def set_email(self, account_id: int, email: str | None) -> None:
        """Write where alerts are sent; None or empty: nowhere. Raises AccountProblem."""
        tidy = _tidy_email(email)
        await self._update(account_id, email_enc=self._cipher.seal(tidy) if tidy else None)

    async def set_hours(self, account_id: int, osm_hours: str) -> None:
        """Write when somebody works (OpenStreetMap's opening_hours); empty: the hours of the office.

        Raises AccountProblem.
        """
        hours = osm_hours.strip()
        if hours and (len(hours) > LONGEST_HOURS or not is_opening_hours(hours)):
            raise AccountProblem(
                "Ces horaires ne se lisent pas. Écrivez-les par exemple ainsi : Mo-Fr 09:00-12:00,14:00-17:00"
            )
        await self._update(account_id, hours=hours)

    async def set_shortcuts(self, account_id: int, shortcuts: bool) -> None:  # noqa: FBT001 - the value itself
        """Turn the keyboard shortcuts on or off. Raises UnknownAccount."""
        await self._update(account_id, shortcuts=shortcuts)

    async def start_totp(self, account_id: int) -> TotpStart:
        """Make a one-time secret; until a code confirms it, whatever was asked at sign-in goes on being asked.

        Raises UnknownAccount.
        """
        account = await self.get(account_id)
        secret = pyotp.random_base32()
        async with self._database.write() as connection:
            known = await self._known(connection, account_id)
            totp = Totp(known.totp.secret, secret)
            await store.set_totp(connection, self._cipher, account_id, totp, step=known.totp_step)
        return TotpStart(_uri(secret, account.login), secret)

    async def confirm_totp(self, account_id: int, code: str) -> bool:
        """Ask for codes from now on, if this one is of the secret shown last; it cannot serve again to sign in.

        Raises UnknownAccount.
        """
        moment = self._clock()
        async with self._database.write() as connection:
            pending = (await self._known(connection, account_id)).totp.pending
            step = find_step(pending, code, moment) if pending else None
            if step is None:
                return False
            await store.set_totp(connection, self._cipher, account_id, Totp(pending), step=step)
            await journal.note(connection, journal.TOTP_ON, account_id, at=moment)
        return True

    async def pending_totp(self, account_id: int) -> TotpStart | None:
        """Return again the secret shown last, while no code confirmed it. Raises UnknownAccount."""
        async with self._database.read() as connection:
            known = await self._known(connection, account_id)
        secret = known.totp.pending
        return TotpStart(_uri(secret, known.login), secret) if secret else None

    async def drop_totp(self, account_id: int, by: int | None = None) -> None:
        """Ask for no code any more. Raises UnknownAccount."""
        await self._update(account_id, journal.TOTP_OFF, by, totp_enc=None, totp_step=None)

    async def trail(
        self, account_id: int, limit: int = 100, actions: Collection[str] = journal.ACTIONS
    ) -> list[journal.Entry]:
        """Return the last things an account did, newest first."""
        async with self._database.read() as connection:
            return await journal.list_of(connection, account_id, limit, actions)

    async def last_sign_ins(self) -> dict[int, datetime]:
        """Return when each account signed in last, as far as the journal goes back."""
        async with self._database.read() as connection:
            return await journal.last_of(connection, journal.SIGNED_IN)

    async def _known(self, connection: Any, account_id: int) -> store.Credentials:
        known = await self._credentials(connection, account_id)
        if known is None:
            raise UnknownAccount("Ce compte n'existe pas.")
        return known

    async def _update(
        self, account_id: int, action: str | None = None, by: int | None = None, **values: Any
    ) -> None:
        moment = self._clock()
        async with self._database.write() as connection:
            if not await store.update_account(connection, account_id, **values):
                raise UnknownAccount("Ce compte n'existe pas.")
            if values.get("disabled"):
                await sessions.close_all(connection, account_id)
            if action:
                await _note(connection, action, account_id, by, moment)


async def _note(
    connection: AsyncConnection, action: str, account_id: int, by: int | None, moment: datetime
) -> None:
    """Note what was done to an account under it, and under who did it with the account's number."""
    await journal.note(connection, action, account_id, at=moment)
    if by is not None:
        await journal.note(connection, action, by, f"compte {account_id}", at=moment)


def _uri(secret: str, login: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def _tidy_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise AccountProblem(f"Écrivez un nom de 1 à {LONGEST_NAME} caractères.")
    return tidy


def _tidy_email(email: str | None) -> str | None:
    tidy = (email or "").strip()
    if not tidy:
        return None
    if len(tidy) > LONGEST_EMAIL or not tidy.isprintable() or not _EMAIL.fullmatch(tidy):
        raise AccountProblem("Cette adresse de courriel ne convient pas. Exemple : prenom.nom@exemple.fr")
    return tidy
