"""A person asks what is held about them, and takes a copy."""

from __future__ import annotations

import json

from bot.answers import choices
from bot.intake import commands
from bot.render.text import render_text
from bot.service.assistant import Assistant
from bot.service.own_data import as_text
from tests.bot.service.operators import ask_for_a_person, hire
from tests.bot.service.person import Person
from tests.bot.service.phone import Phone

ASKS = "qu'avez-vous sur moi ?"
RARE = "zibeline bleutée"


async def test_it_is_answered_while_rasa_is_stopped(person: Person) -> None:
    receipt = await person.send(ASKS)
    (answer,) = await person.replies(receipt)
    assert not receipt.needs_answer
    assert "1 messages" in render_text(answer)


async def test_it_counts_what_was_said_and_names_the_request(person: Person) -> None:
    await person.say("aide")
    ticket = await ask_for_a_person(person, telephone="06 39 98 00 01")
    text = render_text(await person.say(ASKS))
    assert "4 messages" in text  # the welcome, a word and its answer, the reference
    assert f"{ticket.reference}, en attente" in text
    assert ticket.code not in text


async def test_a_form_in_progress_stays_where_it_is(person: Person) -> None:
    await person.pick(choices.PERSON_CALL)
    before = (await person.conversation()).flow
    answer = await person.say("mes données")
    assert "en cours" in render_text(answer)
    assert (await person.conversation()).flow == before


async def test_a_choice_asks_the_same(person: Person) -> None:
    answer = await person.pick(choices.OWN_DATA)
    assert answer.blocks[0].title == "Vos données"


async def test_behind_a_message_that_waits_it_is_answered_all_the_same(person: Person) -> None:
    await person.send(RARE)  # Rasa is not there: it waits
    receipt = await person.send(ASKS)
    assert not receipt.needs_answer


async def test_by_sms_it_is_one_text_with_the_ways_on(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.ask("AIDE")
    sms = await phone.ask("koi vs avez sur moi")
    assert "Sur vous, chiffré : 2 messages" in sms
    assert "votre numéro" in sms
    assert "EFFACER" in sms
    assert "PERSONNE" in sms


async def test_after_nouveau_only_what_is_in_hand_is_told(assistant: Assistant) -> None:
    """Somebody else may hold the phone by then."""
    phone = Phone(assistant)
    for _ in range(3):
        await phone.ask("AIDE")
    await phone.ask("NOUVEAU")
    assert "chiffré : 2 messages" in await phone.ask(commands.OWN_DATA)


async def test_the_copy_holds_everything_and_no_code(person: Person) -> None:
    await person.send(RARE)
    ticket = await ask_for_a_person(person, nom="Nom rare", telephone="06 39 98 00 01", mots="mots rares")
    account_id = await hire(person.assistant)
    await person.assistant.casework.claim(ticket.reference, account_id)
    await person.assistant.casework.reply(ticket.reference, account_id, "réponse rare")
    await person.assistant.casework.note(ticket.reference, account_id, "note secrète")
    export = await person.assistant.own_data.export(person.id)
    assert export
    for text in (json.dumps(export, ensure_ascii=False), as_text(export)):
        for held in (RARE, "Nom rare", "06 39 98 00 01", "mots rares", "réponse rare", ticket.reference):
            assert held in text, held
        for hidden in (ticket.code, person.token, "note secrète"):
            assert hidden not in text, hidden
    assert export["requests"][0]["team_notes"] == 1
    assert [event["what"] for event in export["requests"][0]["followed"]] == [
        "prise par une personne du service",
        "réponse écrite",
    ]


async def test_the_copy_holds_what_is_written_in_a_form_that_is_not_sent(person: Person) -> None:
    await person.pick(choices.PERSON_CALL)
    await person.say("06 39 98 00 02")
    export = await person.assistant.own_data.export(person.id)
    assert export
    assert export["conversation"]["form_in_progress"]["telephone"] == "06 39 98 00 02"
    assert "06 39 98 00 02" in as_text(export)


async def test_a_request_that_nobody_touched_is_copied_too(person: Person) -> None:
    ticket = await ask_for_a_person(person)
    export = await person.assistant.own_data.export(person.id)
    assert export
    assert export["requests"][0]["team_notes"] == 0
    assert export["requests"][0]["given"] == {"moyen": "retour"}
    assert f"{ticket.reference}, en attente" in as_text(export)


async def test_of_an_erased_conversation_nothing_is_left_to_copy(person: Person) -> None:
    await person.assistant.erase(person.id)
    assert await person.assistant.own_data.export(person.id) is None
    assert await person.assistant.own_data.summary(person.id) is None
