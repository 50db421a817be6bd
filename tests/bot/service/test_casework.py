"""What operators do with requests: one owner each, nothing told twice, the person always told."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.model.answer import AnswerType
from bot.service.assistant import Assistant
from bot.service.casework import MAX_REPLY, NotYours
from bot.service.desk import Gone
from bot.service.errors import EmptyText, TextTooLong
from bot.store import closures, deliveries, desk, journal
from bot.store import conversations as store
from bot.store.accounts import Role
from bot.store.closures import Mark
from bot.store.conversations import OPERATOR
from bot.store.demandes import DemandeDetails, Urgency
from tests.bot.service.operators import PASSWORD, ask_for_a_person, hire, last_words
from tests.bot.service.person import Person
from tests.bot.service.phone import Phone


async def test_of_twenty_who_click_at_once_one_has_it_and_the_others_see_who(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person)
    hands = [await hire(assistant, f"op{rank}", f"Opératrice {rank}") for rank in range(20)]
    results = await asyncio.gather(*(assistant.casework.claim(ticket.reference, hand) for hand in hands))
    assert results.count(None) == 1
    owner = f"Opératrice {results.index(None)}"
    assert {result for result in results if result is not None} == {owner}
    case = await assistant.desk.read(ticket.reference, hands[0])
    assert case.owner == owner
    assert [event.kind for event in case.events] == [desk.CREATED, desk.CLAIMED]


async def test_a_second_click_of_the_same_hand_changes_nothing(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    for _ in range(2):
        assert await assistant.casework.claim(ticket.reference, hand) is None
    told = [message for message in await assistant.transcript(person.id) if message.answer]
    assert sum("a pris votre demande" in message.answer.sms for message in told if message.answer) == 1


async def test_a_reply_reaches_the_conversation_under_the_name_the_operator_chose(
    assistant: Assistant, person: Person
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant, name="Nadia")
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.reply(ticket.reference, hand, "Bonjour.\n\nQuel est votre loyer ?", "clic")
    await assistant.casework.reply(ticket.reference, hand, "Bonjour.\n\nQuel est votre loyer ?", "clic")
    said = [message for message in await assistant.transcript(person.id) if message.sender == OPERATOR]
    assert [(message.answer.author, len(message.answer.blocks)) for message in said if message.answer] == [
        ("Nadia", 2)
    ]
    assert await assistant.state(person.id) == "operator"


@pytest.mark.parametrize(
    ("text", "refusal"), [("", EmptyText), (" \u200b ", EmptyText), ("a" * (MAX_REPLY + 1), TextTooLong)]
)
async def test_a_reply_that_cannot_be_sent_is_refused_and_stores_nothing(
    assistant: Assistant, person: Person, text: str, refusal: type[Exception]
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    before = await assistant.transcript(person.id)
    with pytest.raises(refusal):
        await assistant.casework.reply(ticket.reference, hand, text)
    assert await assistant.transcript(person.id) == before


async def test_an_operator_cannot_act_on_the_request_of_another_and_is_told_whose_it_is(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person)
    mine, other = await hire(assistant, "moi", "Moi"), await hire(assistant, "autre", "Camille")
    with pytest.raises(NotYours) as nobody:
        await assistant.casework.reply(ticket.reference, mine, "Bonjour")
    assert nobody.value.owner is None
    await assistant.casework.claim(ticket.reference, other)
    for act in (
        assistant.casework.reply(ticket.reference, mine, "Bonjour"),
        assistant.casework.release(ticket.reference, mine),
        assistant.casework.hand(ticket.reference, mine, mine),
        assistant.casework.ask_to_hand_on(ticket.reference, mine, "CAF"),
        assistant.casework.close(ticket.reference, mine, "repondu"),
    ):
        with pytest.raises(NotYours) as held:
            await act
        assert held.value.owner == "Camille"


async def test_a_request_that_the_person_erased_is_gone(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.erase(person.id)
    with pytest.raises(Gone):
        await assistant.casework.reply(ticket.reference, hand, "Bonjour")
    with pytest.raises(Gone):
        await assistant.desk.read(ticket.reference, hand)


async def test_without_consent_an_operator_reads_only_what_came_after_the_request(
    assistant: Assistant, person: Person
) -> None:
    await person.say("contact")
    before = await ask_for_a_person(person)
    hand = await hire(assistant)
    await assistant.casework.claim(before.reference, hand)
    await person.send("mon loyer est de 500 euros")
    read = await assistant.desk.read(before.reference, hand)
    assert [message.text for message in read.messages if message.text] == ["mon loyer est de 500 euros"]
    with_consent = await ask_for_a_person(person, joindre=True)
    read = await assistant.desk.read(with_consent.reference, hand)
    assert [message.text for message in read.messages if message.text][:1] == ["contact"]


async def test_closing_counts_the_end_without_anyone_and_gives_the_conversation_back(
    assistant: Assistant, person: Person
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    marks = [Mark("non_recours", "non_demande"), Mark("etape", "prouver"), Mark("etape", "prouver")]
    await assistant.casework.close(ticket.reference, hand, "droit_ouvert", marks)
    assert await assistant.state(person.id) == "bot"
    assert (await person.conversation()).talk == "bot"
    async with assistant._database.read() as connection:
        outcomes = await closures.count_outcomes(connection, date(2020, 1, 1), date(2100, 1, 1))
        counted = await closures.count_marks(connection, date(2020, 1, 1), date(2100, 1, 1))
    assert outcomes == {"droit_ouvert": None}  # one alone is not shown
    assert {(count.family, count.value, count.count) for count in counted} == {
        ("non_recours", "non_demande", None),
        ("etape", "prouver", None),
    }
    assert "Avez-vous eu votre réponse" in await last_words(person)


async def test_after_a_danger_nothing_is_asked_later(assistant: Assistant, person: Person) -> None:
    await person.say("mon mari me frappe")
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.close(ticket.reference, hand, "repondu")
    assert "a terminé votre demande" in await last_words(person)


async def test_a_closed_request_is_taken_up_again(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.close(ticket.reference, hand, "injoignable")
    assert await assistant.casework.reopen(ticket.reference, hand)
    assert not await assistant.casework.reopen(ticket.reference, hand)
    assert (await person.conversation()).talk == "operator"
    assert await assistant.state(person.id) == "operator"


async def test_given_to_a_colleague_it_is_theirs_and_the_person_knows_the_name(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person)
    mine, other = await hire(assistant, "moi", "Moi"), await hire(assistant, "autre", "Camille")
    await assistant.casework.claim(ticket.reference, mine)
    await assistant.casework.hand(ticket.reference, mine, other)
    assert "Camille s'occupe maintenant" in await last_words(person)
    await assistant.casework.reply(ticket.reference, other, "Bonjour")
    with pytest.raises(NotYours):
        await assistant.casework.reply(ticket.reference, mine, "Bonjour")


async def test_released_it_waits_again_and_the_person_knows(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.release(ticket.reference, hand)
    assert "attend de nouveau" in await last_words(person)
    assert await assistant.state(person.id) == "waiting"
    (item,) = await assistant.desk.queue()
    assert (item.demande.status, item.owner, item.demande.account_id) == ("waiting", None, None)


@pytest.mark.parametrize(
    ("choice", "kind"), [("transmettre:oui", desk.AGREED), ("transmettre:non", desk.REFUSED)]
)
async def test_another_body_is_given_the_request_only_after_a_yes(
    assistant: Assistant, person: Person, choice: str, kind: str
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    assert await assistant.casework.ask_to_hand_on(ticket.reference, hand, "CDAS")
    await person.pick(choice)
    case = await assistant.desk.read(ticket.reference, hand)
    assert (case.events[-1].kind, case.events[-1].body) == (kind, {"organisme": "CDAS"})


async def test_a_text_asked_for_on_the_web_goes_to_the_number_given(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person, "texto", telephone="06 39 98 00 01")
    hand = await hire(assistant, name="Nadia")
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.reply(ticket.reference, hand, "Votre dossier est complet.")
    phone = Phone(assistant)
    (queued,) = await phone.new()
    assert queued.text == "Nadia : Votre dossier est complet."
    assert queued.lane is deliveries.Lane.PUSH


async def test_by_sms_a_long_reply_is_one_message_and_not_pages(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.say("personne")
    conversation = await phone.conversation()
    ticket = await assistant.create_demande(
        DemandeDetails("retour"), conversation_id=conversation.id, channel="sms"
    )
    hand = await hire(assistant, name="Nadia")
    await assistant.casework.claim(ticket.reference, hand)
    await phone.new()
    words = "Il faut votre bail. " * 30
    await assistant.casework.reply(ticket.reference, hand, words)
    (queued,) = await phone.new()
    assert queued.text == f"Nadia : {words.strip()}"


async def test_reading_a_request_is_written_in_the_journal(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await assistant.desk.read(ticket.reference, hand)
    async with assistant._database.read() as connection:
        trail = await journal.list_of(connection, hand)
    assert (journal.READ, ticket.reference) in {(entry.action, entry.reference) for entry in trail}


async def test_search_finds_a_request_by_what_the_person_gave(assistant: Assistant, person: Person) -> None:
    ticket = await ask_for_a_person(
        person, "rappel", telephone="06 39 98 00 01", nom="Le Goff", mots="coupure", commune="Gaël"
    )
    hand = await hire(assistant)
    for words in (ticket.reference.lower(), "le goff", "0639980001", "06 39", "COUPURE", "gaël"):
        assert [item.demande.reference for item in await assistant.desk.search(words, hand)] == [
            ticket.reference
        ], words
    assert await assistant.desk.search("autre chose", hand) == []
    assert await assistant.desk.search("  ", hand) == []


async def test_without_consent_what_is_said_to_the_assistant_since_stays_between_them(
    assistant: Assistant, person: Person
) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await person.say("contact")
    await assistant.casework.claim(ticket.reference, hand)
    await person.send("je suis locataire")
    await person.say("ASSISTANT")
    await person.say("AIDE")
    read = await assistant.desk.read(ticket.reference, hand)
    assert [message.text for message in read.messages if message.text] == ["je suis locataire", "ASSISTANT"]
    assert not [message for message in read.messages if message.answer and "édité par" in message.answer.sms]


async def test_without_consent_a_danger_told_since_is_read(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    await person.say("je vais me tuer")
    read = await assistant.desk.read(ticket.reference, hand)
    assert "je vais me tuer" in [message.text for message in read.messages]
    assert AnswerType.URGENCE in [message.answer.type for message in read.messages if message.answer]


async def test_a_page_that_stays_open_is_one_reading(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    for _ in range(3):
        await assistant.desk.read(ticket.reference, hand)
    async with assistant._database.read() as connection:
        trail = await journal.list_of(connection, hand)
    assert [entry.action for entry in trail].count(journal.READ) == 1


async def test_a_request_goes_only_to_who_answers_and_is_there(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    desk_agent = await assistant.accounts.create("accueil", Role.AGENT, "Accueil", password=PASSWORD)
    gone = await hire(assistant, "partie", "Partie")
    await assistant.accounts.disable(gone)
    await assistant.casework.claim(ticket.reference, hand)
    for taker in (desk_agent.id, gone, 9999):
        with pytest.raises(NotYours):
            await assistant.casework.hand(ticket.reference, hand, taker)


async def test_a_responsable_puts_back_what_a_colleague_holds(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person), await hire(assistant)
    chief = await assistant.accounts.create("chef", Role.RESPONSABLE, "Chef", password=PASSWORD)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.release(ticket.reference, chief.id, of_anyone=True)
    assert await assistant.state(person.id) == "waiting"


async def test_the_subject_of_the_conversation_is_kept_only_with_a_yes(
    assistant: Assistant, person: Person
) -> None:
    async with assistant._database.write() as connection:
        answer = assistant.composer.fiche("apl", "montant")
        await store.add_message(
            connection, assistant._cipher, person.id, store.ASSISTANT, {"answer": answer.to_json()}
        )
    without, with_consent = await ask_for_a_person(person), await ask_for_a_person(person, joindre=True)
    subjects = {item.demande.reference: item.demande.subject for item in await assistant.desk.queue()}
    assert subjects == {without.reference: None, with_consent.reference: "apl"}


async def test_what_is_asked_of_the_assistant_after_the_end_is_the_persons_again(
    assistant: Assistant, person: Person
) -> None:
    ticket, hand = await ask_for_a_person(person, joindre=True), await hire(assistant)
    await assistant.casework.claim(ticket.reference, hand)
    await person.send("merci")
    await assistant.casework.close(ticket.reference, hand, "repondu")
    await person.say("contact")
    read = await assistant.desk.read(ticket.reference, hand)
    assert [message.text for message in read.messages if message.text] == ["merci"]


async def test_the_code_of_a_request_is_the_persons_alone(assistant: Assistant, person: Person) -> None:
    ticket, hand = await ask_for_a_person(person, joindre=True), await hire(assistant)
    assert ticket.code in await last_words(person)
    read = await assistant.desk.read(ticket.reference, hand)
    words = [str(message.answer.to_json()) for message in read.messages if message.answer]
    assert any(ticket.reference in said for said in words)
    assert not any(ticket.code in said for said in words)


async def test_a_danger_told_after_the_request_brings_its_time_forward(
    assistant: Assistant, person: Person
) -> None:
    ticket = await ask_for_a_person(person)
    (before,) = await assistant.desk.queue()
    await person.say("je vais me tuer")
    (after,) = await assistant.desk.queue()
    assert (after.demande.reference, after.demande.urgency) == (ticket.reference, Urgency.DANGER)
    assert before.demande.due_at
    assert after.demande.due_at
    assert after.demande.due_at < before.demande.due_at
