"""What is said to someone who writes in another language: the prepared sentence of data/responses/langues.yml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answers import labels
from bot.answers.places import one_line, short_line
from bot.knowledge.responses import Response, fill, to_block
from bot.model.answer import Answer, AnswerType, Block, Place, paragraph
from bot.render.gsm import shorten, sms_room

_PLACE = "{lieu}"
_TOWN_HALL = "votre mairie"


def foreign_key(language: str) -> str:
    """Return the key of the response in a language."""
    return f"langue.{language}"


def foreign_answer(response: Response, language: str, place: Place | None) -> Answer:
    """Return the sentence in a language, with the first place to go and the way to a person."""
    room = sms_room(fill(response.sms, {"lieu_sms": ""}))
    return Answer(
        type=AnswerType.HORS_SUJET,
        blocks=tuple(_blocks(response, language, place)),
        sms=fill(response.sms, {"lieu_sms": _place_within(place, room)}),
        choices=(labels.PERSON, labels.PLACES),
    )


def foreign_emergency(response: Response, language: str) -> Block:
    """Return the last block of the sentence, which says whom to call and to write to in danger."""
    return replace(to_block(response.web[-1]), lang=language)


def _blocks(response: Response, language: str, place: Place | None) -> Iterator[Block]:
    for bloc in response.web:
        if bloc.texte == _PLACE:  # the name and address of a place stay French
            yield paragraph(one_line(place) if place else f"{_TOWN_HALL}.")
        else:
            yield replace(to_block(bloc), lang=language)


def _place_within(place: Place | None, room: int) -> str:
    """Return a place in the room an SMS has left: its name is cut, its phone never is."""
    if place is None:
        return _TOWN_HALL
    line = short_line(place)
    if len(line) <= room or not place.phone:
        return line
    return f"{shorten(place.name, room - len(place.phone) - 1)} {place.phone}"
