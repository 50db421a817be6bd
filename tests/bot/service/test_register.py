"""Who read what: every way of reading a request leaves a line, and the register shows it without content."""

from __future__ import annotations

import pytest

from bot.service.assistant import Assistant
from bot.service.register import ACTION_WORDS, GONE, ON_THE_MACHINE
from bot.store import journal
from bot.store.accounts import Role
from tests.bot.service.operators import PASSWORD, ask_for_a_person, hire
from tests.bot.service.person import Person

NAME, WORDS = "Ondine Vraisemblable", "zibeline"


@pytest.fixture
async def reference(person: Person) -> str:
    """A request with a name and words."""
    return (
        await ask_for_a_person(person, "rappel", nom=NAME, telephone="06 39 98 00 01", mots=WORDS)
    ).reference


async def lines_of(assistant: Assistant, reference: str) -> list[tuple[str, str]]:
    return [(line.words, line.who) for line in await assistant.register.about(reference, None)]


def test_every_action_has_words() -> None:
    assert set(ACTION_WORDS) == set(journal.ACTIONS)


async def test_opening_a_request_is_told_with_who_did(assistant: Assistant, reference: str) -> None:
    account_id = await hire(assistant)
    await assistant.desk.read(reference, account_id)
    assert await lines_of(assistant, reference) == [("Demande lue", "Opératrice 1 (operatrice)")]


async def test_a_request_that_a_search_shows_is_told(assistant: Assistant, reference: str) -> None:
    account_id = await hire(assistant)
    assert await assistant.desk.search(NAME, account_id)
    assert not await assistant.desk.search("personne d'autre", account_id)
    assert await lines_of(assistant, reference) == [
        ("Demande trouvée par une recherche", "Opératrice 1 (operatrice)")
    ]


async def test_reading_the_register_is_told_too(assistant: Assistant, reference: str) -> None:
    account_id = await hire(assistant)
    await assistant.desk.read(reference, account_id)
    responsable = await assistant.accounts.create("alix", Role.RESPONSABLE, "Alix", password=PASSWORD)
    await assistant.register.about(reference, responsable.id)
    assert (await lines_of(assistant, reference))[-1] == ("Registre des lectures consulté", "Alix (alix)")


async def test_of_a_reference_that_nobody_read_nothing_is_told_nor_noted(
    assistant: Assistant, reference: str
) -> None:
    assert await lines_of(assistant, reference) == []
    assert await lines_of(assistant, reference) == []


async def test_no_content_is_in_it_and_it_outlives_the_request(
    assistant: Assistant, person: Person, reference: str
) -> None:
    account_id = await hire(assistant)
    await assistant.casework.claim(reference, account_id)
    await assistant.casework.reply(reference, account_id, f"Bonjour {NAME}")
    await assistant.erase(person.id)
    said = await lines_of(assistant, reference)
    assert [words for words, _ in said] == ["Demande prise", "Réponse envoyée"]
    assert NAME not in repr(said)
    assert WORDS not in repr(said)


async def test_lines_without_an_account_are_of_the_machine_and_unknown_accounts_are_said_so(
    assistant: Assistant, reference: str
) -> None:
    async with assistant._database.write() as connection:
        await journal.note(connection, journal.COMMAND_LINE, None, reference)
        await journal.note(connection, journal.READ, 4242, reference)
    assert [who for _, who in await lines_of(assistant, reference)] == [ON_THE_MACHINE, GONE]
