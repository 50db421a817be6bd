"""The arguments of `bot comptes`, apart from what they do: the other commands must not wait for its libraries."""

from __future__ import annotations

from bot.cli_french import FrenchParser

ROLES = ("agent", "operateur", "responsable")
"""Those of bot/store/accounts.py."""


def declare_comptes(parser: FrenchParser) -> None:
    """Give `bot comptes` its own commands; the one chosen is in `comptes` of what is parsed."""
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, dest="comptes")

    def add(name: str, text: str, *, with_login: bool = True) -> FrenchParser:
        command: FrenchParser = commands.add_parser(name, help=text, description=text)
        if with_login:
            command.add_argument("identifiant", metavar="LOGIN", help="l'identifiant du compte")
        return command

    create = add("creer", "Créer un compte.")
    create.add_argument("--role", required=True, choices=ROLES, help="ce qu'il peut faire")
    create.add_argument("--nom", required=True, help="le nom affiché aux habitants et aux collègues")
    create.add_argument("--courriel", help="où envoyer les alertes")
    _declare_password(create)
    add("liste", "Lister les comptes.", with_login=False)
    _declare_password(add("mot-de-passe", "Donner un nouveau mot de passe : ses sessions sont fermées."))
    add("desactiver", "Fermer un compte et ses sessions.")
    add("activer", "Rouvrir un compte, ou lever son blocage après trop d'essais.")
    add("sans-code", "Ne plus demander de code à usage unique (téléphone perdu) : ses sessions sont fermées.")


def _declare_password(command: FrenchParser) -> None:
    given = command.add_mutually_exclusive_group()
    given.add_argument(
        "--generer", action="store_true", help="inventer le mot de passe et l'afficher une seule fois"
    )
    given.add_argument(
        "--mot-de-passe-stdin", action="store_true", help="lire le mot de passe sur l'entrée standard"
    )
