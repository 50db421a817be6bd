"""argparse in French."""

from __future__ import annotations

import pytest

from bot.cli_french import FrenchParser


@pytest.fixture
def parser() -> FrenchParser:
    parser = FrenchParser(prog="essai", description="Un essai.")
    parser.add_argument("fichier", help="le fichier")
    parser.add_argument("--nombre", type=int, help="combien")
    return parser


def test_the_help_is_in_french(parser: FrenchParser) -> None:
    text = parser.format_help()
    assert text.startswith("Utilisation : essai ")
    assert "\narguments:\n" in text
    assert "afficher cette aide" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "essai : il manque: fichier"), (["a", "--nombre", "x"], "essai : l'argument --nombre:")],
)
def test_an_error_says_what_is_wrong_and_exits_with_two(
    parser: FrenchParser, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("Utilisation : essai ")
    assert error.endswith("Aide : essai --help\n")


def test_unknown_arguments_are_told_in_good_french(
    parser: FrenchParser, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args(["a", "--inconnu"])
    assert "essai : arguments inconnus: --inconnu" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["a", "--nombre", "x"], ["a", "--nombre"]])
def test_a_wrong_value_is_told_in_french(
    parser: FrenchParser, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)
    error = capsys.readouterr().err
    assert "invalid" not in error
    assert "expected" not in error
