"""Render an Answer as a safe HTML fragment: everything is escaped, numbers and sources are links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bot.model.answer import Answer, AnswerType, Block, BlockKind, Place, SourceRef
from bot.render.phones import find_phones, phone_href
from bot.render.text import distance_text, opening_text, says_reference, source_text

_NO_BREAK_SPACE = "\u00a0"
_BEFORE_SIGN = re.compile(r" (?=[:;?!»€%])")
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_QUOTED = re.compile(r"(«[^»]*»)")
_RIGHT_TO_LEFT = frozenset({"ar", "fa"})


def render_html(answer: Answer, heading_level: int | None = None) -> str:
    """Return the answer as HTML. Headings are `<h3>` for level 3, else a paragraph in bold.

    A page that shows the answer under its own headings gives the level; a fragment put in a page we do
    not know has none, so as not to break the outline of that page.
    """
    danger = answer.type is AnswerType.URGENCE
    parts = [
        _foreign_block(block, block.lang, heading_level)
        if block.lang
        else _block(block, heading_level, danger=danger)
        for block in answer.blocks
    ]
    if answer.places:
        parts.append(_places(answer.places))
    parts += [Markup('<p class="note">{}</p>').format(_words(note)) for note in answer.notes]
    if answer.reference and not says_reference(answer):
        parts.append(
            Markup('<p class="reference">{} <strong>{}</strong></p>').format(
                french_spaces("Référence de votre demande :"), answer.reference
            )
        )
    if answer.sources:
        parts.append(_sources(answer.sources))
    return str(Markup("\n").join(parts))


def render_words(text: str) -> str:
    """Return words of a person (an operator, a resident) as paragraphs: escaped, their lines kept."""
    paragraphs = [part for part in re.split(r"\n{2,}", text.strip()) if part.strip()]
    return str(
        Markup("\n").join(
            Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
            for part in paragraphs
        )
    )


def french_spaces(text: str) -> str:
    """Return the text with no-break spaces where French typography wants one, so no sign starts a line."""
    return _BEFORE_SIGN.sub(_NO_BREAK_SPACE, text).replace("« ", f"«{_NO_BREAK_SPACE}")


def _words(text: str, *, danger: bool = False) -> Markup:
    """Return escaped text with its phone numbers as links."""
    parts: list[Markup] = []
    position = 0
    for span in find_phones(text, danger=danger):
        parts.append(escape(french_spaces(text[position : span.start])))
        parts.append(Markup('<a href="{}">{}</a>').format(span.href, _number(text[span.start : span.end])))
        position = span.end
    parts.append(escape(french_spaces(text[position:])))
    return Markup().join(parts)


def _number(number: str) -> str:
    return number.replace(" ", _NO_BREAK_SPACE)


def _foreign_block(block: Block, lang: str, heading_level: int | None) -> Markup:
    """Return a block of another language with its language and direction (RGAA 8.7, 8.10)."""
    direction = Markup(' dir="rtl"') if lang in _RIGHT_TO_LEFT else Markup()
    words = _block(block, heading_level, danger=True)
    return Markup('<div lang="{}"{}>{}</div>').format(lang, direction, words)


def _foreign_words(text: str) -> Markup:
    """Return words of another language; what stands between « » is French, and said so to screen readers."""
    french = Markup('<span lang="fr" dir="ltr">{}</span>')
    parts = enumerate(_QUOTED.split(text))
    return Markup().join(
        french.format(french_spaces(part)) if rank % 2 else _words(part, danger=True) for rank, part in parts
    )


def _block(block: Block, heading_level: int | None, *, danger: bool) -> Markup:
    title = _heading(block.title, heading_level) if block.title else Markup()
    items = [_foreign_words(item) if block.lang else _words(item, danger=danger) for item in block.items]
    if block.kind is BlockKind.TEXT:
        return title + Markup().join(Markup("<p>{}</p>").format(item) for item in items)
    if block.kind is BlockKind.WARNING:
        warning = Markup('<p class="attention"><strong>Attention{}:</strong> {}</p>')
        return title + Markup().join(warning.format(_NO_BREAK_SPACE, item) for item in items)
    tag, kind = ("ol", "etapes") if block.kind is BlockKind.STEPS else ("ul", block.kind.value)
    lines = Markup().join(Markup("<li>{}</li>").format(item) for item in items)
    return title + Markup('<{0} class="{1}">{2}</{0}>').format(tag, kind, lines)


def _heading(title: str, level: int | None) -> Markup:
    if level is None:
        return Markup("<p><strong>{}</strong></p>").format(french_spaces(title))
    return Markup("<h{0}>{1}</h{0}>").format(level, french_spaces(title))


def _places(places: tuple[Place, ...]) -> Markup:
    return Markup('<ul class="lieux">{}</ul>').format(Markup().join(_place(place) for place in places))


def _place(place: Place) -> Markup:
    lines = [Markup("<strong>{}</strong>").format(french_spaces(place.name)), escape(place.address)]
    if place.distance_km is not None:
        lines.append(Markup("À {}").format(distance_text(place.distance_km)))
    if place.phone:
        link = Markup('<a href="{}">{}</a>').format(phone_href(place.phone), _number(place.phone))
        lines.append(Markup("Téléphone{}: {}").format(_NO_BREAK_SPACE, link))
    if place.opening_hours:
        note = f" ({place.hours_note})" if place.hours_note else ""
        lines.append(escape(french_spaces(f"Horaires : {place.opening_hours}{note}")))
    if place.open_now is not None:
        lines.append(escape(french_spaces(opening_text(place))))
    lines += [escape(french_spaces(text)) for text in (place.access, place.source_note) if text]
    return Markup("<li>{}</li>").format(Markup("<br>").join(lines))


def _sources(sources: tuple[SourceRef, ...]) -> Markup:
    lines = Markup().join(Markup("<li>{}</li>").format(_source(source)) for source in sources)
    return Markup(
        '<details class="sources"><summary>D\'où vient cette information{}?</summary><ul>{}</ul></details>'
    ).format(_NO_BREAK_SPACE, lines)


def _source(source: SourceRef) -> Markup:
    """Return a source as a link; an address that is not of the web stays words."""
    words = french_spaces(source_text(source))
    if not _WEB_ADDRESS.match(source.url):
        return escape(f"{words}, {source.url}")
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(source.url, words)
