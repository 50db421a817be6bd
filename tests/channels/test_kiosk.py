"""The shared screen: nothing of a person stays after them, and nothing leads out of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.settings import SettingsError
from bot.store.conversations import KIOSK
from bot.store.database import now
from bot.store.desk_schema import demande_events
from bot.store.schema import conversations, demandes, inbox, messages, outbox, rasa_erasures
from channels.borne.forgetting import IDLE
from channels.borne.page import BASE, WARNING_SECONDS
from channels.borne.routes import ROUTES
from channels.borne.surface import SITUATIONS
from channels.keys import ASSISTANT
from channels.registry import load_all_settings
from tests.channels.talking import DANGER, Client, OpenClient, app_of, form_id_of, knowledge

LEFT = (conversations, messages, inbox, outbox)


async def say(client: Client, text: str = "", choice: str = "") -> str:
    """Send a message as the screen does and return the page that comes."""
    page = await (await client.get(BASE)).text()
    fields = {"form_id": form_id_of(page), **({"choice": choice} if choice else {"text": text})}
    response = await client.post(f"{BASE}/message", data=fields)
    assert response.status == 200
    return await response.text()


async def rows(client: Client, table: sa.Table) -> list[Any]:
    async with app_of(client)[ASSISTANT]._database.read() as connection:
        return list((await connection.execute(sa.select(table))).all())


async def left_behind(client: Client) -> dict[str, int]:
    return {table.name: len(found) for table in LEFT if (found := await rows(client, table))}


async def put_back(client: Client, by: timedelta) -> None:
    """Make every conversation that much older."""
    async with app_of(client)[ASSISTANT]._database.write() as connection:
        await connection.execute(conversations.update().values(last_at=now() - by))


@pytest.mark.parametrize("way", ["fini", "fin"])
async def test_the_end_leaves_nothing_in_the_store_nor_in_the_browser(
    client: Client, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []

    async def forget(_self: object, conversation_id: str) -> None:
        forgotten.append(conversation_id)

    monkeypatch.setattr("bot.rasa_client.RasaClient.forget", forget)
    assert "3919" in await say(client, DANGER)
    (conversation,) = await rows(client, conversations)
    assert conversation.channel == KIOSK
    method = "POST" if way == "fini" else "GET"
    response = await client.request(method, f"{BASE}/{way}", data={} if way == "fini" else None)
    assert "C&#39;est effacé" in (html := await response.text()) or "C'est effacé" in html
    assert await left_behind(client) == {}
    assert conversation.id in forgotten
    assert list(client.session.cookie_jar) == []


async def test_what_rasa_could_not_forget_yet_is_noted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_self: object, _conversation_id: str) -> None:
        raise OSError

    monkeypatch.setattr("bot.rasa_client.RasaClient.forget", fail)
    await say(client, DANGER)
    (conversation,) = await rows(client, conversations)
    await client.post(f"{BASE}/fini", data={})
    assert [row.conversation_id for row in await rows(client, rasa_erasures)] == [conversation.id]


async def test_the_next_person_sees_nothing_even_with_the_cookie_of_before(client: Client) -> None:
    await say(client, DANGER)
    cookie = next(iter(client.session.cookie_jar))
    await client.post(f"{BASE}/fini", data={})
    for path in (BASE, f"{BASE}/conversation", f"{BASE}/encore"):
        html = await (await client.get(path, headers={"Cookie": f"borne={cookie.value}"})).text()
        assert "3919" not in html
        assert "<textarea" in html


async def test_the_cookie_is_of_the_kiosk_alone_and_ends_with_the_browser(client: Client) -> None:
    page = await (await client.get(BASE)).text()
    fields = {"text": DANGER, "form_id": form_id_of(page)}
    response = await client.post(f"{BASE}/message", data=fields, allow_redirects=False)
    cookie = response.cookies["borne"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (BASE, "Strict", True)
    assert cookie["max-age"] == cookie["expires"] == ""


async def test_no_cookie_and_nothing_to_erase_before_a_first_message(client: Client) -> None:
    response = await client.get(BASE)
    assert "Set-Cookie" not in response.headers
    assert "J'ai fini</button>" not in await response.text()


async def test_a_request_to_a_person_stays_for_those_who_answer_it(client: Client) -> None:
    await say(client, DANGER)
    for choice in ("personne:retour", "personne:passer", "personne:passer", "personne:envoyer"):
        html = await say(client, choice=choice)
    reference, code = re.search(r"\b([A-Z]{2}-\d{4})\b", html), re.search(r"\b([A-Z0-9]{8})\b", html)
    assert reference
    assert code
    await client.post(f"{BASE}/fini", data={})
    assert await left_behind(client) == {}
    (demande,) = await rows(client, demandes)
    assert demande.conversation_id is None
    assert await rows(client, demande_events)
    found = await client.post("/demande", data={"reference": reference.group(1), "code": code.group(1)})
    assert found.status == 200


async def test_nobody_is_asked_to_let_an_operator_read_what_will_be_gone(client: Client) -> None:
    await say(client, "Montauban-de-Bretagne")
    seen = [await say(client, choice="personne:retour")]
    seen += [await say(client, choice="personne:passer") for _ in range(2)]
    assert "personne:envoyer" in seen[-1]
    assert not any("personne:joindre" in html for html in seen)


async def test_what_a_closed_browser_left_is_erased_after_ten_minutes(client: Client) -> None:
    await say(client, DANGER)
    purge = app_of(client)[ASSISTANT].purge
    await put_back(client, IDLE - timedelta(minutes=1))
    assert await purge.purge_left(KIOSK, IDLE) == 0
    await put_back(client, IDLE + timedelta(seconds=1))
    assert await purge.purge_left(KIOSK, IDLE) == 1
    assert await left_behind(client) == {}


async def test_conversations_elsewhere_are_not_those_of_the_kiosk(client: Client) -> None:
    page = await (await client.get("/")).text()
    await client.post("/message", data={"text": DANGER, "form_id": form_id_of(page)})
    await put_back(client, timedelta(days=1))
    assert await app_of(client)[ASSISTANT].purge.purge_left(KIOSK, IDLE) == 0
    assert len(await rows(client, conversations)) == 1


async def test_the_server_looks_by_itself(open_client: OpenClient, tmp_path: object) -> None:
    before = await open_client()
    await say(before, DANGER)
    await put_back(before, IDLE * 2)
    var = app_of(before)[ASSISTANT].settings.var
    after = await open_client(var=var)  # a start: it looks at once
    with app_of(after)[ASSISTANT].listen_to_all():
        for _ in range(200):
            if not await rows(after, conversations):
                break
    assert await left_behind(after) == {}


async def test_nothing_leads_out_of_the_kiosk(client: Client) -> None:
    said = (DANGER, "Montauban-de-Bretagne", "je veux parler à quelqu'un", "I need help with my rent")
    seen = [await (await client.get(path)).text() for path in (BASE, f"{BASE}/nulle-part")]
    seen += [await say(client, words) for words in said]
    seen.append(await (await client.get(f"{BASE}/encore")).text())
    for html in seen:
        addresses = re.findall(r'(?:href|action)="([^"]*)"', html.split("<body")[1])
        assert addresses
        assert [a for a in addresses if not re.match(r"#|/borne(?:[/?#]|$)", a)] == []
        assert "target=" not in html
        assert "tel:" not in html


async def test_every_page_gives_the_emergency_numbers_as_words(client: Client) -> None:
    await say(client, DANGER)
    for path in (BASE, f"{BASE}/encore", f"{BASE}/nulle-part"):
        html = await (await client.get(path)).text()
        footer = html.split("<footer>")[1].split("</footer>")[0]
        assert re.findall(r"<strong>(\d+)</strong>", footer) == ["15", "17", "18", "112", "114"]


async def test_without_script_the_page_asks_then_wipes_by_itself(open_client: OpenClient) -> None:
    client = await open_client(kiosk_seconds=45)
    fresh = await (await client.get(BASE)).text()
    assert "http-equiv" not in fresh  # nothing to wipe: what is being typed must not be lost
    page = await say(client, DANGER)
    assert '<noscript><meta http-equiv="refresh" content="45; url=/borne/encore"></noscript>' in page
    warning = await (await client.get(f"{BASE}/encore")).text()
    assert f'content="{WARNING_SECONDS}; url=/borne/fin"' in warning
    assert 'href="/borne/conversation#derniere">Je continue' in warning
    assert "45; url" not in warning


async def test_a_refused_message_keeps_its_words_and_can_be_wiped(client: Client) -> None:
    page = await (await client.get(BASE)).text()
    fields = {"text": "b" * 3000, "form_id": form_id_of(page)}
    response = await client.post(f"{BASE}/message", data=fields)
    html = await response.text()
    assert response.status == 422
    assert "b" * 3000 in html
    assert 'data-utilisee="oui"' in html


@pytest.mark.parametrize("path", [route.path for route in ROUTES if route.method == "POST"])
async def test_csrf_form_of_another_site(client: Client, path: str) -> None:
    await say(client, DANGER)
    response = await client.post(path, data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status == 403
    assert len(await rows(client, conversations)) == 1


async def test_csrf_link_of_another_site_to_the_end(client: Client) -> None:
    await say(client, DANGER)
    response = await client.get(f"{BASE}/fin", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status == 403
    assert len(await rows(client, conversations)) == 1


async def test_nothing_of_the_kiosk_is_kept_by_a_browser(client: Client) -> None:
    await say(client, DANGER)
    for path in (BASE, f"{BASE}/conversation", f"{BASE}/encore"):
        assert (await client.get(path)).headers["Cache-Control"] == "no-store"


async def test_the_first_words_tell_the_truth_about_what_is_kept(client: Client) -> None:
    fresh = await (await client.get(BASE)).text()
    said = await say(client, DANGER)
    for html in (fresh, said):
        assert "Cette borne ne garde pas votre conversation" in html
        assert "Vos messages sont gardés" not in html


def test_each_situation_offered_is_one_that_is_answered() -> None:
    assert [name for name in SITUATIONS if name not in knowledge().situations] == []


@pytest.mark.parametrize("value", ["19", "901", "vite"])
def test_a_screen_wiped_before_one_can_answer_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="BOT_KIOSK_SECONDS"):
        load_all_settings({"BOT_KIOSK_SECONDS": value})
