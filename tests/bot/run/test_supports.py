"""What `bot affiche`, `bot livret` and `bot hors-ligne` write and say, as somebody types them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.cli import OK, PROBLEMS, USAGE, main
from tests.bot.print.pdf_reading import pages_of, run, squeezed

NUMBER = "+33639980001"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """Give the commands settings and a folder of their own."""
    monkeypatch.setenv("BOT_DATA", str(data))
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


def words_in(path: Path) -> str:
    return squeezed(" ".join(word.text for page in pages_of(path.read_bytes()) for word in page.words))


def test_a_poster_shows_the_number_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_SMS_GATEWAY", "kannel")
    monkeypatch.setenv("BOT_SMS_SECRET", "s" * 24)
    monkeypatch.setenv("BOT_SMS_NUMBER", NUMBER)
    assert main(["affiche"]) == OK
    assert "0639980001" in words_in(Path("affiche.pdf"))
    said = capsys.readouterr().out
    assert "affiche.pdf : affiche A4" in said
    assert "Par SMS : 06 39 98 00 01" in said
    assert "BOT_EDITEUR" in said


def test_a_number_of_a_gateway_that_is_not_set_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_SMS_NUMBER", NUMBER)
    assert main(["affiche"]) == PROBLEMS
    assert "BOT_PUBLIC_URL" in capsys.readouterr().err
    assert not Path("affiche.pdf").exists()


def test_a_poster_shows_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PUBLIC_URL", "https://droits.example.org")
    given = ["affiche", "--sortie", "mur.pdf", "--sms", NUMBER, "--lien", "https://t.me/essai_droits_bot"]
    assert main(given) == OK
    text = words_in(Path("mur.pdf"))
    assert all(word in text for word in ("droits.example.org", "0639980001", "t.me/essai_droits_bot"))


@pytest.mark.parametrize(
    ("options", "said"), [(("--sms", "bonjour"), "n'est pas un numéro"), (("--lien", "t.me/x"), "https://")]
)
def test_what_cannot_be_shown_is_said(
    capsys: pytest.CaptureFixture[str], options: tuple[str, str], said: str
) -> None:
    assert main(["affiche", *options]) == PROBLEMS
    assert said in capsys.readouterr().err


def test_a_booklet_holds_the_fiches_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["livret", "apl", "rsa", "--sortie", "l.pdf", "--format", "a5"]) == OK
    assert "livret A5" in capsys.readouterr().out
    text = words_in(Path("l.pdf"))
    assert squeezed("Aides au logement (APL, ALS, ALF)") in text
    assert squeezed("Revenu de solidarité active (RSA)") in text
    assert "419.528 x 595.276" in run("pdfinfo", Path("l.pdf").read_bytes())


def test_a_fiche_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["livret", "apl", "lune"]) == PROBLEMS
    assert capsys.readouterr().err == "Aucune fiche ne s'appelle : lune.\n"
    assert not Path("livret.pdf").exists()


def test_another_format_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["livret", "apl", "--format", "a3"])
    assert stopped.value.code == USAGE
    assert "a3" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["livret", "apl", "--sortie", "absent/l.pdf"]) == PROBLEMS
    assert capsys.readouterr().err.startswith("Impossible d'écrire absent/l.pdf")


def test_without_pango_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert main(["livret", "apl"]) == PROBLEMS
    assert "apt-get install libpango-1.0-0" in capsys.readouterr().err


def test_an_edition_is_written_with_its_size_even_without_pango(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert main(["hors-ligne", "cle/droits", "--zip"]) == OK
    said = capsys.readouterr().out
    assert "cle/droits : 91 fiches et 40 situations, 2," in said
    assert "cle/droits.zip : " in said
    assert Path("cle/droits/index.html").is_file()


def test_a_folder_that_holds_something_else_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pris").mkdir()
    Path("pris/index.html").write_text("à moi")
    assert main(["hors-ligne", "pris"]) == PROBLEMS
    assert "Donnez un autre dossier." in capsys.readouterr().err
