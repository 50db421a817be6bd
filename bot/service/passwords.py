"""Passwords of the console: what is asked of one, how it is kept, and one made up.

Length and a list of common ones, no rule of composition, no end date (NIST SP 800-63B section 5.1.1.2; ANSSI,
« Recommandations relatives à l'authentification multifacteur et aux mots de passe », 2021).
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.service.common_passwords import COMMON

SHORTEST = 12
LONGEST = 256
"""Beyond what anyone types or keeps; what is longer is not hashed, so that it costs nothing."""
FEWEST_DIFFERENT = 4
"""Characters that differ from each other: « aaaaaaaaaaaa » is no password."""
AT_ONCE = 2
"""Passwords checked at the same time: a burst of sign-ins holds 38 MiB and two threads, and answers go on."""

# OWASP, Password Storage Cheat Sheet: 19 MiB of memory, 2 iterations, 1 degree of parallelism.
_OWASP = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)

_DIGITS = "0123456789"
_COPIED = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for another when copied: i l o 0 1
_GROUPS, _GROUP = 4, 5


class PasswordRefused(Exception):
    """A password that must not be used; the message says why, in French."""


class PasswordHashing:
    """Argon2id, in threads, at most AT_ONCE at a time."""

    def __init__(self, hasher: PasswordHasher = _OWASP) -> None:
        self._hasher = hasher
        self.turn = asyncio.Semaphore(AT_ONCE)
        # Verified when nobody has the login: the answer comes after the same time.
        self._nobody = hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Return the hash to store of a password already checked."""
        async with self.turn:
            return await asyncio.to_thread(self._hasher.hash, _as_bytes(password))

    async def verify_in_turn(self, stored: str | None, password: str) -> bool:
        """Tell whether a password is the one stored, always after one verification; the caller holds `turn`."""
        if len(password) > LONGEST:
            stored, password = None, ""
        right = await asyncio.to_thread(self._verify, stored or self._nobody, password)
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _as_bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str, login: str) -> None:
    """Raise PasswordRefused when a new password is too short, too long, the login or a common one."""
    if max(len(password), len(_normal(password))) > LONGEST:
        raise PasswordRefused(f"Ce mot de passe est trop long : {LONGEST} caractères au plus.")
    if len(_normal(password)) < SHORTEST:
        raise PasswordRefused(f"Ce mot de passe est trop court : {SHORTEST} caractères au moins.")
    words = _made_of(password)
    if words & _made_of(login):
        raise PasswordRefused("Ce mot de passe ressemble à votre identifiant. Choisissez-en un autre.")
    if words & COMMON or len(set(_normal(password).casefold())) < FEWEST_DIFFERENT:
        raise PasswordRefused(
            "Ce mot de passe est trop courant. Choisissez-en un autre, par exemple quatre mots sans lien entre eux."
        )


def make_password() -> str:
    """Return a password made up: 99 bits, in groups that can be copied by hand."""
    groups = ("".join(secrets.choice(_COPIED) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _normal(password: str) -> str:
    # Two keyboards write the same é differently (NIST SP 800-63B asks for NFKC or NFKD before hashing).
    return unicodedata.normalize("NFKC", password)


def _as_bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _made_of(text: str) -> set[str]:
    """Return what a text says without its accents, capitals, signs, repetitions and the digits around a word."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    compact = "".join(letter for letter in letters if letter.isalnum())
    once = _period(compact)
    shapes = {compact, once, once * 2}  # « doudou » is itself a repetition
    words = shapes | {shape.strip(_DIGITS) for shape in shapes} | {_period(compact.strip(_DIGITS))}
    return words - {""}


def _period(text: str) -> str:
    """Return what a text repeats from end to end, or the text itself."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found.group(1) if found else text
