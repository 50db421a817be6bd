"""The conversation calls of the public contract."""

import asyncio
import re

import pytest

from tests.channels.talking import DANGER, Api, Client, OpenClient, open_conversation, problem_of


async def test_a_conversation_opens_with_its_token_and_the_welcome(client: Client) -> None:
    response = await client.post("/api/v1/conversations", json={"channel": "api"})
    data = await response.json()
    assert response.status == 201
    assert set(data) == {"id", "token", "messages"}
    assert data["messages"][0]["type"] == "accueil"
    assert "automatique" in data["messages"][0]["text"]
    assert "30 jours" in data["messages"][0]["text"]


async def test_a_message_carries_what_applies_and_leaves_out_the_rest(api: Api) -> None:
    message = api.welcome[0]
    assert set(message) == {"id", "at", "from", "type", "text", "html", "choices"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", message["at"])
    assert message["from"] == "assistant"
    assert {"label": "Parler à une personne", "value": "personne"} in message["choices"]


async def test_a_danger_gets_the_numbers_at_once(api: Api) -> None:
    answer = await api.say(text=DANGER)
    assert answer["state"] == "bot"
    assert [message["type"] for message in answer["messages"]] == ["urgence"]
    assert "3919" in answer["messages"][0]["text"]
    assert '<a href="tel:17">' in answer["messages"][0]["html"]


async def test_a_choice_is_answered_and_stands_in_the_transcript_with_its_words(api: Api) -> None:
    answer = await api.say(choice="personne")
    assert answer["messages"][0]["type"] == "escalade"
    assert answer["messages"][0]["places"][0]["phone"]
    user = (await api.read())[1]
    assert user["from"] == "user"
    assert user["text"] == "Parler à une personne"
    assert set(user) == {"id", "at", "from", "text"}


async def test_messages_after_one_are_only_those_that_follow(api: Api) -> None:
    await api.say(choice="aide")
    messages = await api.read()
    assert await api.read(after=messages[1]["id"]) == messages[2:]
    assert await api.read(after="0" * 32) == messages


async def test_a_repeat_of_a_message_returns_the_first_answer_and_stores_nothing(api: Api) -> None:
    first = await api.say(text=DANGER, client_id="a")
    again = await api.say(text=DANGER, client_id="a")
    assert again == first
    assert len(await api.read()) == 3


async def test_two_repeats_at_the_same_time_are_one_message(api: Api) -> None:
    answers = await asyncio.gather(*(api.say(text=DANGER, client_id="b") for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert len(await api.read()) == 3


async def test_the_same_client_id_elsewhere_is_another_message(client: Client) -> None:
    one, other = await open_conversation(client), await open_conversation(client)
    assert (await one.say(text=DANGER, client_id="a"))["messages"][0]["id"] != (
        await other.say(text=DANGER, client_id="a")
    )["messages"][0]["id"]


async def test_without_rasa_a_question_is_kept_and_the_person_is_told(api: Api) -> None:
    answer = await api.say(text="quelle aide pour mon loyer")
    assert answer["messages"][0]["type"] == "escalade"
    assert "Votre message est gardé" in answer["messages"][0]["text"]


async def test_a_silent_rasa_does_not_hold_the_answer_over_its_time(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.exchange.WAIT_SECONDS", 0.0)
    answer = await api.say(text="quelle aide pour mon loyer")
    assert "Votre message est gardé" in answer["messages"][0]["text"]


async def test_asking_for_a_person_changes_the_state(api: Api) -> None:
    await api.say(choice="personne:retour")
    await api.say(choice="personne:passer")
    await api.say(choice="personne:passer")
    answer = await api.say(choice="personne:envoyer")
    assert answer["state"] == "waiting"
    assert re.fullmatch(r"[A-Z]{2}-\d{4}", answer["messages"][0]["reference"])


async def test_delete_leaves_nothing(api: Api) -> None:
    await api.say(text=DANGER)
    response = await api.client.delete(api.path, headers=api.headers)
    assert response.status == 204
    for method, path in (("GET", "/messages"), ("GET", "/events"), ("POST", "/messages"), ("DELETE", "")):
        gone = await api.client.request(method, api.path + path, headers=api.headers, json={"text": "a"})
        assert (await problem_of(gone))["status"] == 404


async def test_erasing_by_words_says_its_last_words_and_leaves_nothing(api: Api) -> None:
    assert (await api.say(text="effacer"))["messages"][0]["choices"][0]["value"] == "effacer:oui"
    answer = await api.say(choice="effacer:oui")
    assert answer["state"] == "bot"
    assert answer["messages"][0]["type"] == "confidentialite"
    assert "effacé" in answer["messages"][0]["text"]
    assert (await api.post(text="bonjour")).status == 404


async def test_a_masked_number_is_never_given_back(api: Api) -> None:
    await api.say(text=f"{DANGER} mon numéro est 2 69 05 49 588 157 80")
    assert "588" not in str(await api.read())


@pytest.mark.parametrize("channel", ["sms", "telegram", "", 3, None, ["api"]])
async def test_a_channel_that_a_gateway_serves_cannot_be_taken(client: Client, channel: object) -> None:
    response = await client.post("/api/v1/conversations", json={"channel": channel})
    assert (await problem_of(response))["status"] == 422


async def test_a_conversation_needs_no_body(client: Client) -> None:
    assert (await client.post("/api/v1/conversations")).status == 201


async def test_a_stopped_database_is_said(open_client: OpenClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await open_client()
    api = await open_conversation(client)

    async def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("bot.service.intake.Intake.receive", fail)
    assert (await problem_of(await api.post(text="bonjour")))["status"] == 503
