"""Signing in: refusals that tell nothing, locks that end, codes that serve once, sessions that die."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service.sign_in import SignInState, find_step
from bot.store import accounts as store
from bot.store import journal
from bot.store.desk_schema import journal as journal_table
from bot.store.desk_schema import sessions as session_table
from tests.bot.service.console import OTHER, PASSWORD, Console, Watched, open_console

OK, NEEDS_CODE, REFUSED, LOCKED, GONE = SignInState


@pytest.fixture
async def console(tmp_path: Path, store_url: str) -> AsyncIterator[Console]:
    """Accounts, at nine in the morning."""
    async with open_console(tmp_path, store_url, Watched()) as console:
        yield console


class Slow(Watched):
    """A hasher that begins to verify, and ends when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's name
        self.begun.set()
        assert self.go_on.wait(10)
        return super().verify(hash, password)


async def actions(console: Console, account_id: int | None) -> list[str]:
    query = sa.select(journal_table.c.action).where(journal_table.c.account_id.is_(account_id))
    async with console.database.read() as connection:
        if account_id is None:
            return [row.action for row in (await connection.execute(query)).all()]
        return [entry.action for entry in await journal.list_of(connection, account_id)]


async def test_the_right_password_opens_a_session(console: Console) -> None:
    account = await console.create()
    result = await console.sign_in(" Essai ")
    assert (result.state, result.seconds, result.sentence) == (OK, 0, "")
    signed = await console.accounts.find(result.token or "")
    assert signed
    assert signed.account == account
    assert (await actions(console, account.id))[0] == journal.SIGNED_IN


async def test_an_unknown_login_a_wrong_password_and_a_disabled_account_are_refused_alike(
    console: Console,
) -> None:
    await console.create()
    closed = await console.create("ferme")
    await console.accounts.disable(closed.id)
    results = [
        await console.sign_in("personne"),
        await console.sign_in("essai", "ce n'est pas lui"),
        await console.sign_in("ferme", PASSWORD),
        await console.sign_in("ferme", "ce n'est pas lui"),
        await console.sign_in("pas un identifiant !", PASSWORD),
        await console.sign_in("essai", PASSWORD + "x" * 10_000),
    ]
    assert {result.state for result in results} == {REFUSED}
    assert {(result.token, result.sentence) for result in results} == {
        (None, "Identifiant ou mot de passe incorrect. Vérifiez les deux, puis réessayez.")
    }


@pytest.mark.parametrize("login", ["essai", "personne", "pas un identifiant !", "ferme", ""])
async def test_one_hash_of_the_same_cost_is_verified_whoever_is_named(console: Console, login: str) -> None:
    await console.create()
    await console.accounts.disable((await console.create("ferme")).id)
    assert isinstance(console.hasher, Watched)
    hashed_before = console.hasher.hashed
    await console.sign_in(login, "ce n'est pas lui")
    (verified,) = console.hasher.verified
    assert console.hasher.hashed == hashed_before
    parameters = extract_parameters(verified)
    assert (parameters.time_cost, parameters.memory_cost) == (1, 16)


async def test_a_refusal_of_nobody_is_written_down_as_any_other(console: Console) -> None:
    account = await console.create()
    await console.sign_in("personne")
    await console.sign_in("essai", "ce n'est pas lui")
    assert await actions(console, None) == [journal.SIGN_IN_REFUSED]
    assert (await actions(console, account.id))[0] == journal.SIGN_IN_REFUSED


@pytest.mark.parametrize("login", ["essai", "personne"])
async def test_five_failures_lock_for_a_minute_then_longer_and_never_for_good(
    console: Console, login: str
) -> None:
    await console.create()
    assert {result.state for result in await console.fail(5, login)} == {REFUSED}
    for minutes in (1, 2, 4, 8, 15, 15):
        locked = await console.sign_in(login, PASSWORD)
        assert (locked.state, locked.seconds, locked.token) == (LOCKED, minutes * 60, None)
        assert locked.sentence == f"Trop d'essais. Réessayez dans {minutes} minute{'s' * (minutes > 1)}."
        console.clock.advance(minutes=minutes)
        if minutes < 15:
            assert [result.state for result in await console.fail(1, login)] == [REFUSED]
        elif login == "personne":
            await console.fail(1, login)
        else:
            assert (await console.sign_in(login)).state is OK
            break


async def test_tries_during_a_lock_do_not_make_it_longer_and_are_not_hashed(console: Console) -> None:
    await console.create()
    await console.fail(5)
    assert isinstance(console.hasher, Watched)
    console.hasher.verified.clear()
    assert {result.state for result in await console.fail(20)} == {LOCKED}
    assert console.hasher.verified == []
    console.clock.advance(seconds=60)
    assert (await console.sign_in()).state is OK


async def test_signing_in_forgets_the_failures_before(console: Console) -> None:
    await console.create()
    for _ in range(3):
        assert {result.state for result in await console.fail(4)} == {REFUSED}
        assert (await console.sign_in()).state is OK


async def test_a_lock_holds_in_another_process(console: Console) -> None:
    await console.create()
    await console.fail(5)
    assert (await console.again().sign_in("essai", PASSWORD, "ailleurs")).state is LOCKED


async def test_of_a_hundred_tries_at_once_only_five_are_worth_something(console: Console) -> None:
    account = await console.create()
    tries = [console.sign_in("essai", f"essai numéro {number}", f"adresse-{number}") for number in range(99)]
    results = await asyncio.gather(*tries, console.sign_in(address="dernier"))
    states = [result.state for result in results]
    assert states.count(REFUSED) == 5
    assert states.count(LOCKED) == 95
    assert (await actions(console, account.id)).count(journal.SIGN_IN_REFUSED) == 5


async def test_an_address_that_tries_many_logins_is_slowed_and_others_are_not(console: Console) -> None:
    await console.create()
    for number in range(100):
        await console.sign_in(f"personne{number}", PASSWORD, "liste")
    slowed = await console.sign_in(address="liste")
    assert (slowed.state, slowed.seconds) == (LOCKED, 15 * 60)
    assert (await console.sign_in(address="accueil")).state is OK
    console.clock.advance(minutes=15)
    assert (await console.sign_in(address="liste")).state is OK


async def test_forty_people_behind_one_address_all_sign_in(console: Console) -> None:
    for number in range(40):
        await console.create(f"agent{number}")
        await console.fail(2, f"agent{number}")
    results = await asyncio.gather(*(console.sign_in(f"agent{number}") for number in range(40)))
    assert {result.state for result in results} == {OK}
    assert len({result.token for result in results}) == 40


async def test_two_sign_ins_at_once_are_two_sessions(console: Console) -> None:
    await console.create()
    first, second = await asyncio.gather(console.sign_in(), console.sign_in())
    assert first.token != second.token
    for result in (first, second):
        assert await console.accounts.find(result.token or "")


async def test_a_hash_of_other_parameters_is_renewed_even_with_two_sign_ins_at_once(console: Console) -> None:
    account = await console.create()
    accounts = console.again(PasswordHasher(time_cost=2, memory_cost=32, parallelism=1))
    results = await asyncio.gather(*(accounts.sign_in("essai", PASSWORD, "accueil") for _ in range(4)))
    assert {result.state for result in results} == {OK}
    async with console.database.read() as connection:
        known = await store.find_credentials(connection, console.cipher, account.id)
    assert known
    assert extract_parameters(known.password_hash).memory_cost == 32
    assert (await accounts.sign_in("essai", PASSWORD, "accueil")).state is OK


async def test_a_wrong_password_renews_nothing(console: Console) -> None:
    account = await console.create()
    accounts = console.again(PasswordHasher(time_cost=2, memory_cost=32, parallelism=1))
    await accounts.sign_in("essai", OTHER, "accueil")
    async with console.database.read() as connection:
        known = await store.find_credentials(connection, console.cipher, account.id)
    assert known
    assert extract_parameters(known.password_hash).memory_cost == 16


async def test_a_password_replaced_while_it_is_being_checked_no_longer_opens(console: Console) -> None:
    account = await console.create()
    slow = Slow()
    trying = asyncio.create_task(console.again(slow).sign_in("essai", PASSWORD, "accueil"))
    await asyncio.to_thread(slow.begun.wait, 10)
    await console.accounts.set_password(account.id, OTHER)
    slow.go_on.set()
    assert (await trying).state is REFUSED


async def test_with_codes_the_password_alone_opens_nothing(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    half = await console.sign_in()
    assert half.state is NEEDS_CODE
    assert await console.accounts.find(half.token or "") is None
    assert await console.accounts.find_unfinished(half.token or "")
    console.clock.advance(seconds=30)
    whole = await console.accounts.give_code(half.token or "", console.code(secret))
    assert whole.state is OK
    assert await console.accounts.find(whole.token or "")


async def test_the_token_of_before_the_code_is_dead_after_it(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    half = (await console.sign_in()).token or ""
    console.clock.advance(seconds=30)
    whole = await console.accounts.give_code(half, console.code(secret))
    assert whole.token != half
    assert await console.accounts.find(half) is None
    assert await console.accounts.find_unfinished(half) is None
    console.clock.advance(seconds=30)
    assert (await console.accounts.give_code(half, console.code(secret))).state is GONE
    assert (await console.accounts.give_code(whole.token or "", console.code(secret))).state is GONE
    assert await console.accounts.find_unfinished(whole.token or "") is None


@pytest.mark.parametrize(("steps", "state"), [(-2, REFUSED), (-1, OK), (0, OK), (1, OK), (2, REFUSED)])
async def test_a_code_is_good_one_step_before_and_after_its_time(
    console: Console, steps: int, state: SignInState
) -> None:
    secret = await console.turn_totp_on(await console.create())
    console.clock.advance(minutes=10)
    half = (await console.sign_in()).token or ""
    assert (await console.accounts.give_code(half, console.code(secret, steps=steps))).state is state


async def test_a_code_serves_once(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    console.clock.advance(minutes=1)
    first, second, third = [(await console.sign_in()).token or "" for _ in range(3)]
    code = console.code(secret)
    assert (await console.accounts.give_code(first, code)).state is OK
    again = await console.accounts.give_code(second, code)
    assert again.state is REFUSED
    assert "déjà servi" in again.sentence
    older = console.code(secret, steps=-1)
    assert (await console.accounts.give_code(second, older)).state is REFUSED
    console.clock.advance(seconds=30)
    assert (await console.accounts.give_code(third, console.code(secret))).state is OK


async def test_a_code_given_twice_at_once_opens_one_session(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    console.clock.advance(minutes=1)
    tokens = [(await console.sign_in()).token or "" for _ in range(2)]
    code = console.code(secret)
    results = await asyncio.gather(*(console.accounts.give_code(token, code) for token in tokens))
    assert sorted(result.state for result in results) == [OK, REFUSED]


async def test_the_code_that_turned_codes_on_does_not_sign_in(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    half = (await console.sign_in()).token or ""
    assert (await console.accounts.give_code(half, console.code(secret))).state is REFUSED


async def test_wrong_codes_lock_the_account_and_the_password_does_not_unlock_it(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    console.clock.advance(minutes=1)
    wrong = "000000" if console.code(secret) != "000000" else "000001"
    states = []
    for _ in range(5):
        half = await console.sign_in()
        assert half.state is NEEDS_CODE
        states.append((await console.accounts.give_code(half.token or "", wrong)).state)
    assert states == [REFUSED] * 5
    assert (await console.accounts.give_code(half.token or "", console.code(secret))).state is LOCKED
    assert (await console.sign_in()).state is LOCKED
    console.clock.advance(minutes=1)
    assert (await console.accounts.give_code(half.token or "", console.code(secret))).state is OK


async def test_the_time_to_give_a_code_is_bounded(console: Console) -> None:
    secret = await console.turn_totp_on(await console.create())
    half = (await console.sign_in()).token or ""
    console.clock.advance(minutes=10)
    late = await console.accounts.give_code(half, console.code(secret))
    assert late.state is GONE
    assert late.sentence.startswith("Le temps pour vous connecter est passé.")


async def test_a_session_begun_before_codes_were_dropped_is_begun_again(console: Console) -> None:
    account = await console.create()
    secret = await console.turn_totp_on(account)
    half = (await console.sign_in()).token or ""
    await console.accounts.drop_totp(account.id)
    assert (await console.accounts.give_code(half, console.code(secret))).state is GONE
    assert (await console.sign_in()).state is OK


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5", "9" * 10_000, "\udc80"]
)
def test_what_is_no_code_is_of_no_step(console: Console, code: str) -> None:
    assert find_step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, console.clock.now) is None


def test_a_code_is_read_with_the_space_that_apps_show(console: Console) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    code = console.code(secret)
    assert find_step(secret, f" {code[:3]} {code[3:]} ", console.clock.now)


async def test_a_session_is_touched_once_a_minute_at_most(console: Console) -> None:
    await console.create()
    token = await console.token()
    start = console.clock.now

    async def last_at() -> object:
        async with console.database.read() as connection:
            return (await connection.execute(sa.select(session_table.c.last_at))).scalar()

    console.clock.advance(seconds=59)
    await console.accounts.find(token)
    assert await last_at() == start
    console.clock.advance(seconds=1)
    await console.accounts.find(token)
    assert await last_at() == console.clock.now


async def test_a_day_of_work_is_one_session_and_the_next_is_another(console: Console) -> None:
    await console.create()
    token = await console.token()
    for _ in range(4):
        console.clock.advance(hours=4, minutes=59)
        assert await console.accounts.find(token)
    console.clock.advance(minutes=4)
    assert await console.accounts.find(token) is None


async def test_a_session_nobody_uses_ends_by_the_next_morning(console: Console) -> None:
    await console.create()
    token = await console.token()
    console.clock.advance(hours=12)
    assert await console.accounts.find(token) is None


async def test_signing_out_ends_one_session_and_everywhere_all_of_them(console: Console) -> None:
    account = await console.create()
    first, second, third = [await console.token() for _ in range(3)]
    await console.accounts.sign_out(first)
    await console.accounts.sign_out(first)
    await console.accounts.sign_out("inconnu")
    assert await console.accounts.find(first) is None
    assert await console.accounts.find(second)
    assert (await actions(console, account.id)).count(journal.SIGNED_OUT) == 1
    assert await console.accounts.sign_out_everywhere(account.id) == 2
    assert await console.accounts.find(third) is None


async def test_the_sessions_of_an_account_die_when_it_is_disabled_and_do_not_come_back(
    console: Console,
) -> None:
    account, colleague = await console.create(), await console.create("collegue")
    token, other = await console.token(), await console.token("collegue")
    await console.accounts.disable(account.id)
    assert await console.accounts.find(token) is None
    await console.accounts.enable(account.id)
    assert await console.accounts.find(token) is None
    assert await console.accounts.find(other)
    assert colleague.id != account.id


async def test_an_account_disabled_between_password_and_code_does_not_get_in(console: Console) -> None:
    account = await console.create()
    secret = await console.turn_totp_on(account)
    console.clock.advance(minutes=1)
    half = (await console.sign_in()).token or ""
    async with console.database.write() as connection:  # by another process, before it closes the sessions
        await store.update_account(connection, account.id, disabled=True)
    assert await console.accounts.find_unfinished(half) is None
    assert (await console.accounts.give_code(half, console.code(secret))).state is GONE


async def test_confirming_a_password_counts_as_signing_in_does(console: Console) -> None:
    account = await console.create()
    good = await console.accounts.confirm_password(account.id, PASSWORD)
    assert (good.state, good.token) == (OK, None)
    for _ in range(5):
        assert (await console.accounts.confirm_password(account.id, OTHER)).state is REFUSED
    assert (await console.accounts.confirm_password(account.id, PASSWORD)).state is LOCKED
    assert (await console.sign_in()).state is LOCKED
    assert (await console.accounts.confirm_password(account.id + 1, PASSWORD)).state is REFUSED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(login=st.text(max_size=80), password=st.text(max_size=300), address=st.text(max_size=20))
async def test_nothing_odd_gets_in_nor_breaks(
    console: Console, login: str, password: str, address: str
) -> None:
    result = await console.sign_in(login, password, address)
    assert result.state in {REFUSED, LOCKED}
    assert result.sentence


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("x" * 10_000, PASSWORD),
        ("essai", "é" * 10_000),
        ("essai\0", PASSWORD),
        ("\udc80", "\udc80"),
        ("ESSAİ", ""),
    ],
)
async def test_what_is_odd_or_very_long_is_refused_as_anything_else(
    console: Console, login: str, password: str
) -> None:
    await console.create()
    assert (await console.sign_in(login, password)).state is REFUSED


async def test_neither_password_nor_token_nor_code_can_be_read_on_disk(
    console: Console, store_file: Path
) -> None:
    secret = await console.turn_totp_on(await console.create())
    console.clock.advance(minutes=1)
    half = (await console.sign_in()).token or ""
    code = console.code(secret)
    whole = (await console.accounts.give_code(half, code)).token or ""
    await console.sign_in("essai", "un essai manqué, lisible")
    written = await console.bytes_on_disk()
    assert b"signed_in" in written
    for text in (PASSWORD, "un essai manqué, lisible", half, whole, secret, "Mme Essai", "essai@exemple.fr"):
        assert text.encode() not in written
