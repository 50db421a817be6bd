"""What a person asks of a request they sent, and what they answer to the questions asked later. Nobody listens as Rasa."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.answers.compose import Composer
from bot.model.answer import Answer
from bot.service.after_request import AfterRequest, asks_for_the_state, asks_to_withdraw, reference_in
from bot.service.assistant import Assistant
from bot.service.office import Office
from bot.service.promises import Promises
from bot.store import followups
from bot.store.database import now
from bot.store.demandes import HERE, WAITING, Demande, DemandeDetails
from bot.store.schema import demandes
from tests.bot.service.operators import ask_for_a_person, hire
from tests.bot.service.person import Person, words_of
from tests.bot.service.phone import Phone


@pytest.mark.parametrize(
    "text",
    [
        "Où en est ma demande ?",
        "ou en est ma demande svp",
        "ma demande en est où",
        "Bonjour, ma demande elle en est où ?",
        "des nouvelles de ma demande ?",
        "avez-vous des nouvelles de ma demande",
        "où en est ma demande de rappel",
        "état de ma demande",
        "ÉTAT",
    ],
)
def test_the_state_of_the_request_is_asked_in_many_words(text: str) -> None:
    assert asks_for_the_state(text)


@pytest.mark.parametrize(
    "text",
    [
        "où en est ma demande de RSA",
        "ma demande de logement en est où",
        "où en est mon dossier",
        "des nouvelles de ma demande d'APL",
        "comment faire ma demande",
        "ma demande",
        "l'état civil",
    ],
)
def test_a_question_about_a_right_stays_a_question(text: str) -> None:
    assert not asks_for_the_state(text)
    assert not asks_to_withdraw(text)


@pytest.mark.parametrize("text", ["retirer ma demande", "je veux annuler ma demande svp", "RETIRER"])
def test_the_request_is_withdrawn_in_many_words(text: str) -> None:
    assert asks_to_withdraw(text)


@pytest.mark.parametrize("text", ["annuler ma demande de RSA", "annuler", "supprimer mon compte caf"])
def test_what_ends_something_else_withdraws_nothing(text: str) -> None:
    assert not asks_to_withdraw(text)


@pytest.mark.parametrize(
    "text", ["BC-2345", "bc 2345", "bc2345", "Ma référence : BC-2345", "demande BC-2345."]
)
def test_a_reference_is_read_as_people_write_it(text: str) -> None:
    assert reference_in(text) == "BC-2345"


@pytest.mark.parametrize("text", ["35290", "la 2345", "BC-23456", "mon BC-2345 est perdu", "ae-2345", ""])
def test_what_is_not_a_reference_is_not_taken_for_one(text: str) -> None:
    assert reference_in(text) is None


# -- the state


async def test_without_a_request_the_same_words_are_a_question_like_another(person: Person) -> None:
    assert (await person.send("où en est ma demande ?")).needs_answer
    other = await Person.arrive(person.assistant)
    assert (await other.send("BC-2345")).needs_answer


async def test_the_button_without_a_request_says_so(person: Person) -> None:
    assert "pas de demande en cours" in words_of(await person.pick("personne:etat"))


async def test_a_request_that_waits_says_so_and_can_be_withdrawn(person: Person) -> None:
    ticket = await ask_for_a_person(person)
    for text in ("où en est ma demande ?", ticket.reference, f"ma référence {ticket.reference.lower()}"):
        answer = await person.say(text)
        assert f"Votre demande {ticket.reference} attend" in words_of(answer)
        assert "Une personne lit votre demande au plus tard" in words_of(answer)
        assert "personne:retirer" in {choice.value for choice in answer.choices}
        assert answer.reference == ticket.reference


async def test_the_reference_of_another_conversation_opens_nothing(person: Person) -> None:
    other = await Person.arrive(person.assistant)
    theirs = await ask_for_a_person(other)
    await ask_for_a_person(person)
    assert (await person.send(theirs.reference)).needs_answer


async def test_a_request_nobody_took_in_time_is_said_late(person: Person) -> None:
    await ask_for_a_person(person)
    async with person.assistant._database.write() as connection:
        await connection.execute(demandes.update().values(due_at=now() - timedelta(minutes=1)))
    assert "plus long que prévu" in words_of(await person.pick("personne:etat"))


async def test_a_request_taken_answered_then_closed_says_by_whom(person: Person) -> None:
    ticket = await ask_for_a_person(person, "rappel", telephone="06 39 98 00 01")
    operator = await hire(person.assistant, name="Nolwenn")
    await person.assistant.casework.claim(ticket.reference, operator)
    assert "Nolwenn a pris votre demande" in words_of(await person.pick("personne:etat"))
    await person.assistant.casework.reply(ticket.reference, operator, "Je vous appelle ce soir.")
    assert "Nolwenn a répondu" in words_of(await person.pick("personne:etat"))
    async with person.assistant._database.write() as connection:
        await connection.execute(demandes.update().values(status="closed"))
    assert "est terminée" in words_of(await person.pick("personne:etat"))


async def test_of_several_requests_the_newest_open_one_is_told(person: Person) -> None:
    old, new = await ask_for_a_person(person), await ask_for_a_person(person)
    async with person.assistant._database.write() as connection:
        query = demandes.update().where(demandes.c.reference == new.reference)
        await connection.execute(query.values(status="closed"))
    assert (await person.pick("personne:etat")).reference == old.reference
    assert (await person.say(new.reference)).reference == new.reference


async def test_in_the_form_of_another_request_the_words_are_an_answer_of_the_form(person: Person) -> None:
    await ask_for_a_person(person)
    await person.pick("personne:retour")
    assert "bloque" in words_of(await person.say("état"))


async def test_by_sms_the_state_is_asked_with_one_word(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.ask("PERSONNE")
    for text in ("ICI", "PASSER", "PASSER"):
        await phone.ask(text)
    recorded = await phone.ask("ENVOYER")
    assert "viendra par SMS" in recorded
    assert "attend" in await phone.ask("ETAT")


# -- to withdraw it


async def test_a_request_is_withdrawn_after_a_clear_yes_only(person: Person) -> None:
    ticket = await ask_for_a_person(person)
    asked = await person.say("retirer ma demande")
    assert ticket.reference in words_of(asked)
    assert len(await person.assistant.list_demandes()) == 1
    assert "ne retire rien" in words_of(await person.say("non"))
    await person.say("retirer ma demande")
    assert "est retirée" in words_of(await person.say("oui"))
    assert await person.assistant.list_demandes(all_states=True) == []
    assert await person.assistant.state(person.id) == "bot"


async def test_a_withdrawal_leaves_the_requests_of_others(person: Person) -> None:
    other = await Person.arrive(person.assistant)
    theirs = await ask_for_a_person(other)
    await ask_for_a_person(person)
    await person.pick("personne:retirer")
    await person.pick("personne:retirer-oui")
    assert [demande.reference for demande in await person.assistant.list_demandes()] == [theirs.reference]


async def test_a_second_tap_on_the_withdrawal_says_there_is_none(person: Person) -> None:
    await ask_for_a_person(person)
    await person.pick("personne:retirer-oui")
    assert "pas de demande en cours" in words_of(await person.pick("personne:retirer-oui"))


async def test_a_request_withdrawn_while_an_operator_talks_gives_the_assistant_back(person: Person) -> None:
    ticket = await ask_for_a_person(person)
    operator = await hire(person.assistant)
    await person.assistant.casework.claim(ticket.reference, operator)
    await person.pick("personne:retirer-oui")
    assert (await person.conversation()).talk == "bot"


# -- when it is read


def day_after_tomorrow() -> str:
    """Return hours of the day after tomorrow alone: closed now, and until then."""
    return f"{('Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su')[(now() + timedelta(days=2)).weekday()]} 09:00-17:00"


@pytest.mark.parametrize("hours", ["24/7", day_after_tomorrow()])
async def test_while_nobody_answers_it_is_said_until_when(
    person: Person, composer: Composer, hours: str
) -> None:
    promises = Promises(Office(hours), person.assistant.settings)
    after = AfterRequest(person.assistant._cipher, composer, promises)
    waiting = Demande("BC-2345", None, "web", "essai", now(), WAITING, DemandeDetails(HERE), due_at=now())
    async with person.assistant._database.read() as connection:
        words = words_of(await after.state(connection, replace(waiting, due_at=now() + timedelta(hours=1))))
    assert ("Personne ne peut vous répondre avant" in words) is not promises.office.is_open(now())


async def test_a_request_recorded_says_when_it_is_read(person: Person) -> None:
    await ask_for_a_person(person)
    said = (await person.assistant.transcript(person.id))[-1].answer
    assert said
    assert "Une personne lit votre demande" in words_of(said)


# -- the questions asked later


async def planned(person: Person) -> list[tuple[str, str | None, str | None]]:
    async with person.assistant._database.read() as connection:
        rows = (await connection.execute(sa.select(followups.followups))).all()
    return [(row.kind, row.subject, row.answer) for row in rows]


async def ask_later(person: Person, kind: str, subject: str | None = "rsa") -> None:
    async with person.assistant._database.write() as connection:
        await followups.plan(connection, person.id, kind, subject, now())
        await followups.mark_asked(connection, person.id, kind)


async def test_a_yes_is_thanked_and_one_more_question_needs_its_own_yes(person: Person) -> None:
    await ask_later(person, followups.ANSWER)
    thanks, asked = await person.hear(await person.send(choice="suivi:oui"), 2)
    assert "Merci" in words_of(thanks)
    assert "3 semaines" in words_of(asked)
    assert await planned(person) == [("reponse", "rsa", "oui")]
    assert "dans 3 semaines" in words_of(await person.pick("suivi:accord"))
    assert ("droit", "rsa", None) in await planned(person)
    async with person.assistant._database.read() as connection:
        right = await followups.find(connection, person.id, followups.RIGHT)
    assert right
    assert timedelta(days=20) < right.due_at - now() <= timedelta(days=21)


@pytest.mark.parametrize("no", ["suivi:refus", None])
async def test_without_that_yes_nothing_is_planned(person: Person, no: str | None) -> None:
    await ask_later(person, followups.ANSWER)
    await person.hear(await person.send(choice="suivi:oui"), 2)
    answer = await person.pick(no) if no else await person.say("non")
    assert "ne vous redemanderai rien" in words_of(answer)
    assert "droit" not in {kind for kind, _, _ in await planned(person)}


async def test_stop_takes_back_a_question_that_was_planned(person: Person) -> None:
    await person.pick("suivi:accord")
    assert await planned(person)
    await person.say("STOP")
    assert await planned(person) == []


async def test_after_a_danger_nothing_is_asked_later_even_after_a_yes(person: Person) -> None:
    await person.say("mon mari me frappe")
    answers = await person.hear(await person.send(choice="suivi:oui"))
    assert len(answers) == 1
    assert "ne vous redemanderai rien" in words_of(await person.pick("suivi:accord"))
    assert await planned(person) == []


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (followups.ANSWER, "suivi:non", "non"),
        (followups.ANSWER, "suivi:pas-encore", "pas-encore"),
        (followups.RIGHT, "droit:non", "non"),
        (followups.RIGHT, "droit:pas-encore", "pas-encore"),
    ],
)
async def test_a_no_is_kept_and_brings_help(person: Person, kind: str, value: str, kept: str) -> None:
    await ask_later(person, kind)
    answer: Answer = await person.pick(value)
    offered = [choice.value for choice in answer.choices]
    assert offered[:3] == ["personne", "fiche:rsa:probleme", "fiche:rsa:recours"]
    assert await planned(person) == [(kind, "rsa", kept)]


async def test_a_right_received_ends_the_questions(person: Person) -> None:
    await ask_later(person, followups.RIGHT)
    assert "bonne nouvelle" in words_of(await person.pick("droit:oui"))
    assert await planned(person) == [("droit", "rsa", "oui")]
