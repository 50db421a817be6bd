"""People who write from a phone: one conversation each, known again, answered within limits, erased whole."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.render.gsm import count_segments
from bot.render.sms import sms_pages
from bot.service import correspondence, sending
from bot.service.assistant import Assistant
from bot.service.correspondence import MAX_REPEATS, WAIT_FOR_PARTS, Part, Result
from bot.service.intake import MAX_TEXT
from bot.store import queues, received
from bot.store.database import now
from bot.store.deliveries import QUEUED, STOPPED, Lane
from bot.store.demandes import DemandeDetails
from bot.store.schema import (
    addresses,
    conversations,
    deliveries,
    demandes,
    inbox,
    message_parts,
    messages,
    outbox,
)
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.conftest import OpenAssistant
from tests.bot.service.phone import ADDRESS, Phone

TODAY = date(2026, 11, 23)
OTHER = "+33639980002"
RSA = [{"kind": "fiche", "fiche": "rsa", "rubrique": "montant"}]
WHICH = [{"kind": "clarification", "fiches": ["apl", "rsa", "css"]}]
AUTOMATIC = "automatique"
MONDAY_NOON = datetime(2026, 11, 23, 11, 0)
SUNDAY_NOON = datetime(2026, 11, 22, 11, 0)
MONDAY_AT_8 = datetime(2026, 11, 23, 7, 0)

OpenPhone = Callable[..., Awaitable[Phone]]


class Calendar:
    """The day it is in France, moved by hand."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    calendar = Calendar()
    monkeypatch.setattr(correspondence, "today_in_france", calendar)
    monkeypatch.setattr(sending, "today_in_france", calendar)
    return calendar


@pytest.fixture
def phone(assistant: Assistant) -> Phone:
    return Phone(assistant)


@pytest.fixture
def open_phone(open_assistants: tuple[AsyncExitStack, OpenAssistant]) -> OpenPhone:
    stack, open_one = open_assistants

    async def open_with(**changes: object) -> Phone:
        assistant = await open_one(**changes)
        await stack.enter_async_context(assistant.dispatcher.running())
        return Phone(assistant)

    return open_with


async def count_rows(assistant: Assistant, table: sa.Table) -> int:
    async with assistant._database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def statuses(assistant: Assistant) -> list[str]:
    async with assistant._database.read() as connection:
        rows = await connection.execute(sa.select(deliveries.c.status).order_by(deliveries.c.id))
        return [row.status for row in rows]


async def until_answered(assistant: Assistant) -> None:
    """Wait until no message waits for its answer."""
    with assistant.listen_to_all() as news:
        async with asyncio.timeout(20):
            while True:
                news.clear()
                async with assistant._database.read() as connection:
                    if not (await queues.counts(connection))["a_repondre"]:
                        return
                await news.wait()


# -- the conversation in hand


async def test_the_first_sms_says_that_it_is_automatic_how_long_messages_are_kept_and_how_to_reach_a_person(
    phone: Phone, rasa: RasaStandIn
) -> None:
    rasa.directives = RSA
    first = await phone.ask("combien pour le rsa ?")
    assert first.startswith("Assistant automatique")
    assert "gardés 30 jours" in first
    assert "PERSONNE" in first
    assert "651,69" in first
    assert count_segments(first) <= 2
    assert await count_rows(phone.assistant, conversations) == 1


async def test_how_long_messages_are_kept_is_what_the_settings_say(open_phone: OpenPhone) -> None:
    phone = await open_phone(retention_days=7)
    assert "gardés 7 jours" in await phone.ask("AIDE")


async def test_the_second_message_goes_on_in_the_same_conversation_without_a_presentation(
    phone: Phone, rasa: RasaStandIn
) -> None:
    first = await phone.send("bonjour à tous")
    await phone.hear()
    second = await phone.send("et le rsa ?")
    assert second.conversation_id == first.conversation_id
    assert AUTOMATIC not in (await phone.hear())[0].text
    assert [message.text for message in await phone.assistant.transcript(first.conversation_id or "")][
        ::2
    ] == ["bonjour à tous", "et le rsa ?"]


async def test_of_two_sms_that_answer_the_first_message_only_the_first_says_who_speaks(
    phone: Phone, rasa: RasaStandIn
) -> None:
    masked, answer = await phone.say("le rsa avec le 1 85 05 78 006 084 91", answers=2)
    assert [AUTOMATIC in text for text in (masked, answer)] == [True, False]


async def test_two_numbers_have_each_their_conversation(phone: Phone) -> None:
    other = Phone(phone.assistant, OTHER)
    one, two = await phone.send("AIDE"), await other.send("AIDE")
    assert one.conversation_id != two.conversation_id
    assert len(await phone.new()) == len(await other.new()) == 1


async def test_nobody_else_can_open_the_conversation_of_a_number(phone: Phone) -> None:
    reception = await phone.send("AIDE")
    assert await phone.assistant.find_conversation(reception.conversation_id or "", "") is None


# -- known again


async def test_the_same_key_twice_is_one_message(phone: Phone, rasa: RasaStandIn) -> None:
    results = [(await phone.send("bonjour à tous", key="id-1")).result for _ in range(3)]
    assert results == [Result.TAKEN, Result.DUPLICATE, Result.DUPLICATE]
    await until_answered(phone.assistant)
    assert rasa.texts == ["bonjour à tous"]
    assert len(await phone.new()) == 1


async def test_the_same_text_under_two_keys_is_two_messages(phone: Phone) -> None:
    assert [(await phone.send("AIDE")).result for _ in range(2)] == [Result.TAKEN] * 2


async def test_a_key_received_by_an_earlier_process_is_known(open_phone: OpenPhone) -> None:
    dead, alive = await open_phone(), await open_phone()
    assert (await dead.send("AIDE", key="id-1")).result is Result.TAKEN
    assert (await alive.send("AIDE", key="id-1")).result is Result.DUPLICATE


async def test_without_keys_the_same_text_within_seconds_is_one_message_and_another_text_is_another(
    phone: Phone,
) -> None:
    texts = ("AIDE", "AIDE", "CONTACT", "AIDE")
    results = [(await phone.send(text, key=None)).result for text in texts]
    assert results == [Result.TAKEN, Result.DUPLICATE, Result.TAKEN, Result.DUPLICATE]
    other = Phone(phone.assistant, OTHER)
    assert (await other.send("AIDE", key=None)).result is Result.TAKEN


async def test_without_keys_the_same_text_later_is_another_message(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.send("AIDE", key=None)
    later = now() + timedelta(seconds=correspondence.SAME_TEXT_SECONDS + 1)
    monkeypatch.setattr(received, "now", lambda: later)
    assert (await phone.send("AIDE", key=None)).result is Result.TAKEN


# -- NOUVEAU


async def test_after_nouveau_the_digits_of_the_old_menu_mean_nothing(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.directives = WHICH
    await phone.ask("bonjour à tous")
    old = await phone.conversation()
    assert "recommence à zéro" in await phone.ask("NOUVEAU")
    assert (await phone.conversation()).id != old.id
    await phone.ask("1")
    assert rasa.texts == ["bonjour à tous", "1"]


async def test_after_nouveau_suite_gives_nothing_of_the_old(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.directives = RSA
    await phone.ask("combien pour le rsa ?")
    assert (await phone.conversation()).pages
    await phone.ask("nouveau")
    assert "C'est tout" in await phone.ask("SUITE")


async def test_a_fresh_conversation_says_again_who_speaks(phone: Phone) -> None:
    await phone.ask("AIDE")
    assert AUTOMATIC in await phone.ask("NOUVEAU")


# -- EFFACER


async def erase_everything(phone: Phone, key: str = "le oui") -> None:
    await phone.ask("EFFACER")
    await phone.send("OUI", key=key)


async def test_effacer_says_what_goes_and_asks_once(phone: Phone) -> None:
    await phone.ask("AIDE")
    question = await phone.ask("EFFACER")
    for word in ("messages", "réponses", "demande", "OUI"):
        assert word in question
    assert (await phone.ask("OUI")).startswith("C'est effacé : messages, réponses et demande.")


async def test_oui_erases_every_conversation_of_the_number_and_its_pending_request(
    phone: Phone, rasa: RasaStandIn
) -> None:
    await phone.ask("bonjour à tous")
    before = await phone.conversation()
    await phone.assistant.create_demande(
        DemandeDetails("rappel", "06 39 98 00 01"), conversation_id=before.id, channel="sms"
    )
    await phone.new()
    await phone.ask("NOUVEAU")
    await phone.send("un bout", part=Part("1", 1, 2))
    await erase_everything(phone)
    for table in (conversations, messages, inbox, outbox, addresses, demandes, message_parts):
        assert await count_rows(phone.assistant, table) == 0, table.name
    assert await statuses(phone.assistant) == [QUEUED]
    (last,) = await phone.new()
    assert "C'est effacé" in last.text


async def test_erasing_a_number_leaves_the_others(phone: Phone) -> None:
    other = Phone(phone.assistant, OTHER)
    await other.ask("AIDE")
    kept = await other.conversation()
    await erase_everything(phone)
    assert await other.conversation() == kept
    assert await count_rows(phone.assistant, conversations) == 1


async def test_the_oui_given_again_after_the_erasure_is_known_and_opens_nothing(phone: Phone) -> None:
    await erase_everything(phone, key="le oui")
    await phone.new()
    assert (await phone.send("OUI", key="le oui")).result is Result.DUPLICATE
    assert await count_rows(phone.assistant, conversations) == 0
    assert await phone.new() == []


async def test_non_keeps_everything(phone: Phone) -> None:
    await phone.ask("EFFACER")
    kept = await phone.conversation()
    assert "rien n'est effacé" in await phone.ask("non")
    assert (await phone.conversation()).id == kept.id


async def test_a_oui_that_answers_no_question_erases_nothing(phone: Phone, rasa: RasaStandIn) -> None:
    await phone.ask("AIDE")
    await phone.ask("oui")
    assert rasa.texts == ["oui"]
    assert await count_rows(phone.assistant, conversations) == 1


# -- STOP


@pytest.mark.parametrize("word", ["STOP", "ARRET", "arrêt", "FIN", "Stop!", "stop."])
async def test_a_stop_is_confirmed_once_and_a_second_one_is_met_by_silence(phone: Phone, word: str) -> None:
    await phone.ask("AIDE")
    assert "plus aucun message" in await phone.ask(word)
    assert await phone.is_opposed()
    assert [(await phone.send(text)).result for text in (word, "STOP")] == [Result.STOPPED] * 2
    assert await phone.new() == []
    assert await phone.is_opposed()


async def test_a_stop_as_the_first_word_ever_is_confirmed_and_written(phone: Phone) -> None:
    assert "plus aucun message" in await phone.ask("STOP")
    assert await phone.is_opposed()


async def test_after_a_stop_nothing_is_pushed_until_the_person_writes_again(phone: Phone) -> None:
    await phone.ask("STOP")
    conversation = await phone.conversation()
    words = phone.assistant.composer.publisher()
    with capture_logs() as logs:
        assert await phone.assistant.push(conversation.id, words)
    assert {"event": "not_sent_after_stop", "conversation": conversation.id, "log_level": "info"} in logs
    assert await phone.new() == []
    await phone.ask("AIDE")
    assert not await phone.is_opposed()
    assert await phone.assistant.push(conversation.id, words)
    assert [queued.lane for queued in await phone.new()] == [Lane.PUSH]


async def test_what_was_still_queued_at_a_stop_is_not_sent_but_its_confirmation_is(phone: Phone) -> None:
    await phone.send("AIDE")
    await phone.send("STOP")
    assert await statuses(phone.assistant) == [STOPPED, QUEUED]


async def test_an_answer_that_comes_after_a_stop_is_not_sent(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.hold()
    await phone.send("combien pour le rsa ?")
    await rasa.arrived.wait()
    assert "plus aucun message" in await phone.ask("STOP")
    rasa.released.set()
    await until_answered(phone.assistant)
    assert await phone.new() == []


async def test_an_answer_to_who_held_the_phone_before_is_not_sent_after_nouveau(
    phone: Phone, rasa: RasaStandIn
) -> None:
    rasa.hold()
    await phone.send("combien pour le rsa ?")
    await rasa.arrived.wait()
    assert "On recommence" in await phone.ask("NOUVEAU")
    rasa.released.set()
    await until_answered(phone.assistant)
    assert await phone.new() == []


async def test_what_was_still_queued_at_nouveau_is_not_sent(phone: Phone) -> None:
    await phone.send("AIDE")
    await phone.send("NOUVEAU")
    assert await statuses(phone.assistant) == [STOPPED, QUEUED]


async def test_a_danger_in_a_text_too_long_to_read_is_answered(phone: Phone) -> None:
    assert "appelez le 17" in await phone.ask("mon mari me frappe. " + "voilà " * MAX_TEXT)


@pytest.mark.parametrize("text", ["arrêt maladie", "fin de droits"])
async def test_a_question_that_holds_the_word_is_not_a_stop(
    phone: Phone, rasa: RasaStandIn, text: str
) -> None:
    assert "plus aucun message" not in await phone.ask(text)
    assert not await phone.is_opposed()


async def test_a_stop_beyond_the_limits_of_the_day_is_obeyed(open_phone: OpenPhone) -> None:
    phone = await open_phone(received_per_day=1)
    for _ in range(2):
        await phone.send("AIDE")
    await phone.send("STOP")
    assert await phone.is_opposed()


async def test_an_erasure_beyond_the_limits_of_the_day_is_done(open_phone: OpenPhone) -> None:
    phone = await open_phone(received_per_day=1)
    for _ in range(2):
        await phone.send("AIDE")
    await phone.send("EFFACER")
    await phone.send("OUI")
    assert await count_rows(phone.assistant, conversations) == 0


# -- words of a phone without buttons


async def test_contact_names_the_publisher(open_phone: OpenPhone) -> None:
    phone = await open_phone(editeur="Association Essai")
    first = await phone.ask("CONTACT")
    assert first.startswith("Association Essai, assistant automatique")
    assert "Service édité par : Association Essai." in await phone.ask("contact")


@pytest.mark.parametrize("word", ["AIDE", "MENU", "menu ?"])
async def test_aide_and_menu_say_which_words_there_are(phone: Phone, word: str) -> None:
    said = await phone.ask(word)
    for command in ("PERSONNE", "SUITE", "SIMPLE", "LIEN", "NOUVEAU", "EFFACER", "STOP"):
        assert command in said


async def test_suite_gives_the_pages_one_by_one_then_says_that_it_is_all(
    phone: Phone, rasa: RasaStandIn
) -> None:
    rasa.directives = RSA
    composer = phone.assistant.composer
    pages = sms_pages(composer.fiche("rsa", "montant"), composer.sms_wording(), is_first=True)
    assert len(pages) > 2
    said = [await phone.ask("combien pour le rsa ?"), *[await phone.ask("SUITE") for _ in pages[1:]]]
    assert said == [page.text for page in pages]
    assert "C'est tout" in await phone.ask("suite")
    assert rasa.texts == ["combien pour le rsa ?"]


async def test_the_menu_of_the_last_page_is_taken_by_its_number(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.directives = RSA
    said = await phone.ask("combien pour le rsa ?")
    while "SUITE" in said:
        said = await phone.ask("SUITE")
    assert "Répondez 1 Comment faire" in said
    await phone.ask("1")
    assert rasa.texts[1:] == ['/choisir{"fiche": "rsa", "rubrique": "demarche"}']


async def test_suite_with_nothing_before_says_that_it_is_all(phone: Phone) -> None:
    assert "C'est tout" in await phone.ask("SUITE")


async def test_simple_says_the_fiche_just_given_in_fewer_words(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.directives = [{"kind": "fiche", "fiche": "rsa", "rubrique": "apercu"}]
    composer = phone.assistant.composer
    fiche = composer.fiche("rsa", "apercu")
    simple = sms_pages(composer.simpler(fiche), composer.sms_wording())[0].text
    await phone.ask("c'est quoi le rsa ?")
    assert await phone.ask("SIMPLE") == simple
    assert simple != sms_pages(fiche, composer.sms_wording())[0].text


async def test_simple_with_nothing_before_asks_for_the_question(phone: Phone) -> None:
    assert "Quelle est votre question ?" in await phone.ask("SIMPLE")


async def test_lien_gives_whom_to_call_then_the_site(phone: Phone, rasa: RasaStandIn) -> None:
    rasa.directives = RSA
    await phone.ask("combien pour le rsa ?")
    said = await phone.ask("LIEN")
    assert 0 < said.index("32 30") < said.index("https://")
    assert rasa.texts == ["combien pour le rsa ?"]


async def test_lien_with_nothing_before_asks_what_it_is_about(phone: Phone) -> None:
    assert "voulez-vous le lien ?" in await phone.ask("LIEN")


@pytest.mark.parametrize(("digit", "fiche"), [("1", "apl"), ("2", "rsa"), ("3", "css")])
async def test_numbers_stand_for_the_last_menu_sent_even_after_an_answer_that_had_none(
    phone: Phone, rasa: RasaStandIn, digit: str, fiche: str
) -> None:
    await phone.ask("bonjour à tous")
    rasa.directives = WHICH
    assert "3 " in (await phone.ask("je voudrais une aide")).split("Répondez")[1]
    assert "Répondez" not in await phone.ask("CONTACT")
    await phone.ask(digit)
    assert rasa.texts[-1] == f'/choisir{{"fiche": "{fiche}"}}'


async def test_without_any_menu_a_number_is_a_text(phone: Phone, rasa: RasaStandIn) -> None:
    await phone.ask("CONTACT")
    await phone.ask("1")
    assert rasa.texts == ["1"]


# -- limits


async def test_beyond_what_is_read_in_a_day_it_is_told_once_then_silence(open_phone: OpenPhone) -> None:
    phone = await open_phone(received_per_day=3)
    for _ in range(3):
        assert "demain" not in await phone.ask("AIDE")
    assert "répondrai de nouveau demain" in await phone.ask("AIDE")
    assert [(await phone.send(text)).result for text in ("AIDE", "autre")] == [Result.OVER_LIMIT] * 2
    assert await phone.new() == []


async def test_beyond_what_is_sent_in_a_day_it_is_told_once_then_silence(open_phone: OpenPhone) -> None:
    phone = await open_phone(sent_per_day=2)
    for _ in range(2):
        assert "demain" not in await phone.ask("AIDE")
    assert "répondrai de nouveau demain" in await phone.ask("AIDE")
    assert (await phone.send("CONTACT")).result is Result.OVER_LIMIT
    assert await phone.new() == []


@pytest.mark.parametrize("limit", ["received_per_day", "sent_per_day"])
async def test_a_danger_is_answered_beyond_every_limit(open_phone: OpenPhone, limit: str) -> None:
    phone = await open_phone(**{limit: 1})
    for _ in range(3):
        await phone.send("AIDE")
    await phone.new()
    for _ in range(MAX_REPEATS + 2):
        assert (await phone.send("mon mari me frappe")).result is Result.TAKEN
        (urgent,) = await phone.new()
        assert urgent.lane is Lane.URGENT


async def test_the_next_day_answers_start_again(open_phone: OpenPhone, calendar: Calendar) -> None:
    phone = await open_phone(received_per_day=1)
    for _ in range(3):
        await phone.send("AIDE")
    await phone.new()
    calendar.day += timedelta(days=1)
    assert "SUITE" in await phone.ask("AIDE")


async def test_the_limits_of_one_number_are_not_those_of_another(open_phone: OpenPhone) -> None:
    phone = await open_phone(received_per_day=1)
    for _ in range(3):
        await phone.send("AIDE")
    assert "demain" not in await Phone(phone.assistant, OTHER).ask("AIDE")


async def test_the_same_text_again_and_again_is_answered_three_times_told_once_then_met_by_silence(
    phone: Phone, rasa: RasaStandIn
) -> None:
    for _ in range(MAX_REPEATS):
        assert "déjà répondu" not in await phone.ask("je suis absent")
    assert "déjà répondu" in await phone.ask("Je suis absent.")
    assert (await phone.send("JE SUIS ABSENT")).result is Result.LOOP
    assert await phone.new() == []
    assert rasa.texts == ["je suis absent"] * MAX_REPEATS
    assert "déjà répondu" not in await phone.ask("une vraie question")
    assert "déjà répondu" not in await phone.ask("je suis absent")


@pytest.mark.parametrize("word", ["1", "12", "SUITE", "AIDE"])
async def test_numbers_and_command_words_are_never_a_loop(phone: Phone, rasa: RasaStandIn, word: str) -> None:
    for _ in range(MAX_REPEATS + 3):
        assert (await phone.send(word)).result is Result.TAKEN
        await until_answered(phone.assistant)


async def test_what_is_held_back_is_told_in_the_log_without_number_or_text(
    open_phone: OpenPhone, rasa: RasaStandIn
) -> None:
    phone = await open_phone(received_per_day=MAX_REPEATS + 1)
    with capture_logs() as logs:
        for _ in range(MAX_REPEATS + 3):
            await phone.send("je suis absent")
        await until_answered(phone.assistant)
    told = [entry["event"] for entry in logs if entry["log_level"] == "warning"]
    assert told == ["loop_cut", "limit_told"]
    assert "absent" not in str(logs)
    assert ADDRESS not in str(logs)


# -- parts of a long message


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
@pytest.mark.usefixtures("rasa")
async def test_parts_in_any_order_are_one_message(phone: Phone, order: tuple[int, ...]) -> None:
    texts = {1: "combien pour ", 2: "une personne ", 3: "seule au rsa ?"}
    results = [(await phone.send(texts[number], part=Part("42", number, 3))).result for number in order]
    assert results == [Result.PART, Result.PART, Result.TAKEN]
    await phone.hear()
    transcript = await phone.assistant.transcript((await phone.conversation()).id)
    assert transcript[0].text == "combien pour une personne seule au rsa ?"


async def test_a_part_given_again_is_known(phone: Phone) -> None:
    results = [
        (await phone.send("ab", key=key, part=Part("42", number, 3))).result
        for key, number in (("k1", 1), ("k1", 1), ("k2", 2), ("k2", 2))
    ]
    assert results == [Result.PART, Result.DUPLICATE, Result.PART, Result.DUPLICATE]


async def test_without_keys_two_parts_that_say_the_same_are_both_kept(
    phone: Phone, rasa: RasaStandIn
) -> None:
    results = [
        (await phone.send("pas pas ", key=None, part=Part("42", number, 2))).result for number in (1, 2)
    ]
    assert results == [Result.PART, Result.TAKEN]


async def test_parts_of_two_numbers_under_the_same_reference_do_not_mix(phone: Phone) -> None:
    other = Phone(phone.assistant, OTHER)
    assert (await phone.send("A", part=Part("42", 1, 2))).result is Result.PART
    assert (await other.send("IDE", part=Part("42", 2, 2))).result is Result.PART
    await phone.send("IDE", part=Part("42", 2, 2))
    assert "SUITE" in (await phone.new())[0].text
    assert await other.new() == []


async def test_a_message_whose_last_part_never_came_is_read_as_far_as_it_goes(
    phone: Phone, rasa: RasaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in ((3, "au rsa ?"), (1, "combien ")):
        await phone.send(text, part=Part("42", number, 3))
    await phone.assistant.join_stale_parts()
    assert await count_rows(phone.assistant, messages) == 0
    monkeypatch.setattr(correspondence, "now", lambda: now() + WAIT_FOR_PARTS + timedelta(seconds=1))
    for _ in range(2):
        await phone.assistant.join_stale_parts()
    await phone.hear()
    assert rasa.texts == ["combien au rsa ?"]
    assert await count_rows(phone.assistant, message_parts) == 0


async def test_a_word_that_stands_above_all_is_heard_in_parts_too(phone: Phone) -> None:
    await phone.send("ST", part=Part("42", 1, 2))
    await phone.send("OP", part=Part("42", 2, 2))
    assert await phone.is_opposed()


# -- a request to a person


async def request_of(phone: Phone) -> DemandeDetails:
    (demande,) = await phone.assistant.list_demandes()
    return demande.details


async def send_request(phone: Phone, number: str) -> str:
    """Ask for a call at a number and return the summary that was confirmed."""
    assert "RAPPEL" in await phone.ask("PERSONNE")
    assert "au numéro de ce téléphone ? Répondez OUI" in await phone.ask("RAPPEL")
    assert "Quel moment" in await phone.ask(number)
    assert "Quel nom" in await phone.ask("PASSER")
    assert "vous bloque" in await phone.ask("PASSER")
    summary = await phone.ask("passer")
    assert "Référence" in await phone.ask("ENVOYER")
    return summary


@pytest.mark.parametrize("yes", ["OUI", "oui.", "ok"])
async def test_a_call_is_asked_at_the_number_one_writes_from(phone: Phone, yes: str) -> None:
    assert "vous rappeler au 06 39 98 00 01" in await send_request(phone, yes)
    assert await request_of(phone) == DemandeDetails("rappel", "06 39 98 00 01")


async def test_a_number_typed_in_a_form_is_an_answer_to_its_question(phone: Phone) -> None:
    await phone.ask("AIDE")
    await phone.ask("SUITE")  # its menu
    await phone.ask("PERSONNE")
    for word in ("RAPPEL", "OUI", "PASSER", "PASSER"):
        await phone.ask(word)
    assert "Votre besoin : 2" in await phone.ask("2")


@pytest.mark.parametrize("typed", ["06 39 98 00 02", "+33639980002", "plutôt le 0639980002"])
async def test_another_number_that_is_typed_is_taken_instead(phone: Phone, typed: str) -> None:
    assert "vous rappeler au 06 39 98 00 02" in await send_request(phone, typed)
    assert await request_of(phone) == DemandeDetails("rappel", "06 39 98 00 02")


async def test_a_number_that_is_not_one_is_asked_again_and_oui_still_means_this_phone(phone: Phone) -> None:
    await phone.ask("PERSONNE")
    await phone.ask("RAPPEL")
    assert "Ou OUI pour ce téléphone" in await phone.ask("06 39")
    assert "Quel moment" in await phone.ask("OUI")


async def test_a_word_about_the_last_answer_leaves_the_form_where_it_is(phone: Phone) -> None:
    await phone.ask("PERSONNE")
    await phone.ask("RAPPEL")
    await phone.ask("SIMPLE")
    assert "Quel moment" in await phone.ask("06 39 98 00 02")


# -- how it is sent


@pytest.mark.parametrize(
    ("moment", "not_before"), [(MONDAY_NOON, MONDAY_NOON), (SUNDAY_NOON, MONDAY_AT_8)], ids=["day", "sunday"]
)
async def test_a_push_waits_for_the_hours_when_people_may_be_written_to_and_an_answer_does_not(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, moment: datetime, not_before: datetime
) -> None:
    monkeypatch.setattr(sending, "now", lambda: moment)
    await phone.send("AIDE")
    await wrote_at(phone.assistant, moment - timedelta(minutes=31))
    conversation = await phone.conversation()
    assert await phone.assistant.push(conversation.id, phone.assistant.composer.publisher())
    answer, push = await phone.new()
    assert (answer.lane, answer.not_before) == (Lane.REPLY, moment)
    assert (push.lane, push.not_before) == (Lane.PUSH, not_before)


async def test_who_wrote_a_moment_ago_is_not_woken_by_a_push(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "now", lambda: SUNDAY_NOON)
    await phone.send("AIDE")
    await wrote_at(phone.assistant, SUNDAY_NOON - timedelta(minutes=29))
    conversation = await phone.conversation()
    await phone.assistant.push(conversation.id, phone.assistant.composer.publisher())
    _, push = await phone.new()
    assert (push.lane, push.not_before) == (Lane.PUSH, SUNDAY_NOON)


async def wrote_at(assistant: Assistant, moment: datetime) -> None:
    """Make every message of this moment."""
    async with assistant._database.write() as connection:
        await connection.execute(messages.update().values(at=moment))


async def test_words_for_a_conversation_that_is_gone_are_not_kept(phone: Phone) -> None:
    assert not await phone.assistant.push("disparue", phone.assistant.composer.publisher())
    assert await statuses(phone.assistant) == []


async def test_a_danger_goes_first_without_a_presentation_which_comes_with_the_next_answer(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "now", lambda: SUNDAY_NOON)
    await phone.send("mon mari me frappe")
    (urgent,) = await phone.new()
    assert (urgent.lane, urgent.not_before) == (Lane.URGENT, SUNDAY_NOON)
    assert urgent.text.startswith("Danger : appelez le 17")
    assert AUTOMATIC not in urgent.text
    assert AUTOMATIC in await phone.ask("AIDE")
    assert AUTOMATIC not in await phone.ask("AIDE")


async def test_that_an_answer_will_be_late_is_worth_saying_for_half_an_hour_only(phone: Phone) -> None:
    await phone.send("combien pour le rsa ?")  # nobody listens as Rasa
    (notice,) = await phone.hear()
    assert "Votre message est gardé" in notice.text
    assert notice.expires_at - notice.created_at == timedelta(minutes=30)


async def test_an_answer_is_worth_sending_for_a_day_and_a_push_for_three(phone: Phone) -> None:
    await phone.send("AIDE")
    await phone.send("mon mari me frappe")
    conversation = await phone.conversation()
    await phone.assistant.push(conversation.id, phone.assistant.composer.publisher())
    lengths = {
        queued.lane: queued.expires_at - max(queued.created_at, queued.not_before)
        for queued in await phone.new()
    }
    assert lengths == {
        Lane.REPLY: timedelta(hours=24),
        Lane.URGENT: timedelta(hours=24),
        Lane.PUSH: timedelta(days=3),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * (MAX_TEXT + 1), f"{MAX_TEXT + 1} caractères, {MAX_TEXT} au plus"),
        ("", "Votre message est vide"),
        (" \u200b\n", "Votre message est vide"),
        (None, "Je lis seulement du texte"),
    ],
    ids=["too long", "empty", "nothing to see", "unreadable"],
)
async def test_what_cannot_be_taken_is_answered_kindly(phone: Phone, text: str | None, said: str) -> None:
    await phone.send(text)
    (queued,) = await phone.new()
    assert said in queued.text
    assert queued.lane is Lane.REPLY
    assert count_segments(queued.text) <= 2
    assert await count_rows(phone.assistant, inbox) == 0
