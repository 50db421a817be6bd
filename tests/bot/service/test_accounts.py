"""Accounts: made, repaired, closed; what each role may do; preferences that are checked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service.accounts import RIGHTS, AccountProblem, LoginTaken, Right, UnknownAccount, may
from bot.service.passwords import PasswordRefused
from bot.service.sign_in import SignInState
from bot.store import journal
from bot.store.accounts import Role
from tests.bot.service.console import OTHER, PASSWORD, Console, open_console


@pytest.fixture
async def console(tmp_path: Path, store_url: str) -> AsyncIterator[Console]:
    """Accounts, at nine in the morning."""
    async with open_console(tmp_path, store_url) as console:
        yield console


async def actions(console: Console, account_id: int) -> list[str]:
    async with console.database.read() as connection:
        return [entry.action for entry in await journal.list_of(connection, account_id)]


def test_what_each_role_may_do_is_one_table() -> None:
    assert {role: set(rights) for role, rights in RIGHTS.items()} == {
        Role.AGENT: {Right.DESK},
        Role.OPERATEUR: {Right.DESK, Right.ANSWER},
        Role.RESPONSABLE: {Right.DESK, Right.ANSWER, Right.REPORT, Right.ALERTS, Right.ACCOUNTS},
    }


async def test_a_password_given_by_somebody_else_allows_nothing_until_it_is_changed(console: Console) -> None:
    account = await console.accounts.create("essai", Role.RESPONSABLE, "Essai", password=PASSWORD)
    assert account.must_change
    assert not any(may(account, right) for right in Right)
    changed = await console.accounts.change_password(await console.token(), PASSWORD, OTHER)
    assert changed.state is SignInState.OK
    account = await console.accounts.get(account.id)
    assert not account.must_change
    assert all(may(account, right) for right in Right)
    await console.accounts.disable(account.id)
    account = await console.accounts.get(account.id)
    assert not any(may(account, right) for right in Right)


async def test_an_account_is_made_with_what_was_given(console: Console) -> None:
    account = await console.accounts.create(
        " Jean.Petit ", Role.AGENT, "  Jean   P. ", " jean@exemple.fr ", password=PASSWORD
    )
    assert (account.login, account.role, account.name) == ("jean.petit", Role.AGENT, "Jean P.")
    assert (account.email, account.created_at) == ("jean@exemple.fr", console.clock.now)
    assert await console.accounts.get_by_login("JEAN.PETIT") == account
    assert await console.accounts.list_accounts() == [account]
    assert await actions(console, account.id) == [journal.ACCOUNT_CREATED]


async def test_a_login_is_taken_once(console: Console) -> None:
    await console.create()
    with pytest.raises(LoginTaken, match="essai est déjà pris"):
        await console.create("ESSAI")
    assert len(await console.accounts.list_accounts()) == 1


@pytest.mark.parametrize("login", ["", " ", "-a", "a.", "jean petit", "é", "a@exemple.fr", "x" * 65, "a\0b"])
async def test_a_login_that_cannot_be_said_and_typed_is_refused(console: Console, login: str) -> None:
    with pytest.raises(AccountProblem, match="identifiant ne convient pas"):
        await console.create(login)


@pytest.mark.parametrize("login", ["a", "7", "jean.petit", "j_p-2", "x" * 64])
async def test_a_plain_login_is_taken(console: Console, login: str) -> None:
    assert (await console.create(login)).login == login


async def test_a_password_that_can_be_guessed_makes_no_account(console: Console) -> None:
    with pytest.raises(PasswordRefused, match="trop courant"):
        await console.accounts.create("essai", Role.AGENT, "Essai", password="motdepasse2024")
    assert await console.accounts.list_accounts() == []


async def test_a_password_given_ends_sessions_and_locks_and_must_be_changed(console: Console) -> None:
    account = await console.create()
    token = await console.token()
    await console.fail(5)
    await console.accounts.set_password(account.id, OTHER)
    assert await console.accounts.find(token) is None
    assert (await console.sign_in(password=PASSWORD)).state is SignInState.REFUSED
    assert (await console.sign_in(password=OTHER)).state is SignInState.OK
    assert (await console.accounts.get(account.id)).must_change
    assert journal.PASSWORD_GIVEN in await actions(console, account.id)
    with pytest.raises(PasswordRefused):
        await console.accounts.set_password(account.id, "court")


async def test_changing_ones_password_keeps_only_the_session_given_back(console: Console) -> None:
    account = await console.create()
    mine, elsewhere = await console.token(), await console.token()
    changed = await console.accounts.change_password(mine, PASSWORD, OTHER)
    assert changed.token
    assert await console.accounts.find(changed.token)
    assert await console.accounts.find(mine) is None
    assert await console.accounts.find(elsewhere) is None
    assert (await console.sign_in(password=OTHER)).state is SignInState.OK
    assert journal.PASSWORD_CHANGED in await actions(console, account.id)


async def test_changing_ones_password_asks_for_the_present_one_and_a_session(console: Console) -> None:
    await console.create()
    token = await console.token()
    change = console.accounts.change_password
    assert (await change(token, "ce n'est pas lui", OTHER)).state is SignInState.REFUSED
    assert (await change("inconnu", PASSWORD, OTHER)).state is SignInState.GONE
    with pytest.raises(PasswordRefused, match="déjà votre mot de passe"):
        await change(token, PASSWORD, PASSWORD)
    with pytest.raises(PasswordRefused, match="trop court"):
        await change(token, PASSWORD, "court")
    assert await console.accounts.find(token)
    assert (await console.sign_in()).state is SignInState.OK


async def test_an_account_disabled_then_enabled_signs_in_again(console: Console) -> None:
    account = await console.create()
    await console.accounts.disable(account.id)
    assert (await console.sign_in()).state is SignInState.REFUSED
    await console.fail(5)
    await console.accounts.enable(account.id)
    assert (await console.sign_in()).state is SignInState.OK
    noted = await actions(console, account.id)
    assert {journal.ACCOUNT_DISABLED, journal.ACCOUNT_ENABLED} <= set(noted)


async def test_preferences_are_written(console: Console) -> None:
    account = await console.create()
    await console.accounts.rename(account.id, " Claude  de l'accueil ")
    await console.accounts.set_email(account.id, "claude@exemple.fr")
    await console.accounts.set_hours(account.id, " Mo-Fr 09:00-12:00,14:00-17:00; PH off ")
    await console.accounts.set_shortcuts(account.id, False)
    changed = await console.accounts.get(account.id)
    assert (changed.name, changed.email) == ("Claude de l'accueil", "claude@exemple.fr")
    assert (changed.hours, changed.shortcuts) == ("Mo-Fr 09:00-12:00,14:00-17:00; PH off", False)
    await console.accounts.set_email(account.id, " ")
    await console.accounts.set_hours(account.id, "")
    changed = await console.accounts.get(account.id)
    assert (changed.email, changed.hours) == (None, "")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0b", "Jean\u202e"])
async def test_a_name_that_cannot_be_shown_is_refused(console: Console, name: str) -> None:
    account = await console.create()
    with pytest.raises(AccountProblem, match="1 à 80 caractères"):
        await console.accounts.rename(account.id, name)


@pytest.mark.parametrize(
    "email",
    [
        "sans-arobase",
        "a@b",
        "a@@exemple.fr",
        "a@exemple.fr\nBcc: b@exemple.fr",
        "Jean <a@exemple.fr>",
        "a@exemple.fr,b@exemple.fr",
        "a" * 250 + "@exemple.fr",
        "a@exemple..fr",
    ],
)
async def test_an_address_that_mail_would_not_carry_is_refused(console: Console, email: str) -> None:
    account = await console.create()
    with pytest.raises(AccountProblem, match="adresse de courriel"):
        await console.accounts.set_email(account.id, email)


@pytest.mark.parametrize("hours", ["lundi 9h", "Mo-Fr 25", "Mo 09:00-12:00;" * 20, "?"])
async def test_hours_that_cannot_be_read_are_refused(console: Console, hours: str) -> None:
    account = await console.create()
    with pytest.raises(AccountProblem, match="horaires"):
        await console.accounts.set_hours(account.id, hours)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
async def test_any_text_is_either_taken_or_refused_in_words(console: Console, text: str) -> None:
    for login in (text, "essai"):
        try:
            await console.accounts.create(login, Role.AGENT, text, text, password=PASSWORD)
        except AccountProblem as problem:
            assert str(problem)
    for account in await console.accounts.list_accounts():
        try:
            await console.accounts.set_hours(account.id, text)
        except AccountProblem as problem:
            assert "horaires" in str(problem)


async def test_a_secret_shown_is_asked_for_only_once_a_code_confirmed_it(console: Console) -> None:
    account = await console.create()
    assert not await console.accounts.confirm_totp(account.id, "123456")
    start = await console.accounts.start_totp(account.id)
    assert (await console.sign_in()).state is SignInState.OK
    assert not await console.accounts.confirm_totp(account.id, console.code(start.secret, steps=5))
    assert not (await console.accounts.get(account.id)).has_totp
    assert await console.accounts.confirm_totp(account.id, console.code(start.secret))
    assert (await console.accounts.get(account.id)).has_totp
    assert (await console.sign_in()).state is SignInState.NEEDS_CODE
    assert (await actions(console, account.id)).count(journal.TOTP_ON) == 1


async def test_the_address_for_a_phone_holds_the_secret_the_login_and_who_asks(console: Console) -> None:
    account = await console.create()
    start = await console.accounts.start_totp(account.id)
    uri = urlparse(start.uri)
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Accès aux droits:essai")
    assert parse_qs(uri.query) == {"secret": [start.secret], "issuer": ["Accès aux droits"]}
    assert len(start.secret) == 32  # 160 bits, RFC 4226 section 4


async def test_a_new_phone_begun_and_not_finished_leaves_the_old_one_in_force(console: Console) -> None:
    account = await console.create()
    old = await console.turn_totp_on(account)
    new = (await console.accounts.start_totp(account.id)).secret
    console.clock.advance(minutes=1)
    half = (await console.sign_in()).token or ""
    assert (await console.accounts.give_code(half, console.code(new))).state is SignInState.REFUSED
    assert (await console.accounts.give_code(half, console.code(old))).state is SignInState.OK
    console.clock.advance(minutes=1)
    assert await console.accounts.confirm_totp(account.id, console.code(new))
    console.clock.advance(minutes=1)
    half = (await console.sign_in()).token or ""
    assert (await console.accounts.give_code(half, console.code(old))).state is SignInState.REFUSED
    assert (await console.accounts.give_code(half, console.code(new))).state is SignInState.OK


async def test_codes_are_dropped(console: Console) -> None:
    account = await console.create()
    await console.turn_totp_on(account)
    await console.accounts.drop_totp(account.id)
    assert not (await console.accounts.get(account.id)).has_totp
    assert (await console.sign_in()).state is SignInState.OK
    assert journal.TOTP_OFF in await actions(console, account.id)


async def test_an_account_that_does_not_exist_is_told_as_such(console: Console) -> None:
    accounts = console.accounts
    for attempt in (
        lambda: accounts.get(7),
        lambda: accounts.get_by_login("personne"),
        lambda: accounts.get_by_login("\udc80"),
        lambda: accounts.set_password(7, OTHER),
        lambda: accounts.disable(7),
        lambda: accounts.rename(7, "Essai"),
        lambda: accounts.start_totp(7),
        lambda: accounts.confirm_totp(7, "123456"),
        lambda: accounts.drop_totp(7),
    ):
        with pytest.raises(UnknownAccount):
            await attempt()


async def test_what_shows_a_secret_is_not_printed_by_mistake(console: Console) -> None:
    account = await console.create()
    start = await console.accounts.start_totp(account.id)
    signed = await console.sign_in()
    found = await console.accounts.find(signed.token or "")
    assert found
    assert start.secret not in repr(start)
    assert (signed.token or "") not in repr(signed)
    assert "Mme Essai" not in repr(found) + repr(account)


async def test_nothing_of_an_account_can_be_read_on_disk_but_its_login_and_role(
    console: Console, store_file: Path
) -> None:
    account = await console.create()
    secret = (await console.accounts.start_totp(account.id)).secret
    await console.accounts.set_password(account.id, OTHER)
    await console.accounts.rename(account.id, "Claude de l'accueil")
    written = await console.bytes_on_disk()
    assert b"operateur" in written
    for text in (PASSWORD, OTHER, "Mme Essai", "Claude de l'accueil", "essai@exemple.fr", secret):
        assert text.encode() not in written
