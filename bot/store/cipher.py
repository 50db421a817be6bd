"""Encrypt what identifies, and hash what must be looked up without being readable."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CipherError(Exception):
    """The keys are missing, unreadable or do not open what is stored."""


class Cipher:
    """Fernet (AES-128-CBC with HMAC-SHA256). The first key encrypts; the others still open what is old."""

    def __init__(self, keys: list[bytes], hash_key: bytes) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._hash_key = hash_key

    def seal(self, value: Any) -> bytes:
        """Return a JSON value encrypted."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Return the JSON value again. Raises CipherError when no key opens it."""
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise CipherError("aucune clé n'ouvre cette donnée : la clé a-t-elle changé ?") from error

    def digest(self, value: str) -> str:
        """Return the keyed hash (HMAC-SHA256, hex) under which a token or an address is looked up."""
        return hmac.new(self._hash_key, value.encode(), hashlib.sha256).hexdigest()


def load_cipher(folder: Path) -> Cipher:
    """Read the keys of `folder`, made at first use and readable by their owner only.

    Raises CipherError when a key file is there and cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    encryption = _read_or_create(folder / "chiffrement.cle", Fernet.generate_key)
    hashing = _read_or_create(folder / "hachage.cle", lambda: secrets.token_hex(32).encode())
    try:
        return Cipher(encryption.split(), hashing.strip())
    except ValueError as error:
        raise CipherError(f"clé illisible dans {folder} : remettez la sauvegarde de ce dossier") from error


def _read_or_create(path: Path, make: Any) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    except OSError as error:
        raise CipherError(f"impossible d'écrire la clé {path} : {error.strerror}") from error
    key: bytes = make()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key
