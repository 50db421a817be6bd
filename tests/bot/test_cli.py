"""The `bot` command: French help, clear errors, and exit codes a script can rely on."""

from __future__ import annotations

import re
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.cli import CANNOT_START, EXIT_CODES, OK, PROBLEMS, USAGE, main
from tests.bot.conftest import ROOT

COMMANDS = ("run", "train", "check", "baremes", "demandes", "signalements", "parler", "sante")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Path, free_port: int) -> None:
    """Give the command settings of its own, and nothing listening."""
    for name, value in {
        "VAR": tmp_path / "var",
        "DATA": data,
        "MODELS": tmp_path,
        "PUBLIC_PORT": free_port,
    }.items():
        monkeypatch.setenv(f"BOT_{name}", str(value))


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--help"])
    assert stopped.value.code == OK
    return capsys.readouterr().out


ENGLISH = re.compile(
    r"\b(?:usage|show|this|help message|exit|arguments? are|required|invalid|choose)\b", re.IGNORECASE
)


@pytest.mark.parametrize("arguments", [(), *((command,) for command in COMMANDS)], ids=str)
def test_the_help_is_in_french(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    text = help_of(capsys, *arguments)
    assert text.startswith("Utilisation : bot")
    assert "afficher cette aide" in text
    assert not ENGLISH.search(text)


def test_the_help_names_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(help_of(capsys).split())
    for command in COMMANDS:
        assert f" {command} " in text
    for code, meaning in EXIT_CODES.items():
        assert f"{code} : {meaning}" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "il manque: COMMANDE"),
        (("danser",), "danser"),
        (("train", "--vite"), "arguments inconnus: --vite"),
    ],
    ids=str,
)
def test_a_wrong_command_says_what_and_how_to_get_help(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == USAGE
    error = capsys.readouterr().err
    assert said in error
    assert "--help" in error
    assert not ENGLISH.search(error.replace("--help", ""))


def test_a_wrong_setting_stops_before_anything(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_COULEUR", "bleu")
    assert main(["check"]) == USAGE
    assert "BOT_COULEUR" in capsys.readouterr().err


def test_check_says_how_many_points_are_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == OK
    counts = r"91 fiches, \d+ situations, \d+ noms, \d+ lieux, 0 points à corriger\."
    assert re.search(counts, capsys.readouterr().out)


def test_check_fails_with_the_file_when_the_knowledge_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TERRITOIRE", "nulle-part")
    assert main(["check"]) == PROBLEMS
    assert "nulle-part" in capsys.readouterr().out


def test_check_says_so_when_the_data_folder_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_DATA", str(tmp_path / "absent"))
    assert main(["check"]) == PROBLEMS


def test_demandes_of_an_empty_store_are_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    assert main(["demandes"]) == OK
    assert capsys.readouterr().out.endswith("0 demande.\n")


def test_demandes_before_the_first_start_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demandes"]) == OK
    assert capsys.readouterr().out.endswith("0 demande.\n")


def test_signalements_before_the_first_start_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signalements"]) == OK
    assert capsys.readouterr().out == "0 signalement.\n"


def test_signalements_fail_with_the_file_when_the_knowledge_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TERRITOIRE", "nulle-part")
    assert main(["signalements"]) == PROBLEMS
    assert "nulle-part" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "code"), [("parler", CANNOT_START), ("sante", PROBLEMS)])
def test_when_the_assistant_is_not_started_it_says_so(
    capsys: pytest.CaptureFixture[str], command: str, code: int
) -> None:
    assert main([command]) == code
    assert "n'est pas démarré" in capsys.readouterr().err


def test_run_says_which_port_is_taken_and_how_to_choose_another(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("BOT_RASA_PORT", str(port))
        assert main(["run"]) == CANNOT_START
    error = capsys.readouterr().err
    assert f"Le port {port} n'est pas libre" in error
    assert f"BOT_RASA_PORT={port + 1}" in error


def test_run_says_which_folder_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "fichier").touch()
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "fichier" / "var"))
    assert main(["run"]) == CANNOT_START
    assert "fichier" in capsys.readouterr().err


def test_train_says_that_nothing_is_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.run.training.train", lambda _settings, _root, force: force)
    assert main(["train"]) == OK
    assert "rien à faire" in capsys.readouterr().out
    assert main(["train", "--force"]) == OK
    assert capsys.readouterr().out == ""


def test_train_that_fails_says_where_to_look(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.run.training import TrainingFailed

    def fail(*_: object, **__: object) -> bool:
        raise TrainingFailed("Le détail est dans entrainement.log")

    monkeypatch.setattr("bot.run.training.train", fail)
    assert main(["train"]) == PROBLEMS
    assert "entrainement.log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("differences", "arguments", "code"),
    [(["rsa"], ["--verifier"], PROBLEMS), ([], ["--verifier"], OK), (["rsa"], [], OK)],
)
def test_baremes_fails_only_when_asked_to_compare(
    monkeypatch: pytest.MonkeyPatch, differences: list[str], arguments: list[str], code: int
) -> None:
    monkeypatch.setattr(
        "bot.knowledge.openfisca.update_baremes", lambda _root, *, today, verify_only: differences
    )
    assert main(["baremes", *arguments]) == code


def test_python_m_bot_is_the_same_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    monkeypatch.setattr(sys, "argv", ["bot", "demandes"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("bot", run_name="__main__")
    assert stopped.value.code == OK
    assert "0 demande." in capsys.readouterr().out


def test_each_exit_code_has_a_meaning_of_its_own() -> None:
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES) == 4
    assert set(EXIT_CODES) == {cli.OK, cli.PROBLEMS, cli.USAGE, cli.CANNOT_START}


def test_what_is_to_review_is_listed_by_owner(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--a-revoir", "--jours", "100000"])
    lines = capsys.readouterr().out.splitlines()
    assert "  fiche rsa : à revoir le" in "\n".join(lines)
    assert re.fullmatch(r"\d+ à revoir d'ici 100000 jours, dont \d+ en retard\.", lines[-1])
    assert any(not line.startswith(" ") and "Référent" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rsa", "--canal", "sms", "--rubrique", "montant"), r"\[\d+ caractères sur 306, \d SMS\]"),
        (("rsa", "--canal", "telegram", "--rubrique", "pieces"), "• "),
        (("rsa",), r"── Y ai-je droit \? \(conditions\)"),
        (("rsa", "--rubrique", "simple"), r"── Plus simple \(simple\)"),
        (("perte-emploi",), "Cette semaine"),
    ],
    ids=str,
)
def test_a_fiche_is_shown_as_residents_read_it(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert main(["apercu", *arguments]) == OK
    assert re.search(said, capsys.readouterr().out)


def test_a_preview_of_what_is_not_there_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apercu", "zorglub"]) == PROBLEMS
    assert "zorglub" in capsys.readouterr().err


def test_a_reader_that_closes_the_pipe_ends_the_command_quietly() -> None:
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "apercu", "rsa"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert bot.stdout is not None
    assert bot.stderr is not None
    bot.stdout.close()
    assert (bot.wait(timeout=60), bot.stderr.read()) == (0, b"")
    bot.stderr.close()
