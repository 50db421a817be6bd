"""What needs no understanding: danger, command words, the human way. Nobody listens as Rasa here."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model.answer import AnswerType
from bot.service.assistant import Assistant
from bot.store.demandes import DemandeDetails
from bot.store.schema import audit, rasa_erasures
from tests.bot.service.person import Person, words_of


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ("STOP", AnswerType.CONFIDENTIALITE, "Je ne vous envoie rien"),
        ("Personne", AnswerType.ESCALADE, "parler à une personne"),
        ("effacer", AnswerType.CONFIDENTIALITE, "Effacer votre conversation ?"),
        ("AIDE", AnswerType.ACCUEIL, "assistant automatique"),
        ("contact", AnswerType.ACCUEIL, "édité par"),
        ("Gaël", AnswerType.LIEU, "France services"),
        ("je dors dehors ce soir", AnswerType.URGENCE, "Appelez"),
    ],
)
async def test_it_is_answered_without_rasa(person: Person, word: str, kind: AnswerType, said: str) -> None:
    answer = await person.say(word)
    assert answer.type is kind
    assert said.lower() in words_of(answer).lower()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("personne", AnswerType.ESCALADE),
        ("aide", AnswerType.ACCUEIL),
        ("vie-privee", AnswerType.CONFIDENTIALITE),
        ("lieux", AnswerType.LIEU),
        ("droits", AnswerType.ESTIMATION),
        ("effacer", AnswerType.CONFIDENTIALITE),
        ("effacer:non", AnswerType.CONFIDENTIALITE),
    ],
)
async def test_a_choice_of_the_human_way_is_answered_without_rasa(
    person: Person, value: str, kind: AnswerType
) -> None:
    assert (await person.pick(value)).type is kind


@pytest.mark.parametrize("text", ["arrêt maladie", "aide au logement", "fin de droits", "rsa à Gaël"])
async def test_a_question_that_holds_such_a_word_waits_to_be_understood(person: Person, text: str) -> None:
    assert (await person.send(text)).needs_answer


async def test_a_danger_wins_over_a_command_and_over_a_choice(person: Person) -> None:
    assert (await person.say("aide mon mari me frappe")).type is AnswerType.URGENCE
    assert (await person.say("1 je veux mourir")).type is AnswerType.URGENCE


# -- another language


async def test_another_language_is_answered_in_it_without_rasa(person: Person) -> None:
    answer = await person.say("Мені потрібна допомога з документами")
    assert (answer.type, answer.blocks[0].lang) == (AnswerType.HORS_SUJET, "uk")
    assert "Parler à une personne" in [choice.label for choice in answer.choices]
    assert (await person.say("1")).type is AnswerType.ESCALADE


async def test_a_danger_in_another_language_gives_the_numbers_in_it_and_in_french(person: Person) -> None:
    answer = await person.say("زوجي يضربني")
    assert answer.type is AnswerType.URGENCE
    assert [block.lang for block in answer.blocks[:2]] == ["ar", None]
    assert "3919" in words_of(answer)
    assert (await person.say("socorro")).blocks[0].lang == "es"
    assert (await person.say("mon mari me frappe")).blocks[0].lang is None


async def test_another_language_in_the_form_is_an_answer_of_the_form(person: Person) -> None:
    await person.pick("personne:retour")
    await person.say("passer")
    await person.say("I need help with my papers")
    await person.say("envoyer")
    (demande,) = await person.assistant.list_demandes()
    assert demande.details.mots == "I need help with my papers"


# -- the request to a person


async def ask_for_a_call(person: Person) -> None:
    await person.pick("personne:rappel")
    for text in ("06 12 34 56 78", "peu importe", "Mme Essai", "un papier à remplir"):
        await person.say(text)


async def test_a_request_is_kept_after_a_clear_yes_only(person: Person) -> None:
    await ask_for_a_call(person)
    assert await person.assistant.list_demandes() == []
    answer = await person.pick("personne:envoyer")
    (demande,) = await person.assistant.list_demandes()
    assert demande.details == DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "un papier à remplir")
    assert (demande.conversation_id, demande.territoire) == (person.id, "saint-meen-montauban")
    assert answer.reference == demande.reference
    assert await person.assistant.state(person.id) == "waiting"
    assert (await person.conversation()).flow is None


async def test_the_form_is_answered_in_words_too(person: Person) -> None:
    await person.say("personne")
    await person.say("retour")
    await person.say("passer")
    await person.say("PASSER")
    await person.say("envoyer")
    (demande,) = await person.assistant.list_demandes()
    assert demande.details == DemandeDetails("retour")


@pytest.mark.parametrize("cancel", ["annuler", "Annuler.", "1"])
async def test_the_form_can_be_left_with_a_word(person: Person, cancel: str) -> None:
    await person.pick("personne:rappel")
    answer = await person.say(cancel)
    assert "rien n'est envoyé" in words_of(answer)
    assert (await person.conversation()).flow is None
    assert (await person.send("combien pour le rsa")).needs_answer


async def test_a_wrong_phone_is_asked_again(person: Person) -> None:
    await person.pick("personne:rappel")
    assert "10 chiffres" in words_of(await person.say("06 12 34"))
    assert "moment" in words_of(await person.say("06 12 34 56 78"))


async def test_sending_twice_makes_one_request(person: Person) -> None:
    await ask_for_a_call(person)
    await person.pick("personne:envoyer")
    await person.send(choice="personne:envoyer")
    assert len(await person.assistant.list_demandes()) == 1


@pytest.mark.parametrize("value", ["personne:envoyer", "personne:annuler", "personne:passer"])
async def test_a_choice_of_the_form_outside_the_form_needs_no_understanding(
    person: Person, value: str
) -> None:
    assert not (await person.send(choice=value)).needs_answer


async def test_yes_sends_the_request(person: Person) -> None:
    await ask_for_a_call(person)
    await person.send("oui")
    assert len(await person.assistant.list_demandes()) == 1


async def test_a_commune_said_in_the_form_is_an_answer_of_the_form(person: Person) -> None:
    await person.pick("personne:retour")
    await person.say("Gaël")
    await person.say("passer")
    await person.say("envoyer")
    (demande,) = await person.assistant.list_demandes()
    assert demande.details.nom == "Gaël"


async def test_a_command_leaves_the_form(person: Person) -> None:
    await person.pick("personne:rappel")
    await person.say("aide")
    assert (await person.conversation()).flow is None


# -- erasure


async def test_erasing_asks_once_then_leaves_nothing(person: Person, assistant: Assistant) -> None:
    other = await Person.arrive(assistant)
    await person.say("effacer")
    assert await person.texts() == ["effacer"]
    receipt = await person.send("oui")
    assert receipt.erased
    assert "C'est effacé" in words_of(receipt.erased)
    assert await assistant.find_conversation(person.id, person.token) is None
    assert await assistant.transcript(person.id) == []
    assert await assistant.find_conversation(other.id, other.token)
    async with assistant._database.read() as connection:
        assert [row.event for row in (await connection.execute(sa.select(audit))).all()] == [
            "conversation_effacee"
        ]
        assert (await connection.execute(sa.select(rasa_erasures))).all() == []


async def test_no_leaves_everything(person: Person) -> None:
    await person.say("effacer")
    assert "je n'efface rien" in words_of(await person.say("non"))
    assert await person.texts() == ["effacer", "non"]


async def test_yes_erases_only_when_it_was_asked(person: Person) -> None:
    await person.say("effacer")
    await person.say("aide")
    assert (await person.send("oui")).needs_answer


async def test_erasing_takes_the_request_away_too(person: Person) -> None:
    await ask_for_a_call(person)
    await person.pick("personne:envoyer")
    await person.say("effacer")
    await person.send("oui")
    assert await person.assistant.list_demandes(all_states=True) == []
