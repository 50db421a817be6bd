"""The booklet, opened and read: its table of contents tells the true pages, no paper and no phone is lost."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from bot.answers.compose import Composer
from bot.print.booklet import TITLE, UnknownFiches, booklet_html, booklet_pdf
from bot.print.paper import PAPERS, on_paper
from bot.settings import Settings
from tests.bot.print.pdf_reading import (
    body_text,
    pages_of,
    pdf_string,
    plain_bytes,
    run,
    squeezed,
    words_out_of_place,
)

FOUR = ("rsa", "apl", "css", "carte-identite")


@pytest.mark.parametrize("size", PAPERS)
def test_the_table_of_contents_tells_the_true_pages(
    composer: Composer, reachable: Settings, now: datetime, size: str
) -> None:
    made = booklet_pdf(composer, FOUR, reachable, PAPERS[size], now)
    pages = [squeezed(" ".join(word.text for word in page.body(PAPERS[size]))) for page in pages_of(made)]
    assert squeezed(TITLE) in pages[0]
    for name in FOUR:
        title = squeezed(composer.knowledge.fiches[name].titre)
        told = next(m[1] for page in pages if (m := re.search(rf"{re.escape(title)}\.+(\d+?)(?!\d)", page)))
        assert pages[int(told) - 1].startswith(title), name
    assert words_out_of_place(made, PAPERS[size]) == []


@pytest.mark.parametrize("size", PAPERS)
def test_papers_steps_and_phones_are_all_there(
    composer: Composer, reachable: Settings, now: datetime, size: str
) -> None:
    text = body_text(booklet_pdf(composer, FOUR, reachable, PAPERS[size], now), PAPERS[size])
    for name in FOUR:
        fiche = composer.knowledge.fiches[name]
        lines = [fiche.titre, fiche.apporte]
        for rubrique in ("pieces", "demarche", "sans_internet"):
            for bloc in fiche.rubriques[rubrique].web:
                lines += [*(bloc.documents or ()), *(bloc.etapes or ()), *(bloc.liste or ())]
        lines += [contact.telephone for contact in fiche.contacts if contact.telephone]
        lines += fiche.simple.phrases if fiche.simple else ()
        assert [line for line in lines if "{" not in line and squeezed(line) not in text] == [], name


def test_no_phone_of_any_fiche_is_lost(composer: Composer, reachable: Settings, now: datetime) -> None:
    for fiche in composer.knowledge.fiches.values():
        html = squeezed(booklet_html(composer, [fiche.id], reachable, PAPERS["a4"], now))
        phones = [contact.telephone for contact in fiche.contacts if contact.telephone]
        assert [phone for phone in phones if squeezed(phone) not in html] == [], fiche.id


def test_it_is_tagged_with_bookmarks_and_links(
    composer: Composer, reachable: Settings, now: datetime
) -> None:
    made = booklet_pdf(composer, FOUR, reachable, PAPERS["a4"], now)
    assert "Tagged:          yes" in run("pdfinfo", made)
    content = plain_bytes(made)
    assert b"/Outlines" in content
    for name in FOUR:
        assert b"/Title " + pdf_string(on_paper(composer.knowledge.fiches[name].titre)) in content, name
        assert pdf_string(name) in content


def test_a_fiche_given_twice_stands_once_and_in_the_order_given(
    composer: Composer, reachable: Settings, now: datetime
) -> None:
    html = booklet_html(composer, ["rsa", "apl", "rsa"], reachable, PAPERS["a4"], now)
    assert re.findall(r'<h2 id="([a-z-]+)"', html) == ["rsa", "apl"]


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "Choisissez au moins une fiche"),
        (["apl", "lune", "../apl"], "Aucune fiche ne s'appelle : lune, ../apl"),
    ],
)
def test_what_is_no_fiche_is_named(
    composer: Composer, reachable: Settings, now: datetime, ids: list[str], said: str
) -> None:
    with pytest.raises(UnknownFiches, match=re.escape(said)):
        booklet_pdf(composer, ids, reachable, PAPERS["a4"], now)


@pytest.mark.lent
def test_a_booklet_of_everything_is_made(composer: Composer, reachable: Settings, now: datetime) -> None:
    made = booklet_pdf(composer, composer.knowledge.fiches, reachable, PAPERS["a4"], now)
    assert words_out_of_place(made, PAPERS["a4"]) == []
    assert 200 < len(pages_of(made)) < 400
