"""Receiving: cleaned, masked, stored once, and only then acknowledged. Nobody listens as Rasa here."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.model.answer import AnswerType
from bot.service.assistant import Assistant
from bot.service.errors import ConversationGone, EmptyText, Refused, TextTooLong, UnknownChoice
from bot.service.intake import MAX_TEXT, Incoming
from bot.settings import Settings
from bot.store import queues
from bot.store.schema import inbox, metadata
from tests.bot.service.person import Person, words_of

QUESTION = "combien pour le rsa ?"
NIR = "1 85 05 78 006 084 91"


async def rows_in_every_table(assistant: Assistant) -> dict[str, int]:
    async with assistant._database.read() as connection:
        return {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


async def test_a_message_is_stored_before_it_is_acknowledged(person: Person) -> None:
    receipt = await person.send(QUESTION)
    assert receipt.needs_answer
    assert await person.texts() == [QUESTION]
    async with person.assistant._database.read() as connection:
        assert (await queues.counts(connection))["a_repondre"] == 1


async def test_the_same_message_sent_twice_is_one_message(person: Person) -> None:
    first = await person.send(QUESTION, client_id="c1")
    again = await person.send(QUESTION, client_id="c1")
    assert (again.seq, again.duplicate) == (first.seq, True)
    assert await person.texts() == [QUESTION]


async def test_the_same_choice_sent_twice_asks_once(person: Person) -> None:
    first = await person.send(choice="personne", client_id="c1")
    before = await person.hear(first)
    again = await person.send(choice="personne", client_id="c1")
    assert await person.replies(again) == before


async def test_the_same_id_in_two_conversations_is_two_messages(assistant: Assistant) -> None:
    for person in (await Person.arrive(assistant), await Person.arrive(assistant)):
        receipt = await person.send(QUESTION, client_id="c1")
        assert not receipt.duplicate


async def test_messages_without_an_id_are_never_taken_for_one_another(person: Person) -> None:
    for _ in range(2):
        assert not (await person.send("aide")).duplicate
    assert await person.texts() == ["aide", "aide"]


@pytest.mark.parametrize(
    ("incoming", "refusal"),
    [
        (Incoming(""), EmptyText),
        (Incoming("  \n\t "), EmptyText),
        (Incoming("\u200b\u200b\x00"), EmptyText),
        (Incoming("a" * (MAX_TEXT + 1)), TextTooLong),
        (Incoming(choice="fiche:inconnue"), UnknownChoice),
        (Incoming(choice="/restart"), UnknownChoice),
        (Incoming(choice=""), UnknownChoice),
        (Incoming("bonjour", choice="autre"), UnknownChoice),
    ],
)
async def test_what_is_refused_stores_nothing(
    person: Person, incoming: Incoming, refusal: type[Refused]
) -> None:
    before = await rows_in_every_table(person.assistant)
    with pytest.raises(refusal):
        await person.assistant.receive(person.id, incoming)
    assert await rows_in_every_table(person.assistant) == before


async def test_a_conversation_that_is_not_there_is_refused(assistant: Assistant) -> None:
    before = await rows_in_every_table(assistant)
    with pytest.raises(ConversationGone):
        await assistant.receive("inconnue", Incoming("bonjour"))
    assert await rows_in_every_table(assistant) == before


async def test_a_message_with_neither_text_nor_choice_is_refused(person: Person) -> None:
    with pytest.raises(EmptyText):
        await person.send()


async def test_the_longest_message_is_taken_whole(person: Person) -> None:
    text = ("mot " * MAX_TEXT)[: MAX_TEXT - 1] + "."
    await person.send(text)
    assert await person.texts() == [text]


async def test_invisible_characters_are_not_stored(person: Person) -> None:
    await person.send(" r\u200bsa\u202e \r\n montant\x00 ")
    assert await person.texts() == ["rsa \n montant"]


async def test_an_identifier_is_masked_before_it_is_stored_and_the_person_is_told(person: Person) -> None:
    receipt = await person.send(f"mon numéro {NIR}, combien pour le rsa")
    assert await person.texts() == ["mon numéro [numéro de sécurité sociale masqué], combien pour le rsa"]
    (notice,) = [a for a in await person.replies(receipt) if a.type is AnswerType.CONFIDENTIALITE]
    assert "un numéro de sécurité sociale" in words_of(notice)
    async with person.assistant._database.read() as connection:
        item = await queues.next_to_answer(connection, person.assistant._cipher, person.id)
    assert item
    assert NIR not in str(item.body)


async def test_an_identifier_given_in_the_form_is_masked_too(person: Person) -> None:
    await person.pick("personne:retour")
    await person.say("Mme Essai")
    answer = await person.say(f"mon numéro est {NIR}")
    assert NIR not in words_of(answer)
    await person.pick("personne:envoyer")
    (demande,) = await person.assistant.list_demandes()
    assert demande.details.mots == "mon numéro est [numéro de sécurité sociale masqué]"


async def test_the_choices_shown_stay_when_an_identifier_is_masked(person: Person) -> None:
    before = (await person.conversation()).choices
    await person.send(f"combien avec {NIR}")
    assert (await person.conversation()).choices == before != ()


async def test_a_choice_typed_is_stored_as_typed_and_read_as_picked(person: Person) -> None:
    await person.say("aide")
    receipt = await person.send("la première")
    assert receipt.needs_answer
    assert (await person.texts())[-1] == "la première"
    async with person.assistant._database.read() as connection:
        item = await queues.next_to_answer(connection, person.assistant._cipher, person.id)
    assert item
    assert item.body == {"text": "la première", "choice": "fiche:apl"}


async def test_a_choice_picked_stands_in_the_transcript_with_its_words(person: Person) -> None:
    await person.pick("personne")
    assert await person.texts() == ["Parler à une personne"]


# -- behind a message that still waits


async def test_behind_a_message_that_waits_the_next_one_waits_its_turn(person: Person) -> None:
    await person.send(QUESTION)
    assert (await person.send(choice="lieux")).needs_answer
    assert (await person.send("Gaël")).needs_answer
    async with person.assistant._database.read() as connection:
        assert (await queues.counts(connection))["a_repondre"] == 3


async def test_a_danger_is_answered_at_once_even_behind_messages_that_wait(person: Person) -> None:
    waiting = await person.send(QUESTION)
    answer = await person.say("mon mari me frappe")
    assert answer.type is AnswerType.URGENCE
    assert "17" in words_of(answer)
    assert AnswerType.URGENCE not in [reply.type for reply in await person.replies(waiting)]
    async with person.assistant._database.read() as connection:
        assert (await queues.counts(connection))["a_repondre"] == 1


async def test_a_danger_is_answered_in_the_middle_of_the_form_and_the_form_is_kept(person: Person) -> None:
    await person.pick("personne:rappel")
    before = (await person.conversation()).flow
    answer = await person.say("je veux mourir")
    assert answer.type is AnswerType.URGENCE
    assert (await person.conversation()).flow == before is not None
    assert "moment" in words_of(await person.say("06 12 34 56 78"))


async def test_a_danger_is_answered_in_the_middle_of_the_form_behind_a_message_that_waits(
    person: Person,
) -> None:
    await person.pick("personne:retour")
    flow = (await person.conversation()).flow
    await person.send(choice="fiche:rsa")  # leaves the form once answered; Rasa is away
    assert (await person.say("il y a le feu chez moi")).type is AnswerType.URGENCE
    assert (await person.conversation()).flow == flow


@pytest.mark.parametrize("word", ["STOP", "personne", "effacer", "aide", "contact"])
async def test_a_command_is_answered_at_once_even_behind_messages_that_wait(
    person: Person, word: str
) -> None:
    await person.send(QUESTION)
    assert not (await person.send(word)).needs_answer


async def test_a_conversation_can_be_erased_while_a_message_waits(person: Person) -> None:
    await person.send(QUESTION)
    await person.say("effacer")
    receipt = await person.send("oui")
    assert receipt.erased
    with pytest.raises(ConversationGone):
        await person.send("bonjour")


async def test_nothing_a_person_wrote_can_be_read_in_the_data_folder(
    person: Person, settings: Settings
) -> None:
    await person.pick("personne:retour")
    await person.say("motsecretdelapersonne")
    await person.pick("personne:annuler")
    await person.send("motsecretdelapersonne")
    for path in Path(settings.var).rglob("*"):
        if path.is_file():
            assert b"motsecret" not in path.read_bytes(), path
    async with person.assistant._database.read() as connection:
        assert len((await connection.execute(sa.select(inbox))).all()) == 4


async def test_a_message_is_weighed_for_danger_once_and_beside_the_loop(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = person.assistant.danger
    find = detector._find
    on_the_loop: list[bool] = []

    def note(text: str) -> tuple[str, ...]:
        on_the_loop.append(threading.current_thread() is threading.main_thread())
        return find(text)

    monkeypatch.setattr(detector, "_find", note)
    await person.send("une question ordinaire")
    assert on_the_loop == [False]
