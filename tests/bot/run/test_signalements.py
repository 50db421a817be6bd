"""The list of errors reported, for whoever answers for the fiches."""

from __future__ import annotations

import re

import pytest

from bot.run.signalements import print_signalements
from bot.settings import Settings
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from bot.store.signalements import add_signalement

REPORTS = (
    ("rsa", "montant", "Le montant est faux."),
    ("carte-vitale", None, "L'adresse a changé."),
    (None, None, "Je ne comprends rien."),
    ("fiche-d-avant", None, "Rien sur mon cas."),
    ("apl", "apercu", "Le lien\nne marche pas."),
    ("rsa", None, "Encore faux."),
)


@pytest.fixture
async def reported(settings: Settings) -> None:
    """Six reports: on fiches of two roles, on a fiche that is not there, and on none."""
    settings.var.mkdir()
    migrate(settings.database)
    database = Database(settings.database)
    cipher = load_cipher(settings.var / "cles")
    async with database.write() as connection:
        for fiche, rubrique, words in REPORTS:
            await add_signalement(connection, cipher, words, fiche=fiche, rubrique=rubrique)
    await database.close()


@pytest.mark.usefixtures("reported")
async def test_reports_stand_under_the_role_that_answers_for_the_fiche(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_signalements(settings)
    lines = capsys.readouterr().out.splitlines()
    roles = [line for line in lines if not line.startswith(" ")]
    assert roles == [
        "Fiche pas encore écrite",
        "Référent prestations du territoire",
        "Référent santé du territoire",
        "Sans fiche précise",
        "6 signalements.",
    ]
    under = lines[lines.index(roles[1]) + 1 : lines.index(roles[2])]
    assert [line for line in under if line.startswith("    ")] == [
        "    Le lien",
        "    ne marche pas.",
        "    Le montant est faux.",
        "    Encore faux.",
    ]


@pytest.mark.usefixtures("reported")
async def test_a_report_says_when_on_which_fiche_and_on_which_part(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_signalements(settings)
    text = capsys.readouterr().out
    day = r"  \d\d/\d\d/\d{4} \d\d:\d\d UTC"
    assert re.search(
        rf"^{day} · Revenu de solidarité active \(RSA\) \(rsa\) · Combien \?\n    Le montant",
        text,
        re.MULTILINE,
    )
    assert re.search(rf"^{day} · fiche-d-avant\n    Rien sur mon cas\.", text, re.MULTILINE)
    assert re.search(rf"^{day}\n    Je ne comprends rien\.", text, re.MULTILINE)
