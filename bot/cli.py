"""The `bot` command: the composition root. Messages are French."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli_cles import declare_copy, declare_keys, declare_register, run_copy, run_keys, run_register
from bot.cli_comptes import declare_comptes
from bot.cli_deploiement import (
    declare_launch,
    declare_migrate,
    declare_restore,
    declare_save,
    run_launch,
    run_migrate,
    run_restart,
    run_restore,
    run_save,
)
from bot.cli_french import FrenchParser
from bot.cli_supports import (
    declare_booklet,
    declare_edition,
    declare_poster,
    run_booklet,
    run_edition,
    run_poster,
)
from bot.exit_codes import CANNOT_START, EXIT_CODES, OK, PROBLEMS, USAGE
from bot.knowledge.fiche import RUBRIQUES
from bot.model.french import today_in_france
from bot.settings import Settings, SettingsError
from channels import registry

if TYPE_CHECKING:
    from bot.knowledge.loader import Knowledge

PAGE = "page"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = registry.load_all_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return USAGE
    run: Callable[[Settings, argparse.Namespace], int] = parsed.run
    try:
        return run(settings, parsed)
    except BrokenPipeError:
        # Who reads closed the pipe ("| head"): nothing more to print, and nothing to complain of at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> FrenchParser:
    codes = " ; ".join(f"{code} : {text}" for code, text in EXIT_CODES.items())
    parser = FrenchParser(
        prog="bot", description="L'assistant d'accès aux droits.", epilog=f"Codes de sortie : {codes}."
    )
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)

    def add(name: str, run: Callable[[Settings, argparse.Namespace], int], text: str) -> FrenchParser:
        command: FrenchParser = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("run", _run, "Démarrer l'assistant, en entraînant le modèle si besoin.")
    declare_launch(add("lancer", run_launch, "Devenir un seul des processus : pour systemd ou un conteneur."))
    add("relancer", run_restart, "Prendre le nouveau modèle, sans perdre de message.")
    declare_migrate(add("migrer", run_migrate, "Mettre la base au schéma de cette version, ou d'une autre."))
    declare_save(add("sauvegarder", run_save, "Sauvegarder les données, assistant en marche ou non."))
    declare_restore(add("restaurer", run_restore, "Remettre une sauvegarde en place, assistant arrêté."))
    train = add("train", _train, "Entraîner le modèle si ses données ont changé.")
    train.add_argument("--force", action="store_true", help="entraîner même si rien n'a changé")
    check = add("check", _check, "Vérifier les connaissances : fiches, montants, lieux, textes.")
    check.add_argument(
        "--a-revoir", action="store_true", help="lister ce qui arrive à sa date de revue, par responsable"
    )
    check.add_argument("--jours", type=int, default=60, help="avec --a-revoir : d'ici combien de jours (60)")
    apercu = add("apercu", _preview, "Voir une fiche ou une situation comme les habitants la liront.")
    apercu.add_argument("nom", help="le nom du fichier, sans .yml")
    *first, last = shapes = (PAGE, *registry.CHANNELS)
    apercu.add_argument("--canal", choices=shapes, default=PAGE, help=f"{', '.join(first)} ou {last}")
    apercu.add_argument("--rubrique", choices=(*RUBRIQUES, "simple"), help="une seule partie de la fiche")
    baremes = add("baremes", _baremes, "Mettre à jour les montants depuis openfisca-france.")
    baremes.add_argument("--verifier", action="store_true", help="dire les différences sans rien écrire")
    lieux = add("lieux", _lieux, "Importer des lieux dans data/lieux (schémas LaMedNum et data·inclusion).")
    lieux.add_argument("action", choices=("importer",), help="importer")
    lieux.add_argument("fichiers", nargs="+", type=Path, metavar="FICHIER", help="CSV, JSON ou NDJSON")
    lieux.add_argument("--source", help="le nom du fichier écrit, sans .csv (celui du premier fichier)")
    lieux.add_argument("--verifier", action="store_true", help="dire ce qui est refusé sans rien écrire")
    demandes = add("demandes", _demandes, "Lister les demandes faites à une personne.")
    demandes.add_argument("--toutes", action="store_true", help="aussi celles qui sont prises ou closes")
    declare_comptes(add("comptes", _comptes, "Créer et réparer les comptes de la console."))
    declare_keys(add("cles", run_keys, "Renouveler les clés, et dire ce qu'elles ouvrent."))
    declare_register(add("journal", run_register, "Dire qui a lu une demande, sans rien en montrer."))
    declare_copy(add("copie", run_copy, "Écrire dans un fichier ce qui est gardé de qui a fait une demande."))
    add(
        "a-revoir",
        _misses,
        "Lister les réponses que les opérateurs ont jugées mauvaises, pour l'apprentissage.",
    )
    add("signalements", _signalements, "Lister les erreurs signalées, par responsable de fiche.")
    add("parler", _talk, "Parler avec l'assistant dans le terminal (il doit être démarré).")
    for command in registry.commands():
        add(command.name, command.run, command.help)
    declare_poster(add("affiche", _poster, "Faire l'affiche A4 du service, avec ses codes QR."))
    declare_booklet(add("livret", run_booklet, "Faire un livret PDF de fiches choisies."))
    declare_edition(
        add("hors-ligne", run_edition, "Écrire toutes les fiches dans un dossier, à lire sans internet.")
    )
    courriel = add("courriel-essai", _mail_trial, "Envoyer un e-mail d'essai, et dire ce qui ne va pas.")
    courriel.add_argument("adresse", help="l'adresse qui le recevra")
    add("sante", _health, "Dire si l'assistant démarré répond, et quelle partie est en panne.")
    return parser


def _run(settings: Settings, _: argparse.Namespace) -> int:
    from bot.run.supervisor import CannotStart, Supervisor, check_ports
    from bot.run.training import TrainingFailed, train

    try:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        check_ports(settings)
        train(settings, Path.cwd())
        asyncio.run(Supervisor(settings, lambda line: print(line, flush=True)).run())
    except OSError as error:
        print(f"Impossible d'écrire ou de lire {error.filename} : {error.strerror}", file=sys.stderr)
        return CANNOT_START
    except (CannotStart, TrainingFailed) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return OK
    return OK


def _train(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.run.training import TrainingFailed, train

    try:
        if not train(settings, Path.cwd(), force=parsed.force):
            print("Le modèle est à jour : rien à faire.")
    except TrainingFailed as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return OK


def _check(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.knowledge.loader import check_knowledge, load_knowledge
    from bot.knowledge.yaml_files import KnowledgeError

    try:
        knowledge = load_knowledge(settings.data, settings.territoire)
    except KnowledgeError as error:
        print(error)
        return PROBLEMS
    if parsed.a_revoir:
        return _list_due(knowledge, parsed.jours)
    problems = check_knowledge(knowledge, settings.data, today_in_france())
    for problem in problems:
        print(problem)
    counts = f"{len(knowledge.fiches)} fiches, {len(knowledge.situations)} situations, {len(knowledge.lexicon.names)} noms"
    print(f"{counts}, {len(knowledge.lieux)} lieux, {len(problems)} points à corriger.")
    return PROBLEMS if problems else OK


def _list_due(knowledge: Knowledge, days: int) -> int:
    from bot.knowledge.review import list_due

    today = today_in_france()
    due = list_due(knowledge, today, days)
    for owner, items in groupby(due, lambda item: item.owner):
        print(owner)
        for item in items:
            print(f"  {item.line(today)}")
    late = sum(item.review_on <= today for item in due)
    print(f"{len(due)} à revoir d'ici {days} jours, dont {late} en retard.")
    return PROBLEMS if late else OK


def _preview(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.knowledge.yaml_files import KnowledgeError
    from bot.run.preview import preview, preview_of_page

    shown = preview_of_page if parsed.canal == PAGE else registry.preview_of(parsed.canal)
    try:
        for line in preview(settings, parsed.nom, shown, parsed.rubrique):
            print(line)
    except (KnowledgeError, KeyError) as error:
        print(error.args[0], file=sys.stderr)
        return PROBLEMS
    return OK


def _baremes(_: Settings, parsed: argparse.Namespace) -> int:
    from bot.knowledge.openfisca import OpenfiscaError, update_baremes

    try:
        differences = update_baremes(Path.cwd(), today=today_in_france(), verify_only=parsed.verifier)
    except OpenfiscaError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return PROBLEMS if differences and parsed.verifier else OK


def _lieux(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.knowledge.lieux_reading import UnreadableFile
    from bot.run.lieux import import_lieux

    try:
        all_good = import_lieux(
            settings,
            parsed.fichiers,
            source=parsed.source,
            verify_only=parsed.verifier,
            today=today_in_france(),
        )
    except UnreadableFile as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return OK if all_good else PROBLEMS


def _demandes(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.run.demandes import print_demandes

    asyncio.run(print_demandes(settings, all_states=parsed.toutes))
    return OK


def _comptes(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.run.comptes import NoPassword, manage_accounts
    from bot.service.accounts import AccountProblem
    from bot.service.passwords import PasswordRefused
    from bot.store.cipher import CipherError

    try:
        asyncio.run(manage_accounts(settings, parsed))
    except (AccountProblem, NoPassword, PasswordRefused) as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except CipherError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"Impossible d'écrire ou de lire {error.filename} : {error.strerror}", file=sys.stderr)
        return CANNOT_START
    except (EOFError, KeyboardInterrupt):
        print("Rien n'a été fait.", file=sys.stderr)
        return PROBLEMS
    return OK


def _misses(settings: Settings, _: argparse.Namespace) -> int:
    from bot.run.misses import print_misses

    asyncio.run(print_misses(settings))
    return OK


def _signalements(settings: Settings, _: argparse.Namespace) -> int:
    from bot.knowledge.yaml_files import KnowledgeError
    from bot.run.signalements import print_signalements

    try:
        asyncio.run(print_signalements(settings))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return OK


def _talk(settings: Settings, _: argparse.Namespace) -> int:
    from bot.run.chat import talk

    return OK if asyncio.run(talk(settings)) else CANNOT_START


def _poster(settings: Settings, parsed: argparse.Namespace) -> int:
    return run_poster(settings, parsed, registry.number_to_write_to(settings))


def _mail_trial(settings: Settings, parsed: argparse.Namespace) -> int:
    from bot.run.courriel import try_mail

    return OK if asyncio.run(try_mail(settings, parsed.adresse)) else PROBLEMS


def _health(settings: Settings, _: argparse.Namespace) -> int:
    from bot.run.chat import print_health

    return OK if asyncio.run(print_health(settings)) else PROBLEMS


if __name__ == "__main__":
    sys.exit(main())
