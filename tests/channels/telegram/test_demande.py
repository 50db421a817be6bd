"""The form of a request held on Telegram with its buttons: each way of being answered, and never in a group."""

from __future__ import annotations

from itertools import count

import pytest

from bot.answers import choices
from bot.store.demandes import CALL, HERE, HOME, MEETING, DemandeDetails
from channels.telegram.buttons import word_of
from tests.channels.telegram import incoming
from tests.channels.telegram.conftest import Line
from tests.channels.telegram.incoming import GROUP, tap

NUMBER = "06 39 98 00 01"
_MESSAGES = count(100)
SKIP = choices.PERSON_SKIP
WAYS = {
    HERE: ([choices.PERSON_HERE, SKIP, SKIP], DemandeDetails(HERE)),
    CALL: (
        [choices.PERSON_CALL, NUMBER, choices.PERSON_MORNING, SKIP, SKIP],
        DemandeDetails(CALL, NUMBER, quand="le matin"),
    ),
    MEETING: (
        [choices.PERSON_MEETING, choices.PERSON_AT_PLACE, SKIP, "Gaël", choices.PERSON_ANY_TIME, SKIP, SKIP],
        DemandeDetails(MEETING, commune="Gaël"),
    ),
    HOME: (
        [choices.PERSON_MEETING, choices.PERSON_AT_HOME, NUMBER, SKIP, choices.PERSON_AFTERNOON, SKIP, SKIP],
        DemandeDetails(HOME, NUMBER, quand="l'après-midi"),
    ),
}


async def act(line: Line, said: str) -> None:
    """Tap the button of a value, under a message of its own, or write a text."""
    is_value = said in choices.PLAIN_VALUES
    await line.give(tap(word_of(said), message_id=next(_MESSAGES)) if is_value else incoming.text(said))


@pytest.mark.parametrize("moyen", WAYS)
async def test_each_way_is_asked_for_with_buttons(line: Line, moyen: str) -> None:
    said, details = WAYS[moyen]
    for one in (choices.PERSON, *said):
        await act(line, one)
    assert await line.assistant.list_demandes() == []
    await act(line, choices.PERSON_SEND)
    (demande,) = await line.assistant.list_demandes()
    assert (demande.details, demande.channel) == (details, "telegram")
    await act(line, choices.PERSON_STATE)
    last = (await line.transcript())[-1].answer
    assert last
    assert last.reference == demande.reference


async def test_an_answer_by_sms_is_not_offered_there(line: Line) -> None:
    line.assistant.composer.can_text = True
    await act(line, choices.PERSON)
    shown = (await line.transcript())[-1].answer
    assert shown
    assert {choice.value for choice in shown.choices} == {
        choices.PERSON_HERE,
        choices.PERSON_CALL,
        choices.PERSON_MEETING,
        choices.PLACES,
    }


@pytest.mark.parametrize("value", sorted(choices.STARTS_A_REQUEST | choices.ABOUT_A_REQUEST))
async def test_in_a_group_no_request_begins_and_none_is_told(line: Line, value: str) -> None:
    await line.give(tap(word_of(value), GROUP))
    found = await line.conversation(GROUP["id"])
    assert found is None or found.flow is None
