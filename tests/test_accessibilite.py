"""docs/accessibilite.md is whole, counted, and rests on what is there: tests, and things that pages do not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outils.docs import compter_rgaa
from outils.docs.compter_rgaa import Row, read_rows

ROOT = Path(__file__).resolve().parent.parent
PAGE = compter_rgaa.PAGE.read_text(encoding="utf-8")
ROWS = read_rows(PAGE)
CRITERIA_OF_THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
WCAG_2_2 = ["2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"]
WEB = ROOT / "channels" / "web"
STYLE = re.sub(r"/\*.*?\*/", "", (WEB / "static" / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "static").glob("*.js")))
MARKUP = (
    "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "templates").glob("*.html")))
    + (ROOT / "bot" / "render" / "html.py").read_text(encoding="utf-8")
    + "".join(f"<{tag} " for tag in re.findall(r"createElement\(\"(\w+)\"\)", SCRIPTS))
)
MEDIA = r"<(?:img|svg|picture|canvas|object|embed|area|audio|video|iframe|frame)\b"
ABSENT = {
    "1.1": (MARKUP, MEDIA),
    "1.2": (STYLE, r"background-image|background:[^;]*url\(|list-style-image"),
    "2.1": (MARKUP, MEDIA),
    "4.1": (MARKUP, MEDIA),
    "5.1": (MARKUP, r"<table\b"),
    "9.4": (MARKUP, r"<(?:q|blockquote)\b"),
    "10.2": (STYLE, r"(?<![\w-])content\s*:"),
    "10.3": (STYLE, r"(?<![\w-])order\s*:|-reverse|grid-(?:area|row|column)"),
    "10.8": (MARKUP, r"aria-hidden|<(?!p id=\"echap\")[^>]*\shidden[\s>]"),
    "10.13": (STYLE, r":hover"),
    "10.14": (MARKUP, r"<(?!title)[^>]*\stitle="),
    "11.8": (MARKUP, r"<select\b"),
    "12.8": (MARKUP, r"tabindex=\"[1-9]"),
    "12.10": (MARKUP, r"accesskey"),
    "13.1": (MARKUP, r"http-equiv"),
    "13.2": (MARKUP + SCRIPTS, r"target=|window\.open"),
    "13.7": (STYLE + MARKUP, r"animation|transition|@keyframes|<(?:blink|marquee)\b"),
    "13.9": (STYLE, r"orientation"),
    "13.10": (SCRIPTS, r"touchmove|pointermove|mousemove|ontouch|drag"),
    "13.11": (SCRIPTS, r"mousedown|touchstart|pointerdown"),
    "13.12": (SCRIPTS, r"devicemotion|deviceorientation"),
    "2.5.7": (MARKUP + SCRIPTS, r"draggable|dragstart|mousemove|pointermove"),
}
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", block))
    for block in re.findall(r":root\s*\{([^}]*--fond[^}]*)\}", STYLE)
)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[rank : rank + 2], 16) / 255 for rank in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours: dict[str, str], one: str, other: str) -> float:
    darker, lighter = sorted(luminance(colours[name]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lines_in(row: Row) -> list[tuple[str, str]]:
    """Return what a row names: (path, function or "")."""
    return re.findall(r"`((?:[\w.-]+/)+[\w.-]+)(?:::(\w+))?`", row.reason)


def test_the_106_criteria_stand_once_in_the_order_of_the_13_themes() -> None:
    expected = [
        f"{theme}.{rank}"
        for theme, many in enumerate(CRITERIA_OF_THEMES, start=1)
        for rank in range(1, many + 1)
    ]
    assert len(expected) == 106
    assert [row.number for row in ROWS if row.is_rgaa] == expected
    assert [row.number for row in ROWS if not row.is_rgaa] == WCAG_2_2


def test_each_row_stands_under_the_heading_of_its_theme() -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    themes = {number: text for text in sections if (number := text.split(".")[0]).isdigit()}
    assert len(themes) == 13
    for number, text in themes.items():
        assert {row.number.split(".")[0] for row in read_rows(text)} == {number}


def test_the_count_at_the_top_is_that_of_the_rows() -> None:
    assert compter_rgaa.with_count(PAGE) == PAGE, "lancez : python -m outils.docs.compter_rgaa"


def test_a_row_of_another_shape_is_named() -> None:
    for row in ("| 1.1 | images | presque | oui |", "| 1.1 | images | respecté |  |", "| 1.1 | respecté |"):
        with pytest.raises(ValueError, match=r"^1\.1 : il faut un sujet"):
            read_rows(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row.state == "respecté"], ids=lambda row: row.number)
def test_a_criterion_said_to_be_met_names_what_shows_it(row: Row) -> None:
    named = lines_in(row)
    assert named
    for path, function in named:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^(?:async )?def {function}\(", text, re.MULTILINE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_every_file_a_row_names_exists(row: Row) -> None:
    assert [path for path, _ in lines_in(row) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("number", ABSENT)
def test_what_the_grid_says_is_not_there_is_not_there(number: str) -> None:
    source, pattern = ABSENT[number]
    assert number in {row.number for row in ROWS}
    assert re.findall(pattern, source) == []


def test_themes_without_any_content_do_not_apply() -> None:
    for theme in ("1", "2", "4", "5"):
        states = {row.state for row in ROWS if row.is_rgaa and row.number.split(".")[0] == theme}
        assert states == {"non applicable"}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_and_the_focus_outline_stand_out_three_to_one(colours: dict[str, str]) -> None:
    for line in ("trait", "action", "grave"):
        for ground in ("fond", "carte"):
            assert contrast(colours, line, ground) >= 3, (line, ground)
    assert contrast(colours, "grave", "fond-grave") >= 3
    assert contrast(colours, "action", "vous") >= 3


def test_the_focus_outline_is_thick_and_never_taken_away() -> None:
    assert re.search(r"^:focus-visible \{ outline: 3px solid var\(--action\);", STYLE, re.MULTILINE)
    on_screen = STYLE.partition("@media print")[0]
    assert len(on_screen) > len(STYLE) / 2
    assert re.findall(r"outline(?:-width|-style)?:\s*(?:0|none)", on_screen) == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast({"a": "#000", "b": "#ffffff"}, "a", "b") == pytest.approx(21)
    assert contrast({"a": "#777777", "b": "#fff"}, "a", "b") == pytest.approx(4.48, abs=0.01)


def test_fields_about_the_person_say_what_they_ask_for() -> None:
    form = (WEB / "templates" / "personne.html").read_text(encoding="utf-8")
    assert re.search(r'<input id="telephone"[^>]* type="tel" autocomplete="tel"', form)
    assert re.search(r'<input id="nom"[^>]* autocomplete="name"', form)


@pytest.mark.parametrize("words", ["Aucun audit", "Personne", "« non conforme »"])
def test_the_page_begins_by_what_was_not_done(words: str) -> None:
    assert words in PAGE.split("<!--")[0]
