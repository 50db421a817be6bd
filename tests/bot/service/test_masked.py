"""What identifies is stored nowhere and reaches no one, but where a person was asked for it."""

from __future__ import annotations

import pytest

from bot.model.answer import AnswerType
from bot.render.gsm import count_segments, to_gsm
from bot.service.assistant import Assistant
from bot.store import queues
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.operators import ask_for_a_person, hire
from tests.bot.service.person import Person, words_of
from tests.bot.service.phone import Phone
from tests.stored_values import everything_stored

NUMBER, TRACE = "06 39 98 00 77", "98 00 77"
ADDRESS = "moi.meme@exemple.fr"
KINDS = {
    "nir": ("1 85 05 78 006 084 91", "006 084"),
    "iban": ("FR76 3000 6000 0112 3456 7890 189", "3456"),
    "carte": ("4111 1111 1111 1111", "1111"),
    "telephone": (NUMBER, TRACE),
    "courriel": (ADDRESS, "exemple.fr"),
}
each_kind = pytest.mark.parametrize(("written", "trace"), KINDS.values(), ids=KINDS)
PUBLIC = "02 96 60 47 87"  # a France services of data/lieux


@pytest.fixture
async def taken(assistant: Assistant, person: Person) -> tuple[str, int]:
    """A request answered in the conversation, taken by an operator."""
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    return ticket.reference, hand


# -- stored nowhere


@each_kind
async def test_nothing_of_it_is_stored_nor_given_to_rasa(
    person: Person, rasa: RasaStandIn, written: str, trace: str
) -> None:
    notice, _ = await person.hear(await person.send(f"combien pour le rsa {written}"), 2)
    assert "J'ai masqué" in words_of(notice)
    assert trace not in await everything_stored(person.assistant)
    assert rasa.texts == ["combien pour le rsa"]


@each_kind
async def test_by_sms_nothing_of_it_is_stored_and_the_word_about_it_is_one_segment(
    assistant: Assistant, rasa: RasaStandIn, written: str, trace: str
) -> None:
    phone = Phone(assistant)
    await phone.ask("AIDE")
    notice, _ = await phone.say(f"combien pour le rsa {written}", answers=2)
    assert notice.startswith("Masqué")
    assert count_segments(notice) == 1
    assert trace not in await everything_stored(assistant)
    assert rasa.texts == ["combien pour le rsa"]


async def test_every_kind_at_once_is_one_sentence_and_one_segment(person: Person) -> None:
    receipt = await person.send(f"le rsa {' et '.join(written for written, _ in KINDS.values())}")
    (notice,) = await person.replies(receipt)
    assert "un numéro de carte bancaire, un numéro de téléphone et une adresse e-mail" in words_of(notice)
    assert count_segments(to_gsm(notice.sms)) == 1


async def test_a_public_number_is_not_masked(person: Person, rasa: RasaStandIn) -> None:
    await person.hear(await person.send(f"c'est quoi le {PUBLIC}"))
    assert rasa.texts == [f"c'est quoi le {PUBLIC}"]


async def test_a_command_word_beside_a_number_is_still_one(person: Person) -> None:
    assert "Effacer votre conversation" in words_of(await person.say(f"effacer {NUMBER}"))


# -- nothing but a number


@pytest.mark.parametrize("text", [NUMBER, f"voici mon numéro : {NUMBER}", f"mon mail {ADDRESS} merci"])
async def test_contact_details_alone_are_answered_by_a_call_back(person: Person, text: str) -> None:
    (answer,) = await person.hear(await person.send(text))
    assert "Voulez-vous qu'on vous rappelle" in words_of(answer)
    assert "personne:rappel" in [choice.value for choice in answer.choices]
    assert (await person.conversation()).choices == answer.choices


async def test_by_sms_the_word_rappel_then_begins_the_request(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.ask("AIDE")
    alone = await phone.ask(NUMBER)
    assert count_segments(alone) == 1
    await phone.ask("RAPPEL")
    assert "Vous joindre au numéro de ce téléphone" in await phone.ask("NON")


async def test_an_identifier_alone_is_answered_by_asking_for_the_question(person: Person) -> None:
    answer = await person.say(KINDS["nir"][0])
    assert "Quelle est votre question" in words_of(answer)


async def test_behind_a_message_that_waits_a_number_alone_is_answered_at_once(person: Person) -> None:
    await person.send("combien pour le rsa ?")
    assert not (await person.send(NUMBER)).needs_answer


# -- dangers


async def test_a_danger_gets_its_numbers_first_and_the_word_about_the_mask_after(person: Person) -> None:
    (answer,) = await person.hear(await person.send(f"mon mari me frappe, appelez le {NUMBER}"))
    assert answer.type is AnswerType.URGENCE
    words = words_of(answer)
    assert -1 < words.index("3919") < words.index("J'ai masqué")
    assert TRACE not in await everything_stored(person.assistant)


async def test_a_danger_told_by_sms_stays_within_two_segments(assistant: Assistant) -> None:
    text = await Phone(assistant).ask(f"mon mari me frappe, appelez le {NUMBER}")
    assert "17" in text
    assert count_segments(text) <= 2


# -- where it is asked for


async def test_the_number_that_the_form_asks_for_is_kept_and_an_address_beside_it_is_not(
    person: Person,
) -> None:
    await person.pick("personne:rappel")
    answer = await person.say(f"le {NUMBER} ou {ADDRESS}")
    assert "moment" in words_of(answer)
    assert TRACE in str((await person.conversation()).flow)
    assert ADDRESS not in await everything_stored(person.assistant)


async def test_elsewhere_in_the_form_contact_details_are_masked_and_nothing_leads_out_of_it(
    person: Person,
) -> None:
    await person.pick("personne:retour")
    await person.say("Mme Essai")
    receipt = await person.send(f"on me joint au {NUMBER}")
    notice, confirm = await person.hear(receipt, 2)
    assert "J'ai masqué un numéro de téléphone" in words_of(notice)
    assert notice.choices == ()
    assert "[numéro de téléphone masqué]" in words_of(confirm)
    assert TRACE not in await everything_stored(person.assistant)


async def test_a_form_left_for_a_question_that_waits_keeps_no_number(
    person: Person, rasa: RasaStandIn
) -> None:
    """Its turn comes after the answer, when the form is over: it would go to Rasa."""
    rasa.hold()
    await person.pick("personne:rappel")
    await person.send(choice="fiche:apl")
    await person.send(f"le {NUMBER}, et l'apl ?")
    rasa.released.set()
    assert TRACE not in await everything_stored(person.assistant)


async def test_contact_details_reach_the_operator_who_talks_with_the_person(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    said = f"rappelez-moi au {NUMBER} ou {ADDRESS}, nir {KINDS['nir'][0]}"
    await person.hear(await person.send(said), 2)
    case = await assistant.desk.read(*taken)
    assert [message.text for message in case.messages if message.text] == [
        f"rappelez-moi au {NUMBER} ou {ADDRESS}, nir [numéro de sécurité sociale masqué]"
    ]


async def test_once_the_person_is_back_with_the_assistant_they_are_masked_again(
    person: Person, taken: tuple[str, int]
) -> None:
    await person.say("ASSISTANT")
    await person.send(f"le rsa, au {NUMBER}")
    assert TRACE not in await everything_stored(person.assistant)


async def test_once_the_operator_is_gone_they_are_masked_again(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    await assistant.casework.release(*taken)
    await person.send(f"le rsa, au {NUMBER}")
    assert TRACE not in await everything_stored(assistant)


async def test_once_the_request_is_withdrawn_from_its_page_they_are_masked_again(
    assistant: Assistant, person: Person
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    assert await assistant.erase_demande(ticket.reference, ticket.code)
    await person.send(f"le rsa, au {NUMBER}")
    assert TRACE not in await everything_stored(assistant)


async def test_a_number_that_an_operator_writes_reaches_the_person(
    assistant: Assistant, person: Person, taken: tuple[str, int]
) -> None:
    await assistant.casework.reply(*taken, f"Appelez la mairie au {PUBLIC}.")
    last = (await assistant.transcript(person.id))[-1]
    assert last.answer
    assert PUBLIC in words_of(last.answer)


async def test_what_waits_for_rasa_is_masked_too(person: Person) -> None:
    await person.send(f"combien pour le rsa {NUMBER}")
    async with person.assistant._database.read() as connection:
        item = await queues.next_to_answer(connection, person.assistant._cipher, person.id)
    assert item
    assert item.body == {"text": "combien pour le rsa [numéro de téléphone masqué]"}
