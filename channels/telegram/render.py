"""Render an Answer as Telegram's HTML: https://core.telegram.org/bots/api#html-style (read in November 2026).

Only `<b>` and `<i>` are used, `& < >` are escaped, and a message is at most 4,096 UTF-16 units, cut between blocks.
Phone numbers and addresses of sites are left as they are: Telegram makes them links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from bot.model.answer import Answer, Block, BlockKind, Place
from bot.render.text import place_lines, says_reference, source_text

MAX_UNITS = 4096
"""UTF-16 code units of a message, marks included: more careful than Telegram, which counts them after parsing."""
SHOWN_SOURCES = 2


def render_telegram(answer: Answer) -> tuple[str, ...]:
    """Return the messages of an answer, in order; its choices are left to the buttons."""
    parts = [_block(block) for block in answer.blocks]
    parts += [_place(place) for place in answer.places]
    parts += [f"<i>{_escape(note)}</i>" for note in answer.notes]
    if answer.sources:
        lines = (f"• {_escape(source_text(source))}" for source in answer.sources[:SHOWN_SOURCES])
        parts.append("\n".join(["<i>D'où vient cette information :</i>", *lines]))
    if answer.reference and not says_reference(answer):
        parts.append(f"Référence de votre demande : <b>{_escape(answer.reference)}</b>")
    return tuple(_messages(parts))


def units(text: str) -> int:
    """Return the length that Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _messages(parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts put together as far as a message holds; a part too long is cut between its lines."""
    message = ""
    for part in (piece for whole in parts for piece in _pieces(whole)):
        longer = f"{message}\n\n{part}" if message else part
        if units(longer) > MAX_UNITS:
            yield message
            longer = part
        message = longer
    if message:
        yield message


def _pieces(part: str) -> Iterator[str]:
    """Yield a part whole, or line by line: every mark is closed on its line."""
    if units(part) <= MAX_UNITS:
        yield part
        return
    for line in part.split("\n"):
        yield line if units(line) <= MAX_UNITS else f"{line[: MAX_UNITS // 2]}…"


def _block(block: Block) -> str:
    lines = [f"<b>{_escape(block.title)}</b>"] if block.title else []
    items = [_escape(item) for item in block.items]
    if block.kind is BlockKind.TEXT:
        lines += items
    elif block.kind is BlockKind.WARNING:
        lines += [f"<b>Attention :</b> {item}" for item in items]
    elif block.kind is BlockKind.STEPS:
        lines += [f"{rank}. {item}" for rank, item in enumerate(items, start=1)]
    else:
        lines += [f"• {item}" for item in items]
    return "\n".join(lines)


def _place(place: Place) -> str:
    name, *facts = (_escape(line) for line in place_lines(place))
    return "\n".join([f"<b>{name}</b>", *facts])


def _escape(text: str) -> str:
    return escape(text, quote=False)
