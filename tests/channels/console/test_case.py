"""The page of a request."""

import re
from datetime import datetime, timedelta

import pytest

from bot.model.answer import Answer, AnswerType, paragraph
from bot.store import accounts, addresses, deliveries, schema
from bot.store import conversations as store
from bot.store.accounts import Role
from bot.store.deliveries import Lane
from tests.channels.console.desk_scene import Operator, ask, assistant_of, sign_in, talk
from tests.channels.talking import Client

HOSTILE = "<img src=x onerror=alert(1)>\"'--></script>\u202egnitset\u202c {{ 7*7 }} " + "é" * 1900


async def say(client: Client, conversation: str, text: str) -> None:
    """Store what a person said, without anybody answering."""
    assistant = assistant_of(client)
    async with assistant._database.write() as connection:
        await store.add_message(connection, assistant._cipher, conversation, store.USER, {"text": text})


async def answer(client: Client, conversation: str, said: Answer) -> None:
    assistant = assistant_of(client)
    async with assistant._database.write() as connection:
        body = {"answer": said.to_json()}
        await store.add_message(connection, assistant._cipher, conversation, store.ASSISTANT, body)


async def rename(client: Client, operator: Operator, name: str) -> None:
    """Store a name that the account page would refuse."""
    assistant = assistant_of(client)
    async with assistant._database.write() as connection:
        sealed = assistant._cipher.seal(name)
        await accounts.update_account(connection, operator.account.id, name_enc=sealed)


def lines_of(html: str) -> list[str]:
    """Return the words of each line of the conversation."""
    items = re.findall(r'<li id="m-.*?</li>', html.replace("\n", " "))
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", item)) for item in items]


async def test_a_request_shows_what_the_person_gave_and_nothing_else(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(
        client, moyen="rappel", telephone="06 39 98 00 01", mots="Ma CAF est coupée", commune="Gaël"
    )
    html = await awa.open(reference)
    assert '<a class="seul" href="tel:0639980001">06 39 98 00 01</a>' in html
    assert "Ma CAF est coupée" in html
    assert "<dt>Commune</dt>" in html
    assert "<dt>Nom</dt>" not in html
    assert "<dt>Quand</dt>" not in html


async def test_the_conversation_with_the_assistant_is_read_only_with_the_yes_of_the_person(
    client: Client,
) -> None:
    awa = await sign_in(client)
    for agreed in (False, True):
        conversation = await talk(client)
        await say(client, conversation, "mon secret d'avant")
        reference = await ask(client, conversation_id=conversation, joindre=agreed)
        await say(client, conversation, "ce que je dis depuis")
        html = await awa.open(reference)
        assert ("mon secret" in html) is agreed
        assert ("ce que je dis depuis" in html) is agreed  # said to the assistant, not to an operator
        said = "La personne accepte que" if agreed else "La personne n&#39;a pas accepté que"
        assert said in html


async def test_an_answer_of_the_assistant_is_folded_under_the_title_of_its_fiche(client: Client) -> None:
    awa = await sign_in(client)
    conversation = await talk(client)
    await answer(
        client,
        conversation,
        Answer(AnswerType.FICHE, (paragraph("Le RSA…"),), "", fiche="rsa", rubrique="apercu"),
    )
    reference = await ask(client, conversation_id=conversation, joindre=True)
    html = await awa.open(reference)
    assert "<summary>Revenu de solidarité active (RSA)</summary>" in html
    assert '<a href="/fiches/rsa">Lire la fiche' in html
    assert f"/console/demandes/{reference}/assistant/" in html


async def test_what_the_assistant_says_of_the_request_is_in_words_and_is_no_answer_to_review(
    client: Client,
) -> None:
    awa = await sign_in(client)
    conversation = await talk(client)
    reference = await ask(client, conversation_id=conversation, joindre=False)
    await awa.take(reference)
    html = await awa.open(reference)
    assert f"<summary>Awa a pris votre demande {reference}. Vous pouvez lui écrire ici.</summary>" in html
    assert "Revoir cette réponse" not in html


async def test_the_subject_of_the_request_is_its_title(client: Client) -> None:
    awa = await sign_in(client)
    conversation = await talk(client)
    await answer(client, conversation, Answer(AnswerType.FICHE, (paragraph("Oui."),), "", fiche="rsa"))
    reference = await ask(client, conversation_id=conversation, joindre=True)
    assert re.search(rf"<h1>.*{reference}.*Revenu de solidarité active", await awa.open(reference))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (deliveries.QUEUED, "En attente d&#39;envoi"),
        (deliveries.ACCEPTED, "Envoyé au réseau"),
        (deliveries.BUFFERED, "hors réseau"),
        (deliveries.DELIVERED, "Reçu par le téléphone"),
        (deliveries.UNDELIVERED, "Non remis"),
        (deliveries.STOPPED, "ne plus rien recevoir"),
    ],
)
async def test_the_state_of_a_reply_is_said_in_words(client: Client, status: str, said: str) -> None:
    awa = await sign_in(client)
    conversation = await talk(client, "sms")
    reference = await ask(client, conversation_id=conversation, channel="sms")
    await awa.take(reference)
    await assistant_of(client).casework.reply(reference, awa.account.id, "Bonjour")
    assistant = assistant_of(client)
    case = await assistant.desk.read(reference, awa.account.id)
    reply = next(message for message in case.messages if message.sender == store.OPERATOR)
    async with assistant._database.write() as connection:
        await deliveries.add_delivery(
            connection,
            assistant._cipher,
            channel="sms",
            conversation_id=conversation,
            message_seq=reply.seq,
            address_hash="x",
            address="+33639980001",
            text="Awa : Bonjour",
            lane=Lane.PUSH,
            not_before=reply.at,
            useful_for=timedelta(days=1),
        )
        if status != deliveries.QUEUED:
            await connection.execute(schema.deliveries.update().values(status=status))
    assert said in (await awa.open(reference)).split('id="repondre"')[0]


async def test_a_reply_by_text_to_a_number_that_said_stop_is_said_not_to_be_sent(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(
        client, moyen="texto", telephone="06 39 98 00 01", conversation_id=await talk(client)
    )
    assistant = assistant_of(client)
    async with assistant._database.write() as connection:
        stopped = addresses.hash_address(assistant._cipher, "sms", "+33639980001")
        await addresses.oppose(connection, "sms", stopped)
    await awa.take(reference)
    await assistant.casework.reply(reference, awa.account.id, "Bonjour")
    assert lines_of(await awa.open(reference))[-1].strip().endswith("ne plus rien recevoir")


async def test_a_reply_on_the_web_is_said_to_be_in_the_conversation(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, conversation_id=await talk(client))
    await awa.take(reference)
    await assistant_of(client).casework.reply(reference, awa.account.id, "Bonjour")
    assert lines_of(await awa.open(reference))[-1].endswith("Bonjour Dans la conversation ")


async def test_hostile_words_are_harmless_wherever_they_stand(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", Role.RESPONSABLE)
    await rename(client, awa, '<b onclick="x">Awa')
    await rename(client, yann, "<script>alert(2)</script>")
    conversation = await talk(client)
    await say(client, conversation, HOSTILE)
    reference = await ask(
        client,
        conversation_id=conversation,
        joindre=True,
        moyen="rdv",
        nom=HOSTILE[:80],
        mots=HOSTILE,
        quand=HOSTILE[:80],
        commune=HOSTILE[:80],
        telephone="<a>06 39 98 00 01",
    )
    await awa.take(reference)
    casework = assistant_of(client).casework
    await casework.reply(reference, awa.account.id, HOSTILE[:1500])
    await casework.note(reference, yann.account.id, HOSTILE[:2000])
    await casework.ask_to_hand_on(reference, awa.account.id, HOSTILE[:80])
    pages = [
        await awa.open(reference),
        await yann.open(reference),
        await awa.get("/console"),
        await awa.get(f"/console/demandes/{reference}/suite"),
        await awa.get("/console/recherche?q=%3Cimg%20src"),
    ]
    await casework.hand(reference, awa.account.id, yann.account.id)
    pages.append(await awa.open(reference))
    for html in pages:
        for raw in ("<img", "<b onclick", "<script>alert", "\u202e", "\u202c", " 49 "):
            assert raw not in html, raw
    assert "&lt;img src=x onerror=alert(1)&gt;" in pages[0]


async def test_who_has_it_is_told_to_the_others_with_nothing_to_press_but_a_note(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    reference = await ask(client)
    await awa.take(reference)
    html = await yann.open(reference)
    assert "<strong>Prise par Awa</strong>" in html
    acts = re.findall(rf'action="/console/demandes/{reference}/(\w+)"', html)
    assert acts == ["note"]
    assert "<strong>Prise par vous</strong>" in await awa.open(reference)


async def test_the_neighbours_follow_the_order_of_the_queue(client: Client) -> None:
    awa = await sign_in(client)
    first, second, third = [await ask(client) for _ in range(3)]
    html = await awa.open(second)
    assert f'<a href="/console/demandes/{first}" aria-keyshortcuts="Alt+K">' in html
    assert f'<a href="/console/demandes/{third}" aria-keyshortcuts="Alt+J">' in html


async def test_shortcuts_go_when_the_account_says_so(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    assert 'aria-keyshortcuts="Alt+P"' in await awa.open(reference)
    await assistant_of(client).accounts.set_shortcuts(awa.account.id, False)
    html = await awa.open(reference)
    assert 'aria-keyshortcuts="Alt+P"' not in html
    assert 'data-raccourcis="non"' in html


async def test_a_reference_typed_in_small_letters_opens_the_request(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    assert reference in await awa.open(reference.lower())


@pytest.mark.parametrize("reference", ["BC-0000", "x" * 300, "%3Cimg%3E", "..%2f..", "%00"])
async def test_a_request_that_is_no_more_says_so(client: Client, reference: str) -> None:
    awa = await sign_in(client)
    html = await awa.get(f"/console/demandes/{reference}", status=404)
    assert "Cette demande n&#39;existe plus" in html or "Cette demande n'existe plus" in html
    assert "<img" not in html


async def test_reading_is_noted_under_the_account_that_read(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    await awa.open(reference)
    assert reference in await awa.get("/console/compte/journal")


async def test_an_agent_at_the_desk_reads_no_request(client: Client) -> None:
    agent: Operator = await sign_in(client, "agent", Role.AGENT)
    reference = await ask(client, mots="mot rare")
    for path in ("", "/suite", "/assistant/abc"):
        html = await agent.get(f"/console/demandes/{reference}{path}", status=403)
        assert "mot rare" not in html


@pytest.mark.parametrize(
    ("channel", "at", "said"),
    [
        ("sms", datetime(2026, 11, 30, 21, 0), "Celui-ci partira demain à 8 h."),
        ("telegram", datetime(2026, 11, 29, 12, 0), "Celui-ci partira demain à 8 h."),
        ("sms", datetime(2026, 11, 30, 12, 0), ""),
        ("web", datetime(2026, 11, 30, 21, 0), ""),
    ],
)
async def test_a_reply_that_waits_for_the_morning_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, channel: str, at: datetime, said: str
) -> None:
    awa = await sign_in(client)
    reference = await ask(client, conversation_id=await talk(client, channel), channel=channel)
    await awa.take(reference)
    monkeypatch.setattr("channels.console.case.now", lambda: at)
    html = await awa.open(reference)
    assert said in html
    assert ("Celui-ci partira" in html) is bool(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"moyen": "retour"}, "La personne lit votre réponse sur la page «\u00a0Suivre ma demande\u00a0»"),
        ({"moyen": "rdv"}, "Elle attend aussi ceci\u00a0: un rendez-vous."),
        ({"moyen": "texto", "telephone": "06 39 98 00 01"}, "Votre réponse part par texto"),
    ],
)
async def test_where_a_reply_goes_is_said(client: Client, given: dict[str, str], said: str) -> None:
    awa = await sign_in(client)
    reference = await ask(client, **given)
    await awa.take(reference)
    assert said in await awa.open(reference)


async def test_a_danger_is_said_in_words_and_not_by_colour_alone(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, mots="mon mari me frappe")
    assert ">Danger</strong>" in await awa.open(reference)
