"""Encrypt what identifies, and hash what must be looked up without being readable."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

ENCRYPTION = "chiffrement.cle"
NEXT = "chiffrement.suivante.cle"
HASHING = "hachage.cle"
LOOK_SECONDS = 1.0
"""Between two looks at the files: each costs tens of microseconds, and values are sealed by the dozen."""
_LEAST_DISTINCT = 8
"""Distinct bytes of a key: 32 drawn at random have fewer once in 10^31, one typed by hand often has."""
_LEAST_HASH_KEY = 32


class CipherError(Exception):
    """The keys are missing, weak, unreadable or do not open what is stored."""


class Cipher:
    """Fernet (AES-128-CBC with HMAC-SHA256). The first key encrypts; the others still open what is old.

    With a `folder`, keys changed there by another process are taken up within `LOOK_SECONDS` for what is sealed, at once
    for what does not open.
    """

    def __init__(self, keys: list[bytes], hash_key: bytes, folder: Path | None = None) -> None:
        self._fernets = [Fernet(key) for key in keys]
        self._fernet = MultiFernet(self._fernets)
        self._hash_key = hash_key
        self._folder = folder
        self._mark = _mark_of(folder)
        self._looked_at = time.monotonic()

    def seal(self, value: Any) -> bytes:
        """Return a JSON value encrypted with the first key."""
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._take_up_changes()
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Return the JSON value again. Raises CipherError when no key opens it."""
        try:
            return json.loads(self._decrypt(sealed))
        except InvalidToken as error:
            raise CipherError("aucune clé n'ouvre cette donnée : la clé a-t-elle changé ?") from error

    def _decrypt(self, sealed: bytes) -> bytes:
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            if not self._take_up_changes():
                raise
            return self._fernet.decrypt(sealed)

    def digest(self, value: str) -> str:
        """Return the keyed hash (HMAC-SHA256, hex) under which a token or an address is looked up."""
        return hmac.new(self._hash_key, value.encode(), hashlib.sha256).hexdigest()

    def key_of(self, sealed: bytes) -> int | None:
        """Return the place of the key that opens a value, 0 for the one that encrypts now, None when none does."""
        for place, fernet in enumerate(self._fernets):
            with suppress(InvalidToken):
                fernet.decrypt(sealed)
                return place
        return None

    def seal_again(self, sealed: bytes) -> bytes:
        """Return the same value, sealed with the first key. Raises CipherError when no key opens it."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise CipherError("aucune clé n'ouvre cette donnée : la clé a-t-elle changé ?") from error

    def _take_up_changes(self) -> bool:
        """Read the keys again when their files changed; tell whether they did. Unreadable ones leave things as they are."""
        self._looked_at = time.monotonic()
        if self._folder is None or (mark := _mark_of(self._folder)) == self._mark:
            return False
        with suppress(CipherError, OSError):
            self._fernets = [Fernet(key) for key in read_keys(self._folder)]
            self._fernet = MultiFernet(self._fernets)
            self._mark = mark
            return True
        return False


def load_cipher(folder: Path) -> Cipher:
    """Read the keys of `folder`, made at first use and readable by their owner only.

    Raises CipherError when a key file is there and cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CipherError(f"impossible de créer le dossier des clés {folder} : {error.strerror}") from error
    _create_unless_there(folder / ENCRYPTION, Fernet.generate_key)
    _create_unless_there(folder / HASHING, lambda: secrets.token_hex(32).encode())
    hash_key = _read(folder / HASHING).strip()
    if len(hash_key) < _LEAST_HASH_KEY or len(set(hash_key)) < _LEAST_DISTINCT:
        raise CipherError(
            f"clé illisible dans {folder} : {HASHING} est vide ou trop simple ; remettez la sauvegarde de ce dossier"
        )
    return Cipher(read_keys(folder), hash_key, folder)


def read_keys(folder: Path) -> list[bytes]:
    """Return the encryption keys: the one that encrypts, older ones, then one made ready for later. Raises CipherError."""
    keys = _read(folder / ENCRYPTION).split()
    following = _read(folder / NEXT).split() if (folder / NEXT).exists() else []
    if not keys:
        raise CipherError(
            f"clé illisible dans {folder} : {ENCRYPTION} est vide ; remettez la sauvegarde de ce dossier"
        )
    every = list(dict.fromkeys((*keys, *following)))
    for key in every:
        _check(key, folder)
    return every


def write_keys(folder: Path, keys: list[bytes], name: str = ENCRYPTION) -> None:
    """Write keys to a file, whole or not at all, on disk when this returns. Raises CipherError."""
    path = folder / name
    draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        _write(draft, b"\n".join(keys) + b"\n")
        draft.replace(path)
        _sync(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CipherError(f"impossible d'écrire la clé {path} : {error.strerror}") from error


def remove_next(folder: Path) -> None:
    """Remove the file of a key made ready, once that key is in use."""
    (folder / NEXT).unlink(missing_ok=True)
    _sync(folder)


def _check(key: bytes, folder: Path) -> None:
    try:
        Fernet(key)
    except ValueError as error:
        raise CipherError(f"clé illisible dans {folder} : remettez la sauvegarde de ce dossier") from error
    if len(set(base64.urlsafe_b64decode(key))) < _LEAST_DISTINCT:
        raise CipherError(f"clé trop simple dans {folder} : faites-en une avec « bot cles renouveler »")


def _read(path: Path) -> bytes:
    """Return a key file. Raises CipherError when it cannot be read, or others than its owner and group may."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXO | stat.S_IWGRP):
            raise CipherError(f"la clé {path} est ouverte à d'autres comptes : lancez « chmod 600 {path} »")
        return path.read_bytes()
    except OSError as error:
        raise CipherError(f"impossible de lire la clé {path} : {error.strerror}") from error


def _create_unless_there(path: Path, make: Callable[[], bytes]) -> None:
    try:
        _write(path, make() + b"\n")
    except FileExistsError:
        return
    except OSError as error:
        if not path.exists():  # a folder that is only read, with its keys in it, is as it should be
            raise CipherError(f"impossible d'écrire la clé {path} : {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mark_of(folder: Path | None) -> tuple[tuple[int, int, int] | None, ...]:
    """Return what changes with the key files."""
    return () if folder is None else tuple(_mark_of_file(folder / name) for name in (ENCRYPTION, NEXT))


def _mark_of_file(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
