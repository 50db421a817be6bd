"""argparse in French: its own words are in English."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

_WORDS = {
    "usage: ": "Utilisation : ",
    "options": "options",
    "positional arguments": "arguments",
    "show this help message and exit": "afficher cette aide",
}


# argparse's messages, and ours for them.
_ERRORS = (
    (r"^the following arguments are required", "il manque"),
    (r"^unrecognized arguments", "arguments inconnus"),
    (r"^argument ", "l'argument "),
    (r"invalid choice", "inconnu"),
    (r"choose from", "au choix"),
    (r"invalid int value", "il faut un nombre entier, pas"),
    (r"invalid (\w+) value", "valeur refusée"),
    (r"expected one argument", "il manque sa valeur"),
    (r"expected at (?:least|most) \w+ arguments?", "le nombre de valeurs ne convient pas"),
    (r"ignored explicit argument", "ne prend pas de valeur, ici"),
    (r"not allowed with argument", "ne va pas avec"),
    (r"ambiguous option: (\S+) could match", r"l'option \1 peut être"),
)


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser whose help and errors are French."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["add_help"] = False
        super().__init__(*args, **kwargs)
        self.add_argument("-h", "--help", action="help", help="afficher cette aide")

    def format_help(self) -> str:
        """Return the help with argparse's few English words replaced."""
        return self._french(super().format_help())

    def format_usage(self) -> str:
        """Return the usage line in French."""
        return self._french(super().format_usage())

    @staticmethod
    def _french(text: str) -> str:
        for english, french in _WORDS.items():
            text = text.replace(english, french, 1)
        return text

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how to get help, and exit with 2."""
        what = message
        for english, french in _ERRORS:
            what = re.sub(english, french, what)
        print(f"{self.format_usage()}{self.prog} : {what}\nAide : {self.prog} --help", file=sys.stderr)
        sys.exit(2)
