"""PDFs for everyone: tagged, our own font, nothing fetched, and a clear word where they cannot be made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from bot.knowledge.loader import Knowledge
from bot.print.paper import A4, FONTS, NoPrinting, make_pdf, on_paper, page_html
from channels.web.page import HERE as WEB
from tests.bot.print.pdf_reading import plain_bytes, run

PAGE = '<!doctype html><html lang="fr"><head><title>Essai</title><style>{style}</style></head><body>{body}</body></html>'


def page(body: str, style: str = "") -> str:
    return PAGE.format(style=style, body=body)


def test_a_pdf_is_tagged_titled_and_in_french() -> None:
    made = make_pdf(
        page(
            "<h1>Titre</h1><p>Du texte.</p><img alt=\"Une case\" src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\">"
        )
    )
    said = run("pdfinfo", made)
    assert "Tagged:          yes" in said
    assert "Title:           Essai" in said
    content = plain_bytes(made)
    for mark in (
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/Lang (fr)",
        b"/Alt",
        b"pdfuaid:part",
        b"/DisplayDocTitle true",
    ):
        assert mark in content, mark
    assert "H1" in run("pdfinfo", made, "-struct")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "file:///etc/hostname",
        "ftp://example.org/x",
        f"{FONTS.as_uri()}/../paper.py",
        f"{FONTS.as_uri()}/",
    ],
)
def test_a_page_that_asks_for_something_else_is_refused(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        make_pdf(page(f'<img alt="x" src="{address}">'))


def test_a_style_cannot_ask_for_something_else_either() -> None:
    with pytest.raises(FatalURLFetchingError):
        make_pdf(page("<p>x</p>", '@import "https://example.org/x.css";'))


def test_the_fonts_are_those_of_the_pages() -> None:
    fonts = sorted(path.name for path in FONTS.glob("*.woff2"))
    assert fonts == ["atkinson-400.woff2", "atkinson-700.woff2"]
    for name in (*fonts, "atkinson-OFL.txt"):
        assert (FONTS / name).read_bytes() == (WEB / "static" / name).read_bytes()


def test_every_character_of_the_knowledge_is_in_our_font(knowledge: Knowledge) -> None:
    texts = [fiche.json(ensure_ascii=False) for fiche in knowledge.fiches.values()]
    texts += [str(bareme.text()) for bareme in knowledge.baremes.values()]
    characters = "".join(sorted({char for text in texts for char in on_paper(text) if char.isprintable()}))
    made = make_pdf(page_html("booklet.html", A4, **empty_booklet(characters)))
    fonts = [line.split()[0] for line in run_fonts(made)]
    assert fonts
    assert all("Atkinson" in font for font in fonts), fonts


def empty_booklet(characters: str) -> dict[str, object]:
    return {
        "title": characters,
        "editeur": "",
        "territoire": "",
        "danger": (),
        "chapters": (),
        "place": (),
        "address": "",
        "qr": "",
        "printed": "",
    }


def run_fonts(made: bytes) -> list[str]:
    return run("pdffonts", made).splitlines()[2:]


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("Appelez le 09 69 39 00 00.", "Appelez le 09\u00a069\u00a039\u00a000\u00a000."),
        ("« oui » ?", "«\u00a0oui\u00a0»\u00a0?"),
        ("de 8 h 30 à 17 h", "de 8\u00a0h\u00a030 à 17\u00a0h"),
        ("12\u202f000 €", "12\u00a0000\u00a0€"),
    ],
)
def test_numbers_and_signs_stay_on_one_line(given: str, printed: str) -> None:
    assert on_paper(given) == printed


@pytest.mark.parametrize("missing", ["weasyprint", "weasyprint.text.ffi"])
def test_without_pango_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NoPrinting, match="apt-get install libpango-1.0-0"):
        make_pdf(page("<p>x</p>"))


def test_a_library_that_cannot_be_loaded_says_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NoPrinting, match="Pango"):
        make_pdf(page("<p>x</p>"))
