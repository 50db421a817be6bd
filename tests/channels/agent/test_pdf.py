"""The PDFs of the desk: the sheet with its ticks, the booklet, and a machine where they cannot be made."""

from __future__ import annotations

import re
import sys
from html import unescape

import pytest
from aiohttp import ClientResponse

from channels.agent.pdf import MAX_CHAPTERS
from tests.bot.print.pdf_reading import pages_of, pdf_string, plain_bytes, squeezed
from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import Visitor, token_of
from tests.channels.talking import knowledge

SHEET = "/agent/fiches/apl/pdf"
BOOKLET = "/agent/livret"
TICKED = b"/Alt " + pdf_string("Coché :")


async def pdf_of(response: ClientResponse) -> bytes:
    made = await response.read()
    assert response.status == 200
    assert response.content_type == "application/pdf"
    assert made.startswith(b"%PDF-")
    return made


async def make_booklet(agent: Visitor, *fiches: str, size: str = "a4") -> ClientResponse:
    fields = [
        ("jeton", token_of(await agent.read(BOOKLET))),
        ("format", size),
        *(("fiche", f) for f in fiches),
    ]
    return await agent.session.post(BOOKLET, data=fields, allow_redirects=False)


def words_in(pdf: bytes) -> str:
    return squeezed(" ".join(word.text for page in pages_of(pdf) for word in page.words))


async def test_nobody_prints_without_signing_in(agent: Visitor) -> None:
    agent.session.cookie_jar.clear()
    for path in (SHEET, BOOKLET):
        response = await agent.get(path)
        assert response.status == 303
        assert response.headers["Location"].startswith("/console/connexion")
    assert (await agent.post(BOOKLET, fiche="apl")).status == 403


@pytest.mark.parametrize(
    ("size", "width"), [("a4", 595), ("a5", 419), ("", 595), ("a3", 595), ("../a5", 595)]
)
async def test_a_sheet_comes_in_the_size_asked_a4_for_any_other(
    agent: Visitor, size: str, width: int
) -> None:
    made = await pdf_of(await agent.get(f"{SHEET}?format={size}"))
    assert int(pages_of(made)[0].width) == width


async def test_ticks_are_drawn_whether_together_or_one_by_one(agent: Visitor) -> None:
    together = await pdf_of(await agent.get(f"{SHEET}?coche=p0,p2,c1"))
    apart = await pdf_of(await agent.get(f"{SHEET}?coche=p0&coche=p2&coche=c1&format=a4"))
    assert plain_bytes(together).count(TICKED) == plain_bytes(apart).count(TICKED) == 3


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "p0'--",
        "p99999999999999999999",
        "../../etc/passwd",
        "%00%ff",
        "p" * 6000,
        "p999,c999,%0d%0aX:%201",
    ],
)
async def test_hostile_ticks_print_a_sheet_without_any(agent: Visitor, hostile: str) -> None:
    response = await agent.get(f"{SHEET}?coche={hostile}")
    made = await pdf_of(response)
    assert plain_bytes(made).count(TICKED) == 0
    assert "X" not in response.headers
    assert "script" not in words_in(made)


async def test_an_unknown_fiche_is_an_error_of_the_desk(agent: Visitor) -> None:
    assert "/agent" in await agent.read("/agent/fiches/lune/pdf", 404)


async def test_a_pdf_is_kept_by_nobody_and_a_sensitive_fiche_is_not_named_by_its_file(agent: Visitor) -> None:
    plain = await agent.get(SHEET)
    assert plain.headers["Content-Disposition"] == 'inline; filename="fiche-apl.pdf"'
    assert plain.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in plain.headers["Content-Security-Policy"]
    sensitive = next(fiche.id for fiche in knowledge().fiches.values() if fiche.sensible)
    hidden = await agent.get(f"/agent/fiches/{sensitive}/pdf")
    assert hidden.headers["Content-Disposition"] == 'inline; filename="fiche.pdf"'


async def test_the_form_of_the_booklet_is_sound_and_offers_every_fiche(agent: Visitor) -> None:
    page = await agent.read(BOOKLET)
    assert faults_of(page) == []
    assert page.count('type="checkbox"') == len(knowledge().fiches)


async def test_the_menu_leads_to_booklets(agent: Visitor) -> None:
    assert f'<a href="{BOOKLET}">Livrets</a>' in await agent.read("/agent")


async def test_a_booklet_holds_what_was_ticked(agent: Visitor) -> None:
    response = await make_booklet(agent, "apl", "rsa", size="a5")
    made = await pdf_of(response)
    assert response.headers["Content-Disposition"] == 'inline; filename="livret.pdf"'
    assert int(pages_of(made)[0].width) == 419
    text = words_in(made)
    assert squeezed(knowledge().fiches["apl"].titre) in text
    assert squeezed(knowledge().fiches["rsa"].titre) in text


async def test_a_form_of_another_page_makes_nothing(agent: Visitor) -> None:
    assert (await agent.post(BOOKLET, jeton="x", fiche="apl", format="a4")).status == 403


@pytest.mark.parametrize(
    ("fiches", "said"),
    [
        ((), "Choisissez au moins une fiche."),
        (("apl", "<b>"), "Aucune fiche ne s'appelle : <b>."),
        (tuple(sorted(knowledge().fiches))[: MAX_CHAPTERS + 1], f"Choisissez {MAX_CHAPTERS} fiches au plus."),
    ],
    ids=["none", "unknown", "too many"],
)
async def test_what_cannot_be_a_booklet_is_said_and_the_ticks_stay(
    agent: Visitor, fiches: tuple[str, ...], said: str
) -> None:
    response = await make_booklet(agent, *fiches, size="a5")
    page = await response.text()
    assert response.status == 422
    assert said in unescape(page).replace("\u00a0", " ")
    assert "<b>" not in page
    assert faults_of(page) == []
    checked = set(re.findall(r'value="([^"]*)" checked', page))
    assert checked == {*(name for name in fiches if name in knowledge().fiches), "a5"}


@pytest.fixture
async def without_pango(agent: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return an agent on a machine where the library cannot be loaded."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    return agent


async def test_without_pango_the_agent_is_told_and_the_sheet_still_opens(without_pango: Visitor) -> None:
    page = await without_pango.read(SHEET, 503)
    assert "Pango" in page
    assert "imprimer la page de la fiche depuis le navigateur" in page
    assert faults_of(page) == []
    assert (await make_booklet(without_pango, "apl")).status == 503
    await without_pango.read("/agent/fiches/apl")
