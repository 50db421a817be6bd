"""The sheet of a fiche, opened and read: whole, inside its margins, tagged."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from bot.answers.compose import Composer
from bot.knowledge.fiche import Fiche
from bot.print.paper import PAPERS, Paper
from bot.print.sections import Section, first_place, sections_of
from bot.print.sheet import RUBRIQUES, sheet_html, sheet_pdf
from bot.settings import Settings
from tests.bot.conftest import ROOT
from tests.bot.print.pdf_reading import (
    body_text,
    pages_of,
    pdf_string,
    plain_bytes,
    run,
    squeezed,
    words_out_of_place,
)

SIX = ("apl", "rsa", "dossier-mdph", "carte-identite", "violences-conjugales", "defenseur-droits")
ALL = sorted(path.stem for path in (ROOT / "data" / "fiches").glob("*.yml"))
MOST_PAGES = {"a4": 10, "a5": 14}
"""A little more than the longest today: a sheet that doubles has a fault."""


def check_sheet(composer: Composer, fiche: Fiche, settings: Settings, size: str, now: datetime) -> None:
    """Make a sheet and hold everything that anybody reads of it against the fiche."""
    paper = PAPERS[size]
    made = sheet_pdf(composer, fiche, settings, paper, now)
    sections = sections_of(composer.knowledge, fiche, now.date(), RUBRIQUES)
    text = body_text(made, paper)
    assert [line for line in lines_of(sections) if squeezed(line) not in text] == []
    assert [part for part in first_place(composer.knowledge, now) if squeezed(part) not in text] == []
    assert squeezed(f"https://droits.example.org/fiches/{fiche.id}") in text
    assert words_out_of_place(made, paper) == []
    pages = pages_of(made)
    assert 3 <= len(pages) <= MOST_PAGES[size]
    assert [page.last_line(paper) for page in pages[:-1] if is_heading(page.last_line(paper), sections)] == []
    assert all(page.body(paper) for page in pages)
    assert "Tagged:          yes" in run("pdfinfo", made)


def lines_of(sections: tuple[Section, ...]) -> list[str]:
    titles = [part.title for section in sections for part in section.parts if part.title]
    lines = [line.text for section in sections for part in section.parts for line in part.lines]
    notes = [note for section in sections for note in section.notes]
    return [*(section.title for section in sections), *titles, *lines, *notes]


def is_heading(line: str, sections: tuple[Section, ...]) -> bool:
    titles = {part.title for section in sections for part in section.parts}
    return squeezed(line) in {squeezed(t) for t in (*titles, *(s.title for s in sections)) if t}


@pytest.mark.parametrize("size", PAPERS)
@pytest.mark.parametrize("name", SIX)
def test_a_sheet_is_whole_and_inside_its_margins(
    composer: Composer, reachable: Settings, now: datetime, name: str, size: str
) -> None:
    check_sheet(composer, composer.knowledge.fiches[name], reachable, size, now)


@pytest.mark.lent
@pytest.mark.parametrize("size", PAPERS)
@pytest.mark.parametrize("name", ALL)
def test_every_sheet_is_whole_and_inside_its_margins(
    composer: Composer, reachable: Settings, now: datetime, name: str, size: str
) -> None:
    check_sheet(composer, composer.knowledge.fiches[name], reachable, size, now)


@pytest.mark.parametrize(("size", "points"), [("a4", 14), ("a5", 12)])
def test_letters_are_large(
    composer: Composer, reachable: Settings, now: datetime, size: str, points: int
) -> None:
    html = sheet_html(composer, composer.knowledge.fiches["apl"], reachable, PAPERS[size], now)
    style = html.split("</style>")[0]
    assert f"html {{ font: {points}pt/" in style
    assert all(float(given) >= points for given in re.findall(r"font: ([\d.]+)pt", style))
    assert all(float(given) >= 1 for given in re.findall(r"font-size: ([\d.]+)em", style))


def test_nothing_is_told_by_a_colour(composer: Composer, reachable: Settings, now: datetime) -> None:
    html = sheet_html(composer, composer.knowledge.fiches["apl"], reachable, PAPERS["a4"], now)
    said = set(re.findall(r"#[0-9a-fA-F]{3,6}\b|rgba?\([^)]*\)|(?<=%23)[0-9a-f]{3}", html))
    assert said <= {"#000", "000"}


def test_ticks_are_drawn_and_said(composer: Composer, reachable: Settings, now: datetime) -> None:
    fiche = composer.knowledge.fiches["apl"]
    html = sheet_html(composer, fiche, reachable, PAPERS["a4"], now, {"p1", "c0", "p999"})
    lines = re.findall(r'alt="(Coché|À cocher)[^>]*>\s*(.*?)</li>', html)
    assert [text for state, text in lines if state == "Coché"] == [
        "Vous payez un loyer.",
        "Le bail (contrat de location) signé",
    ]
    assert len(lines) > 10
    content = plain_bytes(sheet_pdf(composer, fiche, reachable, PAPERS["a4"], now, {"p1"}))
    assert content.count(b"/Alt") == len(lines) + 1
    assert content.count(b"/Alt " + pdf_string("Coché :")) == 1


def test_without_a_public_address_there_is_no_code(
    composer: Composer, settings: Settings, now: datetime
) -> None:
    html = sheet_html(composer, composer.knowledge.fiches["apl"], settings, PAPERS["a4"], now)
    assert "Code QR" not in html
    assert "/fiches/apl" not in html


def test_the_code_opens_the_public_page(composer: Composer, reachable: Settings, now: datetime) -> None:
    html = sheet_html(composer, composer.knowledge.fiches["apl"], reachable, PAPERS["a4"], now)
    assert "https://droits.example.org/fiches/apl</span>" in html
    assert 'alt="Code QR\u00a0: https://droits.example.org/fiches/apl"' in html


@pytest.mark.parametrize("name", SIX)
def test_nothing_is_called_free_but_by_the_fiche(
    composer: Composer, reachable: Settings, now: datetime, name: str
) -> None:
    fiche = composer.knowledge.fiches[name]
    silent = Fiche.parse_raw(re.sub("gratui", "xx", fiche.json(), flags=re.IGNORECASE))
    assert "gratui" not in sheet_html(composer, silent, reachable, PAPERS["a4"], now).casefold()


def test_the_day_and_who_publishes_are_printed(
    composer: Composer, reachable: Settings, now: datetime
) -> None:
    fiche = composer.knowledge.fiches["apl"]
    html = sheet_html(composer, fiche, reachable, PAPERS["a5"], now)
    assert (
        "Imprimé le 23 novembre 2026. Fiche à revoir avant le 1er février 2027. Édité par Communauté d"
        in html
    )


def test_a_fiche_past_its_review_says_so_once(composer: Composer, reachable: Settings, now: datetime) -> None:
    fiche = composer.knowledge.fiches["apl"]
    late = now + timedelta(days=400)
    html = sheet_html(composer, fiche, reachable, PAPERS["a4"], late)
    before = sheet_html(composer, fiche, reachable, PAPERS["a4"], now)
    assert html.count('class="attention"') == before.count('class="attention"') + 1


def test_words_of_a_fiche_are_never_markup(composer: Composer, reachable: Settings, now: datetime) -> None:
    fiche = composer.knowledge.fiches["apl"].copy(update={"titre": '<img src="http://127.0.0.1:9/x">'})
    made = sheet_pdf(composer, fiche, reachable, PAPERS["a4"], now)
    assert squeezed('<img src="http://127.0.0.1:9/x">') in body_text(made, PAPERS["a4"])


def test_a_long_word_does_not_leave_the_page(composer: Composer, reachable: Settings, now: datetime) -> None:
    fiche = composer.knowledge.fiches["apl"].copy(update={"apporte": "mot" * 200})
    made = sheet_pdf(composer, fiche, reachable, PAPERS["a5"], now)
    assert words_out_of_place(made, PAPERS["a5"]) == []


def test_the_check_of_margins_sees_a_word_outside(
    composer: Composer, reachable: Settings, now: datetime
) -> None:
    made = sheet_pdf(composer, composer.knowledge.fiches["apl"], reachable, PAPERS["a4"], now)
    assert words_out_of_place(made, Paper("A4", 30, 14))
