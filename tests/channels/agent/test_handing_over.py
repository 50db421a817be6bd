"""What somebody leaves with: an SMS, a text, a code to scan, a link."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store import addresses, deliveries, journal
from bot.store.accounts import Role
from channels.limits import SHEETS_TEXTED_PER_HOUR
from tests.channels.agent.store import rows_of
from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import Visitor, token_of, words_of
from tests.channels.talking import OpenClient, knowledge

SHEET = "/agent/fiches/rsa"
PHONE = "06 39 98 00 01"
NUMBER = "+33639980001"


@pytest.fixture
def texting(agent: Visitor) -> Visitor:
    """Return an agent of a service that can send SMS; nothing takes them from the queue."""
    agent.assistant.composer.can_text = True
    return agent


async def send(agent: Visitor, phone: str = PHONE, rubrique: str = "pieces") -> Any:
    return await agent.send(SHEET, f"{SHEET}/sms", telephone=phone, rubrique=rubrique)


async def queued(agent: Visitor) -> list[deliveries.Delivery]:
    """Take what waits for the gateway, as the sender does."""
    found = []
    async with agent.assistant._database.write() as connection:
        while delivery := await deliveries.take_next(connection, agent.assistant._cipher, "sms"):
            found.append(delivery)
    return found


async def test_without_sms_there_is_no_form_and_a_sending_is_refused(agent: Visitor) -> None:
    text = await agent.read(SHEET)
    assert f'action="{SHEET}/sms"' not in text
    assert "L'envoi par SMS n'est pas ouvert ici." in words_of(text)
    assert (await send(agent)).status == 422
    assert await queued(agent) == []


async def test_the_short_text_goes_to_the_number_and_waits_for_no_morning(texting: Visitor) -> None:
    response = await send(texting)
    assert (response.status, response.headers["Location"]) == (303, f"{SHEET}?fait=sms")
    (delivery,) = await queued(texting)
    assert delivery.address == NUMBER
    assert delivery.text.startswith("RSA, papiers : identité")
    assert (delivery.conversation_id, delivery.lane) == (None, deliveries.Lane.REPLY)


async def test_the_number_is_in_no_other_row_and_gone_once_handed_over(texting: Visitor) -> None:
    before = rows_of(texting)
    await send(texting)
    after = rows_of(texting)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"deliveries", "journal", "address_days"}
    (delivery,) = await queued(texting)
    async with texting.assistant._database.write() as connection:
        await deliveries.mark_accepted(connection, delivery.id, None)
    (row,) = rows_of(texting)["deliveries"]
    names = [column.name for column in deliveries.deliveries.columns]
    left = dict(zip(names, row, strict=True))
    assert (left["address_enc"], left["text_enc"], left["conversation_id"]) == (None, None, None)


async def test_the_journal_says_that_it_was_done_and_to_nobody(texting: Visitor) -> None:
    await send(texting)
    account = await texting.assistant.accounts.get_by_login("camille")
    async with texting.assistant._database.read() as connection:
        entries = await journal.list_of(connection, account.id)
    assert (entries[0].action, entries[0].reference) == (journal.FICHE_TEXTED, None)
    assert "Fiche envoyée par SMS" in await texting.read("/console/compte/journal")


@pytest.mark.parametrize("phone", ["", "123", "02 99 00 00 00", "+1 202 555 0100"])
async def test_what_is_no_mobile_number_is_given_back(texting: Visitor, phone: str) -> None:
    response = await send(texting, phone)
    text = await response.text()
    assert response.status == 422
    assert faults_of(text) == []
    assert "commence par 06 ou 07" in words_of(text)
    assert await queued(texting) == []


async def test_a_rubrique_without_short_text_is_refused(texting: Visitor) -> None:
    assert (await send(texting, rubrique="inconnue")).status == 422


async def test_a_stop_is_honoured_and_said(texting: Visitor) -> None:
    cipher = texting.assistant._cipher
    async with texting.assistant._database.write() as connection:
        await addresses.oppose(connection, "sms", addresses.hash_address(cipher, "sms", NUMBER))
    response = await send(texting)
    assert response.status == 422
    assert "STOP" in words_of(await response.text())
    assert await queued(texting) == []
    assert journal.FICHE_TEXTED not in str(rows_of(texting)["journal"])


async def test_a_form_sent_twice_is_one_sms(texting: Visitor) -> None:
    token = token_of(await texting.read(SHEET))
    for _ in range(2):
        await texting.post(f"{SHEET}/sms", jeton=token, telephone=PHONE, rubrique="pieces")
    assert len(await queued(texting)) == 1


async def test_an_account_has_a_limit_and_another_is_not_held_back(texting: Visitor) -> None:
    token = token_of(await texting.read(SHEET))
    for rank in range(SHEETS_TEXTED_PER_HOUR):
        phone = f"06 39 98 01 {rank:02}"
        await texting.post(f"{SHEET}/sms", jeton=token, telephone=phone, rubrique="pieces")
    response = await send(texting)
    assert (response.status, "Retry-After" in response.headers) == (429, True)
    assert len(await queued(texting)) == SHEETS_TEXTED_PER_HOUR
    other = Visitor(texting.client)
    await other.make_account("alix", Role.AGENT)
    await other.sign_in("alix")
    assert (await send(other)).status == 303
    await other.session.close()


async def test_a_form_of_no_page_of_ours_sends_nothing(texting: Visitor) -> None:
    response = await texting.post(f"{SHEET}/sms", jeton="x", telephone=PHONE, rubrique="pieces")
    assert response.status == 403
    assert await queued(texting) == []


async def test_the_text_to_copy_has_every_rubrique_and_the_nearest_place(agent: Visitor) -> None:
    text = (await agent.read(SHEET)).split('<textarea id="texte" readonly')[1].split("</textarea>")[0]
    assert "QUELS PAPIERS" in text
    assert "Téléphone : 02 99 09 44 56" in text
    assert "{" not in text


async def test_a_code_leads_to_the_public_page_when_the_service_has_an_address(
    agent: Visitor, open_client: OpenClient
) -> None:
    assert "<svg" not in await agent.read(SHEET)
    visitor = Visitor(await open_client(public_url="https://droits.exemple.test/", editeur="Point Info"))
    await visitor.make_account(role=Role.AGENT)
    await visitor.sign_in()
    text = await visitor.read(SHEET)
    assert "<svg" in text
    assert 'href="https://droits.exemple.test/fiches/rsa"' in text
    short = visitor.assistant.composer.fiche_sms(knowledge().fiches["rsa"], "pieces")
    assert short.startswith("Point Info : RSA, papiers")
    await visitor.session.close()


async def test_no_messaging_is_offered_while_none_is_known(agent: Visitor) -> None:
    assert "Sur une messagerie" not in await agent.read(SHEET)
