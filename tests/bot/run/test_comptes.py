"""`bot comptes`: what whoever installs types, what is answered, and what is true afterwards."""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.cli_comptes import ROLES, declare_comptes
from bot.cli_french import FrenchParser
from bot.run.comptes import ROLE_LABELS, NoPassword, manage_accounts
from bot.service.accounts import AccountProblem, Accounts
from bot.service.passwords import PasswordRefused
from bot.service.sign_in import SignInState
from bot.settings import Settings
from bot.store.accounts import Role
from bot.store.cipher import load_cipher
from bot.store.database import Database
from tests.bot.conftest import ROOT

PASSWORD = "lampe tiroir vélo nuage"
OTHER = "une autre phrase, bien longue"
CREATE = ("creer", "jean.petit", "--role", "operateur", "--nom", "Jean P.")

Run = Callable[..., Awaitable[str]]


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Do one command, with what is on its standard input; return what it prints."""

    async def run_one(*arguments: str, typed: str = "") -> str:
        parser = FrenchParser(prog="bot comptes")
        declare_comptes(parser)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        await manage_accounts(settings, parser.parse_args(arguments))
        return capsys.readouterr().out

    return run_one


@pytest.fixture
async def accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """The accounts as the assistant has them while it runs."""
    settings.var.mkdir()
    database = Database(settings.database)
    yield Accounts(database, load_cipher(settings.var / "cles"))
    await database.close()


@pytest.fixture
async def running(accounts: Accounts, run: Run) -> Accounts:
    """The same, with one account made."""
    await run(*CREATE, "--mot-de-passe-stdin", typed=PASSWORD + "\n")
    return accounts


async def signed_in(accounts: Accounts, password: str = PASSWORD) -> SignInState:
    return (await accounts.sign_in("jean.petit", password, "accueil")).state


async def test_an_account_made_signs_in_and_must_change_its_password(running: Accounts) -> None:
    account = await running.get_by_login("jean.petit")
    assert (account.role, account.name, account.email) == (Role.OPERATEUR, "Jean P.", None)
    assert account.must_change
    assert await signed_in(running) is SignInState.OK


async def test_what_was_made_is_said(run: Run) -> None:
    text = await run(*CREATE, "--courriel", "jean@exemple.fr", "--mot-de-passe-stdin", typed=PASSWORD)
    assert text == "Compte jean.petit créé (opérateur).\nIl faudra le changer à la première connexion.\n"


async def test_a_password_made_up_is_printed_once_and_works(run: Run, accounts: Accounts) -> None:
    text = await run(*CREATE, "--generer")
    (password,) = re.findall(r"^Mot de passe : (\S+)$", text, re.MULTILINE)
    assert await signed_in(accounts, password) is SignInState.OK
    assert password not in await run("liste")


async def test_accounts_are_listed_with_their_state(running: Accounts, run: Run) -> None:
    assert (
        await run("liste")
        == "jean.petit · opérateur · Jean P. · sans courriel · actif · sans code · mot de passe à changer\n1 compte.\n"
    )
    for _ in range(5):
        await signed_in(running, OTHER)
    await run("creer", "a", "--role", "agent", "--nom", "A", "--courriel", "a@exemple.fr", "--generer")
    await run("desactiver", "a")
    first, second, count = (await run("liste")).splitlines()
    assert first.startswith("a · agent · A · a@exemple.fr · désactivé · sans code")
    assert second.endswith(" · bloqué quelques minutes après trop d'essais")
    assert count == "2 comptes."


async def test_no_account_is_none(run: Run) -> None:
    assert await run("liste") == "0 compte.\n"


async def test_a_lost_password_is_replaced_while_the_assistant_runs(running: Accounts, run: Run) -> None:
    token = (await running.sign_in("jean.petit", PASSWORD, "accueil")).token or ""
    assert await running.find(token)
    text = await run("mot-de-passe", "Jean.Petit", "--mot-de-passe-stdin", typed=OTHER + "\r\n")
    assert text.startswith("Mot de passe de jean.petit changé. Ses sessions sont fermées.\n")
    assert await running.find(token) is None
    assert await signed_in(running, PASSWORD) is SignInState.REFUSED
    assert await signed_in(running, OTHER) is SignInState.OK


async def test_an_account_is_closed_and_opened_while_the_assistant_runs(running: Accounts, run: Run) -> None:
    token = (await running.sign_in("jean.petit", PASSWORD, "accueil")).token or ""
    assert "désactivé" in await run("desactiver", "jean.petit")
    assert await running.find(token) is None
    assert await signed_in(running) is SignInState.REFUSED
    assert await run("activer", "jean.petit") == "Compte jean.petit actif.\n"
    assert await signed_in(running) is SignInState.OK


async def test_a_lost_phone_is_no_longer_asked_for(running: Accounts, run: Run) -> None:
    import pyotp

    account = await running.get_by_login("jean.petit")
    token = (await running.sign_in("jean.petit", PASSWORD, "accueil")).token or ""
    secret = (await running.start_totp(account.id)).secret
    assert await running.confirm_totp(account.id, pyotp.TOTP(secret).now())
    assert await signed_in(running) is SignInState.NEEDS_CODE
    assert "avec code" in await run("liste")
    assert "le mot de passe suffit désormais" in await run("sans-code", "jean.petit")
    assert await running.find(token) is None
    assert await signed_in(running) is SignInState.OK


@pytest.mark.parametrize("command", ["mot-de-passe", "desactiver", "activer", "sans-code"])
async def test_a_login_that_nobody_has_is_told_with_where_to_look(run: Run, command: str) -> None:
    with pytest.raises(AccountProblem, match="Personne n'a l'identifiant personne.*bot comptes liste"):
        await run(command, "personne")


@pytest.mark.usefixtures("running")
async def test_a_login_already_taken_is_told(run: Run) -> None:
    with pytest.raises(AccountProblem, match="déjà pris"):
        await run(*CREATE, "--generer")


async def test_a_weak_password_makes_no_account(run: Run) -> None:
    with pytest.raises(PasswordRefused, match="trop court"):
        await run(*CREATE, "--mot-de-passe-stdin", typed="court\n")
    assert await run("liste") == "0 compte.\n"


async def test_without_a_terminal_the_ways_to_give_a_password_are_told(run: Run) -> None:
    with pytest.raises(NoPassword, match="--generer ou --mot-de-passe-stdin"):
        await run(*CREATE)


def test_every_role_can_be_given_and_has_a_name() -> None:
    assert set(ROLES) == set(Role) == set(ROLE_LABELS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "il manque: COMMANDE"),
        (("creer", "a"), "il manque: --role, --nom"),
        (("creer", "a", "--role", "chef", "--nom", "A"), "'chef' (au choix"),
        ((*CREATE, "--generer", "--mot-de-passe-stdin"), "ne va pas avec"),
        (("desactiver",), "il manque: LOGIN"),
    ],
    ids=str,
)
def test_a_wrong_command_is_told_in_french(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    parser: argparse.ArgumentParser = FrenchParser(prog="bot comptes")
    assert isinstance(parser, FrenchParser)
    declare_comptes(parser)
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(arguments)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


# getpass asks the terminal that controls the process, which a new session does not have yet.
IN_CONTROL = (
    "import fcntl, runpy, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); sys.argv[0] = 'bot'; "
    "runpy.run_module('bot', run_name='__main__')"
)


def in_a_terminal(folder: Path, lines: list[str], *arguments: str) -> tuple[int, str]:
    """Run the real command in a terminal of its own, type lines, return its code and what the terminal showed."""
    main, terminal = os.openpty()
    bot = subprocess.Popen(
        [sys.executable, "-c", IN_CONTROL, "comptes", *arguments],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env={**os.environ, "BOT_VAR": str(folder), "PYTHONUTF8": "1"},
    )
    os.close(terminal)
    shown = b""
    try:
        for line in lines:
            while not shown.endswith(b" : "):
                shown += os.read(main, 1024)
            os.write(main, f"{line}\n".encode())
            shown += b"\n"
        while part := os.read(main, 1024):
            shown += part
    except OSError:  # Linux says so when the other end of a terminal is closed
        pass
    finally:
        os.close(main)
    return bot.wait(timeout=60), shown.decode()


def test_in_a_terminal_the_password_is_asked_twice_and_never_shown(tmp_path: Path) -> None:
    code, shown = in_a_terminal(tmp_path, [PASSWORD, PASSWORD], *CREATE)
    assert code == 0
    assert "Compte jean.petit créé" in shown
    assert PASSWORD not in shown
    code, shown = in_a_terminal(tmp_path, [OTHER, PASSWORD], "mot-de-passe", "jean.petit")
    assert code == 1
    assert "Les deux mots de passe sont différents." in shown
    code, shown = in_a_terminal(tmp_path, [], "activer", "personne")
    assert (code, "Personne n'a l'identifiant personne" in shown) == (1, True)
