"""`bot comptes`: the accounts of the console, made and repaired by whoever installs. Runs beside the assistant."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.service.accounts import Accounts
from bot.service.passwords import make_password
from bot.settings import Settings
from bot.store.accounts import Account, Role
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate, now

ROLE_LABELS = {
    Role.AGENT: "agent",
    Role.OPERATEUR: "opérateur",
    Role.RESPONSABLE: "responsable",
}


class NoPassword(Exception):
    """No password was given, or not the same one twice; the message says what to do, in French."""


async def manage_accounts(settings: Settings, parsed: argparse.Namespace) -> None:
    """Do one command of `bot comptes`. Raises AccountProblem, PasswordRefused, NoPassword or CipherError."""
    async with _open_accounts(settings) as accounts:
        match parsed.comptes:
            case "creer":
                await _create(accounts, parsed)
            case "liste":
                await _list(accounts)
            case _:
                account = await accounts.get_by_login(parsed.identifiant)
                await _repair(accounts, account, parsed)


@asynccontextmanager
async def _open_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    database = Database(settings.database)
    try:
        yield Accounts(database, load_cipher(settings.keys_folder))
    finally:
        await database.close()


async def _create(accounts: Accounts, parsed: argparse.Namespace) -> None:
    password = _password(parsed)
    account = await accounts.create(
        parsed.identifiant, Role(parsed.role), parsed.nom, parsed.courriel, password=password
    )
    print(f"Compte {account.login} créé ({ROLE_LABELS[account.role]}).")
    _tell_password(parsed, password)


async def _repair(accounts: Accounts, account: Account, parsed: argparse.Namespace) -> None:
    match parsed.comptes:
        case "mot-de-passe":
            password = _password(parsed)
            await accounts.set_password(account.id, password)
            print(f"Mot de passe de {account.login} changé. Ses sessions sont fermées.")
            _tell_password(parsed, password)
        case "desactiver":
            await accounts.disable(account.id)
            print(f"Compte {account.login} désactivé. Ses sessions sont fermées.")
        case "activer":
            await accounts.enable(account.id)
            print(f"Compte {account.login} actif.")
        case _:
            await accounts.drop_totp(account.id)
            await accounts.sign_out_everywhere(account.id)
            print(f"Compte {account.login} : le mot de passe suffit désormais. Ses sessions sont fermées.")


def _password(parsed: argparse.Namespace) -> str:
    if parsed.generer:
        return make_password()
    if parsed.mot_de_passe_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NoPassword("Pas de terminal pour demander le mot de passe : --generer ou --mot-de-passe-stdin.")
    password = getpass.getpass("Mot de passe (12 caractères au moins) : ")
    if getpass.getpass("Le même, une seconde fois : ") != password:
        raise NoPassword("Les deux mots de passe sont différents. Recommencez.")
    return password


def _tell_password(parsed: argparse.Namespace, password: str) -> None:
    if parsed.generer:
        print(f"Mot de passe : {password}")
        print("Il ne sera plus affiché. Donnez-le de vive voix.")
    print("Il faudra le changer à la première connexion.")


async def _list(accounts: Accounts) -> None:
    found = await accounts.list_accounts()
    for account in found:
        print(_text(account))
    print(f"{len(found)} compte{'s' if len(found) > 1 else ''}.")


def _text(account: Account) -> str:
    is_locked = account.locked_until is not None and account.locked_until > now()
    parts = [
        account.login,
        ROLE_LABELS[account.role],
        account.name,
        account.email or "sans courriel",
        "désactivé" if account.disabled else "actif",
        "avec code" if account.has_totp else "sans code",
    ]
    if account.must_change:
        parts.append("mot de passe à changer")
    if is_locked:
        parts.append("bloqué quelques minutes après trop d'essais")
    return " · ".join(parts)
