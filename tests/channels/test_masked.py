"""What identifies is stored nowhere, whichever door it comes by."""

from __future__ import annotations

import pytest

from channels.keys import ASSISTANT
from tests.bot.service.test_masked import KINDS, NUMBER, TRACE, each_kind
from tests.channels.talking import Api, Client, app_of, send
from tests.stored_values import everything_stored

WHOLE = "combien pour le rsa {} ?"


async def stored(client: Client) -> str:
    return await everything_stored(app_of(client)[ASSISTANT])


@each_kind
async def test_nothing_of_a_message_of_the_api_is_stored(api: Api, written: str, trace: str) -> None:
    assert (await api.post(text=WHOLE.format(written))).status in {200, 202}
    assert trace not in await stored(api.client)
    assert trace not in str(await api.read())


@each_kind
async def test_nothing_of_a_message_of_the_page_is_stored(client: Client, written: str, trace: str) -> None:
    html = await (await send(client, text=WHOLE.format(written))).text()
    assert "J'ai masqué" in html.replace("&#39;", "'")
    assert trace not in await stored(client)


@each_kind
async def test_nothing_of_an_error_reported_is_stored(client: Client, written: str, trace: str) -> None:
    await client.post("/signaler", data={"mots": f"c'est faux, joignez-moi : {written}"})
    assert trace not in await stored(client)


@pytest.mark.parametrize("field", ["nom", "mots", "commune"])
@each_kind
async def test_of_a_request_only_the_number_asked_for_is_kept(
    client: Client, field: str, written: str, trace: str
) -> None:
    fields = {"moyen": "rdv", "telephone": "06 39 98 00 01", field: written}
    html = await (await client.post("/personne", data=fields)).text()
    assert "Votre demande est envoyée" in html
    assert ("J'ai masqué" in html.replace("&#39;", "'")) is (field != "commune")
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert demande.details.telephone == "06 39 98 00 01"
    assert trace not in await stored(client)


async def test_several_kinds_are_each_masked_in_one_request(client: Client) -> None:
    words = " ".join(written for written, _ in KINDS.values())
    await client.post("/personne", data={"moyen": "retour", "mots": words})
    kept = await stored(client)
    assert [trace for _, trace in KINDS.values() if trace in kept] == []


async def test_a_number_beside_a_danger_is_stored_nowhere(api: Api) -> None:
    answer = await api.say(text=f"mon mari me frappe, appelez le {NUMBER}")
    assert answer["messages"][0]["type"] == "urgence"
    assert TRACE not in await stored(api.client)
