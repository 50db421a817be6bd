"""Encryption at rest: keys made once, old keys still open, other keys do not."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.store.cipher import Cipher, CipherError, load_cipher

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
CIPHER = Cipher([Fernet.generate_key()], b"secret")


@given(json_values)
def test_what_is_sealed_opens_unchanged(value: Any) -> None:
    assert CIPHER.open(CIPHER.seal(value)) == value


@given(st.text("abcdefghijklmnopqrstuvwxyz ", min_size=12))
def test_nothing_sealed_can_be_read(text: str) -> None:
    assert text.encode() not in CIPHER.seal({"text": text})


def test_the_same_words_are_never_sealed_alike() -> None:
    assert CIPHER.seal("bonjour") != CIPHER.seal("bonjour")


def test_another_key_does_not_open() -> None:
    with pytest.raises(CipherError, match="la clé a-t-elle changé"):
        Cipher([Fernet.generate_key()], b"secret").open(CIPHER.seal("bonjour"))


def test_what_was_altered_does_not_open() -> None:
    sealed = bytearray(CIPHER.seal("bonjour"))
    sealed[30] ^= 1
    with pytest.raises(CipherError):
        CIPHER.open(bytes(sealed))


def test_an_old_key_still_opens_and_the_first_one_seals() -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    sealed = Cipher([old], b"secret").seal("bonjour")
    both = Cipher([new, old], b"secret")
    assert both.open(sealed) == "bonjour"
    assert Cipher([new], b"secret").open(both.seal("rebonjour")) == "rebonjour"


def test_a_digest_is_stable_keyed_and_says_nothing() -> None:
    assert CIPHER.digest("jeton") == CIPHER.digest("jeton") != CIPHER.digest("autre")
    assert Cipher([Fernet.generate_key()], b"autre").digest("jeton") != CIPHER.digest("jeton")
    assert "jeton" not in CIPHER.digest("jeton")
    assert len(CIPHER.digest("jeton")) == 64


def test_the_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "cles"
    sealed = load_cipher(folder).seal("bonjour")
    assert load_cipher(folder).open(sealed) == "bonjour"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("content", [b"", b"\n", b"pas une cle", b"YQ==\n"])
def test_a_spoiled_key_is_told_with_its_folder(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "cles"
    load_cipher(folder)
    (folder / "chiffrement.cle").write_bytes(content)
    with pytest.raises(CipherError, match="clé illisible dans"):
        load_cipher(folder)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "cles"
    folder.mkdir()
    (folder / "chiffrement.cle").symlink_to(folder / "absent" / "cle")  # nothing can be made there
    with pytest.raises((CipherError, OSError)):
        load_cipher(folder)
