"""The subcommands of `bot` for whoever deploys: processes, restarts, migrations, backups."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.exit_codes import CANNOT_START, OK, PROBLEMS
from bot.settings import Settings

SERVICES = ("actions", "rasa", "canaux")


def declare_launch(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot lancer`."""
    parser.add_argument("processus", choices=SERVICES, help=", ".join(SERVICES))
    parser.add_argument("--adresse", help="adresse où il écoute (celle des réglages)")
    parser.add_argument("--port", type=int, help="port où il écoute (celui des réglages)")


def declare_migrate(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot migrer`."""
    parser.add_argument("--vers", metavar="REVISION", help="une révision précise (la plus récente)")


def declare_save(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot sauvegarder`."""
    parser.add_argument(
        "dossier", type=Path, metavar="DOSSIER", help="où écrire, hors du dossier des données"
    )
    parser.add_argument(
        "--garder",
        type=int,
        metavar="JOURS",
        help="supprimer les sauvegardes plus anciennes (BOT_RETENTION_DAYS)",
    )
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--cles", action="store_true", help="sauvegarder les clés, et rien d'autre")
    other.add_argument(
        "--presents",
        action="store_true",
        help="n'écrire que la liste de ce qui existe encore, pour qu'un effacement tienne après une restauration",
    )


def declare_restore(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot restaurer`."""
    parser.add_argument("dossier", type=Path, metavar="DOSSIER", help="où sont les sauvegardes")
    parser.add_argument("--nom", metavar="SAUVEGARDE", help="le nom d'une sauvegarde (la plus récente)")
    parser.add_argument(
        "--perimee",
        action="store_true",
        help="accepter une sauvegarde plus ancienne que la durée de conservation",
    )
    parser.add_argument(
        "--sans-liste", action="store_true", help="accepter que ce qui a été effacé depuis revienne"
    )


def run_launch(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot lancer`: this process becomes another one, so it returns only when it could not."""
    from bot.run.commands import NoModel, become

    try:
        become(settings, parsed.processus, host=parsed.adresse, port=parsed.port)
    except (NoModel, OSError) as error:
        print(error, file=sys.stderr)
    return CANNOT_START


def run_restart(settings: Settings, _: argparse.Namespace) -> int:
    """Run `bot relancer`."""
    from bot.run.processes import ask_for_restart

    if not ask_for_restart(settings):
        print("L'assistant n'est pas démarré.", file=sys.stderr)
        return PROBLEMS
    print("Demandé. bot run dit quand chaque processus est relancé.")
    return OK


def run_migrate(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot migrer`."""
    from bot.run.migrations import UnknownRevision, move_to

    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _tell(move_to(settings, parsed.vers), UnknownRevision)


def run_save(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot sauvegarder`."""
    from bot.run.backup import BackupRefused, note_present, save, save_keys
    from bot.run.postgres_tools import ToolFailed
    from bot.store.cipher import CipherError

    if parsed.cles:
        said = save_keys(settings, parsed.dossier)
    elif parsed.presents:
        said = note_present(settings, parsed.dossier)
    else:
        said = save(settings, parsed.dossier, parsed.garder)
    return _tell(said, BackupRefused, ToolFailed, CipherError, OSError)


def run_restore(settings: Settings, parsed: argparse.Namespace) -> int:
    """Run `bot restaurer`."""
    from bot.run.postgres_tools import ToolFailed
    from bot.run.restore import RestoreRefused, Wish, restore
    from bot.store.cipher import CipherError

    wish = Wish(parsed.dossier, parsed.nom, parsed.perimee, parsed.sans_liste)
    return _tell(restore(settings, wish), RestoreRefused, ToolFailed, CipherError, OSError)


def _tell(said: Iterator[str], *problems: type[Exception]) -> int:
    try:
        for line in said:
            print(line, flush=True)
    except BrokenPipeError:
        raise
    except problems as problem:
        print(problem, file=sys.stderr)
        return PROBLEMS
    return OK
