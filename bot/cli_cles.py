"""The arguments of `bot cles`, `bot journal` and `bot copie`, and their exit codes; what they do is imported when it is done."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.cli_french import FrenchParser
from bot.exit_codes import CANNOT_START, OK, PROBLEMS
from bot.settings import Settings

_ACTS = {
    "verifier": "Dire combien de valeurs chaque clé ouvre.",
    "preparer": "Préparer la clé suivante, à copier sur chaque machine avant « renouveler ».",
    "renouveler": "Chiffrer avec une nouvelle clé, et chiffrer de nouveau ce qui est gardé. Le service peut tourner.",
    "retirer": "Retirer les anciennes clés, quand plus rien n'en a besoin.",
}


def declare_keys(parser: FrenchParser) -> None:
    """Give `bot cles` its acts; the one chosen is in `cles` of what is parsed."""
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, dest="cles")
    for name, text in _ACTS.items():
        commands.add_parser(name, help=text, description=text)


def run_keys(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot cles`."""
    from bot.run.cles import KeysProblem, prepare_key, renew_key, retire_keys, verify_keys
    from bot.store.cipher import CipherError

    try:
        if parsed.cles == "preparer":
            prepare_key(settings)
        elif parsed.cles == "verifier":
            return OK if asyncio.run(verify_keys(settings)) else PROBLEMS
        else:
            asyncio.run({"renouveler": renew_key, "retirer": retire_keys}[parsed.cles](settings))
    except KeysProblem as problem:
        print(problem, file=sys.stderr)
        return PROBLEMS
    except CipherError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    return OK


def declare_register(parser: FrenchParser) -> None:
    """Give `bot journal` its argument."""
    parser.add_argument("reference", metavar="REFERENCE", help="la référence de la demande")


def declare_copy(parser: FrenchParser) -> None:
    """Give `bot copie` its arguments."""
    parser.add_argument("reference", metavar="REFERENCE", help="la référence de la demande")
    parser.add_argument(
        "--fichier", required=True, type=Path, help="le fichier à écrire ; il ne doit pas exister"
    )


def run_register(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot journal`."""
    from bot.run.register import print_register
    from bot.store.cipher import CipherError

    try:
        asyncio.run(print_register(settings, parsed.reference))
    except CipherError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    return OK


def run_copy(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot copie`."""
    from bot.run.register import NothingToCopy, write_copy
    from bot.store.cipher import CipherError

    try:
        asyncio.run(write_copy(settings, parsed.reference, parsed.fichier))
    except NothingToCopy as problem:
        print(problem, file=sys.stderr)
        return PROBLEMS
    except CipherError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except OSError as error:
        print(f"Impossible d'écrire {parsed.fichier} : {error.strerror}", file=sys.stderr)
        return PROBLEMS
    return OK
