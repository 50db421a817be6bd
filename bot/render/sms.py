"""Render an Answer as SMS: texts of two segments at most, the first one sent and the others kept for SUITE.

A menu is numbered from the choices that ask for a fiche; the other choices are words that the texts say (RAPPEL,
OUI, ANNULER). A page is cut between sentences; one too long, after a word, never inside a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice
from bot.render.gsm import foreign_characters, sms_room, to_gsm
from bot.render.text import place_lines

MAX_MENU = 3
MIN_MENU = 2
LONGEST_WORD = 100
LABEL_ROOM = 48
"""Characters of a choice in a menu: a longer one is cut after a word."""
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b\d\.)\s+(?=[A-ZÀ-Ý0-9\"(-])")
_BETWEEN_WORDS = re.compile(r"(?<!\d) | (?!\d)")
"""A space where a text may be cut: never inside a phone number or an amount."""
_FICHE_PREFIX = "fiche:"
# Answers that say themselves what comes next.
_OWN_WAY_ON = (AnswerType.URGENCE, AnswerType.ESCALADE, AnswerType.CONFIDENTIALITE)
# Answers of which an SMS gives only the heart.
_DETAILED = (AnswerType.FICHE, AnswerType.ORIENTATION, AnswerType.LIEU, AnswerType.ESTIMATION)


@dataclass(frozen=True)
class Wording:
    """The words around an answer, from data/responses: who speaks, the way to a person, how to have more."""

    presentation: str
    person: str
    more: str
    screen_only: frozenset[str] = frozenset()
    """Sentences that point to buttons: SUITE leaves them out."""


@dataclass(frozen=True)
class SmsPage:
    """One SMS of at most two segments, and the numbered choices it shows."""

    text: str
    menu: tuple[Choice, ...] = ()


def sms_pages(answer: Answer, wording: Wording, *, is_first: bool = False) -> tuple[SmsPage, ...]:
    """Return the SMS of an answer: the one to send, then what SUITE gives. `is_first` says who speaks before it."""
    menu = tuple(choice for choice in answer.choices if choice.value.startswith(_FICHE_PREFIX))[:MAX_MENU]
    intro = to_gsm(wording.presentation) if is_first and says_who_speaks(answer) else ""
    first, rest = _first_page(answer, intro, wording, menu)
    later = [*rest, *_details(answer, wording)]
    if not later:
        return (first,)
    pages = [first, *_later_pages(later, wording, () if first.menu else menu)]
    if not first.menu and (hinted := _fitting(first.text, wording.more)):
        pages[0] = SmsPage(hinted)
    return tuple(pages)


def says_who_speaks(answer: Answer) -> bool:
    """Tell whether the presentation may stand before an answer: not before a danger, nor in another script's 134 units."""
    return answer.type is not AnswerType.URGENCE and not foreign_characters(to_gsm(answer.sms))


def fits(text: str) -> bool:
    """Tell whether a text holds in two segments, in the alphabet it needs."""
    return sms_room(text) >= 0


def menu_text(menu: tuple[Choice, ...]) -> str:
    """Return `Répondez 1 Comment faire, 2 Combien.`"""
    items = ", ".join(f"{rank} {_label(choice)}" for rank, choice in enumerate(menu, start=1))
    return f"Répondez {items}." if menu else ""


def _label(choice: Choice) -> str:
    """Return the words of a choice: as few as a menu needs, and no sign that would end a sentence."""
    words = to_gsm(choice.label).rstrip(" ?.")
    if len(words) <= LABEL_ROOM:
        return words
    return f"{words[:LABEL_ROOM].rsplit(' ', 1)[0]}..."


def _first_page(
    answer: Answer, intro: str, wording: Wording, menu: tuple[Choice, ...]
) -> tuple[SmsPage, list[str]]:
    """Return the first page, and the sentences for which it has no room."""
    body = to_gsm(answer.sms)
    whole = f"{intro} {body}".strip()
    says_person = answer.type not in _OWN_WAY_ON
    if not fits(whole):
        room_for_more = f" {wording.more}"
        sentences = _SENTENCE_END.split(body)
        kept = intro
        while sentences and fits(f"{kept} {sentences[0]}{room_for_more}"):
            kept = f"{kept} {sentences.pop(0)}".strip()
        if kept == intro:  # one long sentence: cut after a word rather than say nothing
            first, *others = _pieces(sentences[0], f"{intro}{room_for_more}...")
            kept, sentences = f"{intro} {first}...".strip(), [" ".join(others), *sentences[1:]]
        return SmsPage(kept), sentences
    text, shown = whole, menu[:0]
    for count in range(len(menu), min(MIN_MENU, len(menu)) - 1, -1):
        if count and (longer := _fitting(whole, menu_text(menu[:count]))):
            text, shown = longer, menu[:count]
            break
    if says_person and "PERSONNE" not in text and (longer := _fitting(text, wording.person)):
        text = longer
    return SmsPage(text, shown), []


def _fitting(text: str, more: str) -> str | None:
    longer = f"{text}\n{more}"
    return longer if fits(longer) else None


def _details(answer: Answer, wording: Wording) -> Iterator[str]:
    """Yield what a screen shows of the answer, line by line, without the sources: the SMS gave only the heart of it."""
    if answer.type not in _DETAILED:
        return
    for block in answer.blocks:
        yield from _block_lines(block, {to_gsm(answer.sms), *(to_gsm(text) for text in wording.screen_only)})
    for place in answer.places:
        yield from (to_gsm(line) for line in place_lines(place))
    yield from (to_gsm(note) for note in answer.notes)


def _block_lines(block: Block, known: set[str]) -> Iterator[str]:
    if block.title:
        yield to_gsm(f"{block.title.rstrip(' :')} :")
    for rank, item in enumerate(block.items, start=1):
        if to_gsm(item) not in known:
            yield from _SENTENCE_END.split(to_gsm(f"{_mark(block.kind, rank)}{item}"))


def _mark(kind: BlockKind, rank: int) -> str:
    marks = {BlockKind.STEPS: f"{rank}. ", BlockKind.TEXT: "", BlockKind.WARNING: "Attention : "}
    return marks.get(kind, "- ")


def _later_pages(lines: Iterable[str], wording: Wording, menu: tuple[Choice, ...]) -> Iterator[SmsPage]:
    """Yield the pages that SUITE gives; the menu that found no room before ends the first of them or the last."""
    pages = list(_filled(lines, wording.more))
    for number, page in enumerate(pages, start=1):
        is_last = number == len(pages)
        if not is_last:
            yield SmsPage(f"{page}\n{wording.more}")
        elif menu and (longer := _fitting(page, menu_text(menu))):
            yield SmsPage(longer, menu)
        elif menu:
            yield SmsPage(f"{page}\n{wording.more}")
            yield SmsPage(menu_text(menu), menu)
        else:
            yield SmsPage(page)


def _filled(lines: Iterable[str], more: str) -> Iterator[str]:
    page = ""
    for piece in (piece for line in lines for piece in _pieces(line, more)):
        longer = f"{page}\n{piece}" if page else piece
        if page and not fits(f"{longer} {more}"):
            yield page
            longer = piece
        page = longer
    if page:
        yield page


def _chunks(word: str) -> Iterator[str]:
    """Yield a word whole, or cut when no SMS could hold it (an address without a space)."""
    yield from (word[start : start + LONGEST_WORD] for start in range(0, len(word) or 1, LONGEST_WORD))


def _pieces(line: str, more: str) -> Iterator[str]:
    """Yield a line whole, or cut after words when one SMS cannot hold it."""
    piece = ""
    for word in chain.from_iterable(map(_chunks, _BETWEEN_WORDS.split(line))):
        longer = f"{piece} {word}".strip()
        if piece and not fits(f"{longer} {more}"):
            yield piece
            longer = word
        piece = longer
    if piece:
        yield piece
