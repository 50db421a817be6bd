"""Passwords: long rather than twisted, none that everybody has, and never more than two hashes at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import CHEAPEST
from hypothesis import given
from hypothesis import strategies as st

from bot.service.common_passwords import COMMON
from bot.service.passwords import (
    LONGEST,
    SHORTEST,
    PasswordHashing,
    PasswordRefused,
    check_password,
    make_password,
)

GOOD = "lampe tiroir vélo nuage"


class Gated(PasswordHasher):
    """A hasher that ends when it is told to."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=16, parallelism=1)
        self.gate = threading.Event()
        self.gate.set()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        assert self.gate.wait(10)
        return super().hash(password, salt=salt)


class Counted(ThreadPoolExecutor):
    """Threads that know how many calls they were given."""

    given = 0

    def submit(self, *args, **kwargs):
        self.given += 1
        return super().submit(*args, **kwargs)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct cheval batterie",
        "élève-école-été-noël",
        "x7Kp2mQz9LwB",
        "密码很长的一句话你好世界",
        "pass word manager",
    ],
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_password(password, "dupont")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "trop court"),
        ("Azerty1!", "trop court"),
        ("a" * (SHORTEST - 1), "trop court"),
        ("a" * (LONGEST + 1), "trop long"),
        ("ﷺ" * 100, "trop long"),
        ("jean.petit-12", "identifiant"),
        ("JEAN.PETIT2024!", "identifiant"),
        ("petit.jean.petit.jean", "ok"),
        ("jean petit jean petit", "identifiant"),
        ("motdepasse2024", "trop courant"),
        ("Mot de passe 2024 !", "trop courant"),
        ("azertyuiop123", "trop courant"),
        ("Azerty1234567890", "trop courant"),
        ("azertyazertyazerty", "trop courant"),
        ("azerty2024azerty2024", "trop courant"),
        ("123456123456", "trop courant"),
        ("password-password", "trop courant"),
        ("................", "trop courant"),
        ("ababababababab", "trop courant"),
    ],
)
def test_a_password_that_can_be_guessed_is_refused_with_the_reason(password: str, said: str) -> None:
    if said == "ok":
        check_password(password, "jean.petit-12")
        return
    with pytest.raises(PasswordRefused, match=said):
        check_password(password, "jean.petit-12")


def test_every_common_word_is_written_as_it_is_compared() -> None:
    assert len(COMMON) >= 100
    for word in COMMON:
        assert word.isascii()
        assert word == "".join(letter for letter in word.casefold() if letter.isalnum())
        padded = word * -(-SHORTEST // len(word))
        with pytest.raises(PasswordRefused, match="courant"):
            check_password(padded, "dupont")


def test_passwords_made_up_are_accepted_and_differ() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, "dupont")


@given(password=st.text(max_size=400), login=st.text(max_size=64))
def test_any_text_is_either_taken_or_refused_in_words(password: str, login: str) -> None:
    try:
        check_password(password, login)
    except PasswordRefused as refused:
        assert str(refused).startswith("Ce mot de passe")
    else:
        assert len(password) <= LONGEST


@given(password=st.text(st.characters(), max_size=40))
async def test_any_text_is_verified_as_itself_and_nothing_else(password: str) -> None:
    hashing = PasswordHashing(PasswordHasher.from_parameters(CHEAPEST))
    stored = await hashing.hash(password)
    assert await hashing.verify_in_turn(stored, password)
    assert not await hashing.verify_in_turn(stored, password + "x")
    assert not await hashing.verify_in_turn(None, password)


async def test_the_same_letter_written_by_another_keyboard_is_the_same_password() -> None:
    hashing = PasswordHashing(PasswordHasher.from_parameters(CHEAPEST))
    stored = await hashing.hash("tre\u0301s long mot choisi")
    assert await hashing.verify_in_turn(stored, "tr\u00e9s long mot choisi")


async def test_what_is_too_long_is_never_right_and_costs_no_more() -> None:
    hashing = PasswordHashing(PasswordHasher.from_parameters(CHEAPEST))
    stored = await hashing.hash("x" * 300)
    assert not await hashing.verify_in_turn(stored, "x" * 300)
    assert not await hashing.verify_in_turn(stored, "x" * 10_000_000)


@pytest.mark.parametrize("stored", ["", "pas un hash", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
async def test_a_hash_that_cannot_be_read_lets_nobody_in(stored: str) -> None:
    hashing = PasswordHashing(PasswordHasher.from_parameters(CHEAPEST))
    assert not await hashing.verify_in_turn(stored, GOOD)


async def test_the_parameters_are_those_of_owasp_and_older_ones_are_known_as_such() -> None:
    hashing = PasswordHashing()
    stored = await hashing.hash(GOOD)
    parameters = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert not hashing.is_outdated(stored)
    assert hashing.is_outdated(PasswordHasher.from_parameters(CHEAPEST).hash(GOOD))


async def test_no_more_than_two_passwords_are_hashed_at_once() -> None:
    threads, hasher = Counted(max_workers=10), Gated()
    asyncio.get_running_loop().set_default_executor(threads)
    hashing = PasswordHashing(hasher)
    hasher.gate.clear()
    tasks = [asyncio.create_task(hashing.hash(GOOD)) for _ in range(10)]
    for _ in range(5):
        await asyncio.sleep(0)  # each task goes as far as it can
    assert threads.given == 2
    hasher.gate.set()
    assert len(set(await asyncio.gather(*tasks))) == 10
    assert threads.given == 10
