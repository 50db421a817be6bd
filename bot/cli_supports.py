"""The subcommands of `bot` that make what is handed out: `affiche`, `livret`, `hors-ligne`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.exit_codes import OK, PROBLEMS
from bot.settings import Settings

PAPER_NAMES = ("a4", "a5")


def declare_poster(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot affiche`."""
    parser.add_argument(
        "--sortie", type=Path, default=Path("affiche.pdf"), help="le fichier écrit (affiche.pdf)"
    )
    parser.add_argument("--sms", metavar="NUMERO", help="le numéro à montrer (celui des réglages)")
    parser.add_argument(
        "--lien",
        metavar="ADRESSE",
        default="",
        help="le lien d'une messagerie où le service répond, https://…",
    )


def declare_booklet(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot livret`."""
    parser.add_argument("fiches", nargs="+", metavar="FICHE", help="le nom du fichier, sans .yml")
    parser.add_argument(
        "--sortie", type=Path, default=Path("livret.pdf"), help="le fichier écrit (livret.pdf)"
    )
    parser.add_argument("--format", choices=PAPER_NAMES, default="a4", help="a4 ou a5 (a4)")


def declare_edition(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bot hors-ligne`."""
    parser.add_argument(
        "dossier", type=Path, metavar="DOSSIER", help="le dossier écrit, sur une clé par exemple"
    )
    parser.add_argument("--zip", action="store_true", help="écrire aussi une archive .zip à côté")


def run_poster(settings: Settings, parsed: argparse.Namespace, number: str) -> int:
    """Make the poster; `number` is that of the settings, "" for none."""
    from bot.run.supports import make_poster

    sms = number if parsed.sms is None else parsed.sms
    return _tell(make_poster(settings, parsed.sortie, sms=sms, link=parsed.lien))


def run_booklet(settings: Settings, parsed: argparse.Namespace) -> int:
    """Make a booklet."""
    from bot.run.supports import make_booklet

    return _tell(make_booklet(settings, parsed.fiches, parsed.sortie, parsed.format))


def run_edition(settings: Settings, parsed: argparse.Namespace) -> int:
    """Make the offline edition."""
    from bot.run.supports import make_edition

    return _tell(make_edition(settings, parsed.dossier, archive=parsed.zip))


def _tell(lines: Iterator[str]) -> int:
    """Print what is told; what goes wrong goes to the error output."""
    from bot.knowledge.yaml_files import KnowledgeError
    from bot.print.booklet import UnknownFiches
    from bot.print.offline import FolderTaken
    from bot.print.paper import NoPrinting
    from bot.print.poster import NothingToShow

    try:
        for line in lines:
            print(line)
    except (KnowledgeError, UnknownFiches, FolderTaken, NoPrinting, NothingToShow) as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"Impossible d'écrire {error.filename} : {error.strerror}", file=sys.stderr)
        return PROBLEMS
    return OK
