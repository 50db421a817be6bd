"""Render an Answer as plain text that is complete on its own, for the API and for whoever reads it aloud."""

from __future__ import annotations

from datetime import date

from bot.model.answer import Answer, Block, BlockKind, Place, SourceRef
from bot.model.french import format_date

SHOWN_SOURCES = 2


def render_text(answer: Answer) -> str:
    """Return the answer as plain text; its choices are left to the channel that can show them."""
    parts = [_block(block) for block in answer.blocks]
    parts += [_place(place) for place in answer.places]
    if answer.notes:
        parts.append("\n".join(answer.notes))
    if answer.sources:
        parts.append(_sources(answer.sources))
    if answer.reference and not says_reference(answer):
        parts.append(f"Référence de votre demande : {answer.reference}")
    return "\n\n".join(parts)


def place_lines(place: Place) -> list[str]:
    """Return what is known of a place, one fact a line, its name first."""
    lines = [place.name, place.address]
    if place.distance_km is not None:
        lines.append(f"À {distance_text(place.distance_km)}")
    if place.phone:
        lines.append(f"Téléphone : {place.phone}")
    if place.opening_hours:
        note = f" ({place.hours_note})" if place.hours_note else ""
        lines.append(f"Horaires : {place.opening_hours}{note}")
    if place.open_now is not None:
        lines.append(opening_text(place))
    lines += [text for text in (place.access, place.source_note) if text]
    return lines


def opening_text(place: Place) -> str:
    """Return `Ouvert jusqu'à 17 h`, `Fermé maintenant, ouvre mardi 1er décembre à 9 h`."""
    if not place.next_opening:
        return "Ouvert maintenant" if place.open_now else "Fermé maintenant"
    if place.open_now:
        return f"{place.next_opening[0].upper()}{place.next_opening[1:]}"
    return f"Fermé maintenant, {place.next_opening}"


def source_text(source: SourceRef) -> str:
    """Return a source with the date of the text read, when it bears one, and the day it was checked."""
    text = f"texte du {day_text(source.text_of)}" if source.text_of else "texte sans date"
    return f"{source.title} ({text}, vérifié le {day_text(source.checked_on)})"


def day_text(iso_day: str) -> str:
    """Return `1er avril 2026` for `2026-04-01`."""
    return format_date(date.fromisoformat(iso_day))


def distance_text(kilometres: float) -> str:
    """Return `4,2 km`, or `moins de 1 km`: the distance is as the crow flies, decimals would mislead."""
    if kilometres < 1:
        return "moins de 1 km"
    return f"{kilometres:.1f} km".replace(".", ",").replace(",0 ", " ")


def says_reference(answer: Answer) -> bool:
    """Tell whether the blocks already give the reference: it is not said twice."""
    return any((answer.reference or "") in item for block in answer.blocks for item in block.items)


def _block(block: Block) -> str:
    lines = [block.title] if block.title else []
    if block.kind is BlockKind.TEXT:
        lines += block.items
    elif block.kind is BlockKind.WARNING:
        lines += [f"Attention : {item}" for item in block.items]
    elif block.kind is BlockKind.STEPS:
        lines += [f"{rank}. {item}" for rank, item in enumerate(block.items, start=1)]
    else:
        lines += [f"- {item}" for item in block.items]
    return "\n".join(lines)


def _place(place: Place) -> str:
    name, *facts = place_lines(place)
    return "\n".join([f"- {name}", *(f"  {fact}" for fact in facts)])


def _sources(sources: tuple[SourceRef, ...]) -> str:
    """Return the first sources, and how many more there are: the whole list stands in the answer's data."""
    lines = [f"- {source_text(source)}, {source.url}" for source in sources[:SHOWN_SOURCES]]
    more = len(sources) - SHOWN_SOURCES
    if more > 0:
        lines.append(f"- et {more} {'autres textes' if more > 1 else 'autre texte'}")
    return "\n".join(["D'où vient cette information :", *lines])
