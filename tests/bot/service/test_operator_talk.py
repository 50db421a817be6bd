"""Between a person and an operator: who hears a message, and the assistant one word away."""

from __future__ import annotations

import pytest

from bot.model.answer import AnswerType
from bot.service.assistant import Assistant
from bot.store.demandes import Urgency
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.operators import ask_for_a_person, hire
from tests.bot.service.person import Person, words_of


@pytest.fixture
async def taken(assistant: Assistant, person: Person) -> tuple[str, int]:
    """A request answered in the conversation, taken by Nadia."""
    ticket, hand = await ask_for_a_person(person), await hire(assistant, name="Nadia")
    await assistant.casework.claim(ticket.reference, hand)
    return ticket.reference, hand


async def test_words_go_to_the_operator_and_the_person_is_told_once(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    first = await person.send("je loue depuis mars")
    assert not first.needs_answer
    assert "Nadia a reçu votre message" in words_of((await person.hear(first))[0])
    second = await person.send("et je suis seule")
    assert not second.needs_answer
    assert await person.replies(second) == []
    case = await assistant.desk.read(*taken)
    assert [message.text for message in case.messages if message.text] == [
        "je loue depuis mars",
        "et je suis seule",
    ]
    await assistant.casework.reply(*taken, "Merci.")
    third = await person.send("d'accord")
    assert "Nadia a reçu" in words_of((await person.hear(third))[0])


@pytest.mark.parametrize("word", ["ASSISTANT", "robot", "retour"])
async def test_one_word_gives_the_assistant_back_and_the_request_stays_followed(
    assistant: Assistant, person: Person, taken: tuple[str, int], rasa: RasaStandIn, word: str
) -> None:
    assert "Vous parlez de nouveau à l'assistant" in words_of(await person.say(word))
    assert (await person.send("c'est quoi le rsa")).needs_answer
    assert await assistant.state(person.id) == "operator"
    answer = await person.pick("personne:repondre")
    assert "Nadia le lira" in words_of(answer)
    assert not (await person.send("mon loyer est de 500 euros")).needs_answer


async def test_a_choice_picked_in_a_list_is_the_assistants_to_answer(
    person: Person, taken: tuple[str, int]
) -> None:
    assert (await person.send(choice="fiche:apl:montant")).needs_answer


async def test_a_digit_said_to_an_operator_is_not_a_pick_in_the_menu_of_before(
    person: Person, taken: tuple[str, int]
) -> None:
    assert not (await person.send("1")).needs_answer


async def test_a_danger_told_to_an_operator_gets_the_numbers_at_once_and_comes_first_in_the_queue(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    answer = await person.say("je vais me tuer")
    assert answer.type is AnswerType.URGENCE
    case = await assistant.desk.read(*taken)
    assert case.demande.urgency is Urgency.DANGER
    assert "je vais me tuer" in [message.text for message in case.messages]


async def test_command_words_work_while_an_operator_holds_the_request(
    person: Person, taken: tuple[str, int]
) -> None:
    assert (await person.say("AIDE")).type is AnswerType.ACCUEIL
    assert "Effacer votre conversation" in words_of(await person.say("effacer"))


async def test_once_the_operator_is_gone_words_are_the_assistants_again(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    await assistant.casework.release(*taken)
    assert (await person.send("c'est quoi le rsa")).needs_answer
    assert "Aucune personne du service" in words_of(await person.pick("personne:repondre"))


async def test_a_request_to_be_called_does_not_take_the_conversation_away_from_the_assistant(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person, "rappel", telephone="06 39 98 00 01")
    await assistant.casework.claim(ticket.reference, await hire(assistant))
    assert (await person.send("c'est quoi le rsa")).needs_answer


async def test_waiting_on_gives_a_new_time(assistant: Assistant, person: Person) -> None:
    ticket = await ask_for_a_person(person)
    answer = await person.pick("personne:attendre")
    assert ticket.reference in words_of(answer)
    assert "reste en attente" in words_of(answer)
