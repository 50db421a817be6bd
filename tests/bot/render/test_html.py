from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.answer import Answer, AnswerType, Block, BlockKind, Place, SourceRef, paragraph
from bot.render.html import french_spaces, render_html, render_words

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
ALLOWED = {"p", "strong", "a", "ul", "ol", "li", "details", "summary", "br", "h3"}


class Tags(HTMLParser):
    """Collect the tags and attributes of a fragment, and fail on one left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags_of(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def full_answer(text: str, kind: AnswerType = AnswerType.FICHE) -> Answer:
    blocks = tuple(Block(block_kind, (text,), text) for block_kind in BlockKind)
    return Answer(
        kind,
        blocks,
        "",
        sources=(SourceRef(text, "https://example.org/" + text, "2026-04-01", "2026-11-23"),),
        places=(Place(text, text, "02 99 09 44 56", text, text, open_now=True, distance_km=2.0),),
        reference=text + "!",
        notes=(text,),
    )


def test_markup_in_any_field_is_escaped() -> None:
    tags = tags_of(render_html(full_answer(ATTACK), 3))
    assert tags.seen <= ALLOWED
    assert {name for name, _ in tags.attributes} <= {"class", "href", "rel"}


@given(st.text(max_size=200))
def test_no_text_can_leave_the_allowed_tags(text: str) -> None:
    for kind in (AnswerType.FICHE, AnswerType.URGENCE):
        assert tags_of(render_html(full_answer(text, kind))).seen <= ALLOWED


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " JavaScript:alert(1)"])
def test_a_source_that_is_not_of_the_web_is_no_link(url: str) -> None:
    answer = Answer(AnswerType.FICHE, (), "", sources=(SourceRef("T", url, "2026-04-01", "2026-11-23"),))
    assert "href" not in render_html(answer)


def test_a_heading_is_bold_words_unless_a_level_is_given() -> None:
    answer = Answer(AnswerType.FICHE, (Block(BlockKind.LIST, ("a",), "Titre"),), "")
    assert render_html(answer).startswith("<p><strong>Titre</strong></p>")
    assert render_html(answer, 3).startswith("<h3>Titre</h3>")


def test_lists_and_steps_are_lists() -> None:
    answer = Answer(
        AnswerType.FICHE, (Block(BlockKind.STEPS, ("a",)), Block(BlockKind.DOCUMENTS, ("b",))), ""
    )
    assert render_html(answer) == (
        '<ol class="etapes"><li>a</li></ol>\n<ul class="documents"><li>b</li></ul>'
    )


def test_sources_are_folded_with_their_dates() -> None:
    html = render_html(full_answer("x"))
    assert "<summary>D'où vient cette information\u00a0?</summary>" in html
    assert "(texte du 1er avril 2026, vérifié le 23 novembre 2026)</a>" in html


def test_emergency_numbers_of_a_danger_are_links_and_114_is_written_to() -> None:
    lines = ("17 : Police", "SMS au 114 : Urgences par SMS", "3919 : Violences")
    html = render_html(Answer(AnswerType.URGENCE, (Block(BlockKind.LIST, lines),), ""))
    assert '<a href="tel:17">17</a>' in html
    assert '<a href="sms:114">114</a>' in html
    assert "tel:114" not in html
    assert '<a href="tel:3919">3919</a>' in html


def test_a_line_never_starts_with_a_sign() -> None:
    assert french_spaces("Pourquoi ? « Ici » : 5 €") == "Pourquoi\u00a0? «\u00a0Ici\u00a0»\u00a0: 5\u00a0€"
    assert "Attention\u00a0:" in render_html(
        Answer(AnswerType.FICHE, (Block(BlockKind.WARNING, ("a",)),), "")
    )


def test_words_of_a_person_keep_their_lines_and_nothing_else() -> None:
    assert render_words("a <b>\nc\n\nd") == "<p>a &lt;b&gt;<br>c</p>\n<p>d</p>"


def test_plain_paragraph() -> None:
    assert render_html(Answer(AnswerType.ACCUEIL, (paragraph("L'été."),), "")) == "<p>L&#39;été.</p>"


@pytest.mark.parametrize(
    ("lang", "opening"),
    [("en", '<div lang="en">'), ("ar", '<div lang="ar" dir="rtl">'), ("fa", '<div lang="fa" dir="rtl">')],
)
def test_a_block_of_another_language_says_its_language_and_its_direction(lang: str, opening: str) -> None:
    block = Block(BlockKind.TEXT, ("112",), "Titre", lang)
    html = render_html(Answer(AnswerType.HORS_SUJET, (block, paragraph("Ici.")), ""), 3)
    assert html == f'{opening}<h3>Titre</h3><p><a href="tel:112">112</a></p></div>\n<p>Ici.</p>'


def test_french_words_in_a_block_of_another_language_are_said_to_be_french() -> None:
    block = Block(BlockKind.TEXT, ("Choose « Parler à une personne » <b>, SMS 114",), None, "en")
    html = render_html(Answer(AnswerType.HORS_SUJET, (block,), ""))
    assert html == (
        '<div lang="en"><p>Choose <span lang="fr" dir="ltr">«\u00a0Parler à une personne\u00a0»</span> &lt;b&gt;, '
        'SMS <a href="sms:114">114</a></p></div>'
    )


def test_a_language_cannot_open_markup() -> None:
    block = Block(BlockKind.TEXT, (f"« {ATTACK} »",), ATTACK, ATTACK)
    tags = tags_of(render_html(Answer(AnswerType.HORS_SUJET, (block,), ""), 3))
    assert tags.seen <= ALLOWED | {"div", "span"}
    assert {name for name, _ in tags.attributes} <= {"lang", "dir"}
