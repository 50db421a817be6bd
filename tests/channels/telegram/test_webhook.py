"""What Telegram calls, through the real application and a Bot API server on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.answers import choices, labels
from bot.service.assistant import Assistant
from bot.service.correspondence import SAME_TEXT_SECONDS
from bot.store import received
from bot.store.database import now
from bot.store.schema import metadata
from channels.telegram.buttons import word_of
from channels.telegram.webhook import MAX_BODY
from tests.channels.talking import DANGER
from tests.channels.telegram import incoming
from tests.channels.telegram.conftest import PATH, SECRET, Line, OpenLine, until
from tests.channels.telegram.incoming import AWA, GROUP, NAME, PRIVATE, ROBOT, answer_to, message, tap, update
from tests.channels.telegram.telegram_html import words_of
from tests.telegram_servers import TOKEN, _post

SECRETS = (
    str(PRIVATE["id"]), str(GROUP["id"]), str(GROUP["id"])[1:], "Awa", "Secretova", "discret", TOKEN, "TEST", SECRET,
)  # fmt: skip
SPOT = {"latitude": 48.190437, "longitude": -2.195214}


def away() -> OperationalError:
    return OperationalError("INSERT", {"texte": "un logement discret"}, Exception("disk I/O error 5001"))


async def call_api(line: Line, method: str, **params: Any) -> Any:
    return await asyncio.to_thread(_post, f"{line.api.base_url}/bot{TOKEN}/{method}", params)


# -- who may call


@pytest.mark.parametrize(
    "secret", [None, "", "x" * 30, SECRET[:-1], f"{SECRET}t", SECRET.upper(), f"{SECRET} t", "é" * 30]
)
async def test_a_call_without_the_secret_is_refused_counted_and_stores_nothing(
    line: Line, secret: str | None
) -> None:
    response = await line.post(json.dumps(incoming.text("/aide")).encode(), secret)
    assert (response.status, await response.read()) == (403, b"")
    assert await line.count("telegram_refused") == 1
    assert await line.conversation() is None


async def test_a_call_with_the_secret_is_stored_acknowledged_and_answered(line: Line) -> None:
    response = await line.post(json.dumps(incoming.text("/aide")).encode())
    assert (response.status, await response.read()) == (200, b"")
    assert await line.count("telegram_refused") == 0
    (heard,) = await line.heard()
    assert "Posez votre question" in words_of(heard)


async def test_a_refused_call_is_not_read(line: Line) -> None:
    assert (await line.post(b"{", "x")).status == 403
    assert (await line.post(b"a" * (MAX_BODY + 1), "x")).status == 403


@pytest.mark.parametrize("mode", ["", "polling"])
async def test_without_webhook_mode_there_is_nothing_to_call(open_line: OpenLine, mode: str) -> None:
    line = await open_line(is_ready=False, telegram_mode=mode)
    for secret in (SECRET, "x", None):
        assert (await line.post(json.dumps(incoming.text("/aide")).encode(), secret)).status == 404
    assert await line.count("telegram_refused") == 0


async def test_the_address_is_for_calls_only(line: Line) -> None:
    assert (await line.client.get(PATH, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})).status == 405


async def test_before_telegram_told_who_we_are_it_is_asked_to_come_back(open_line: OpenLine) -> None:
    line = await open_line(is_ready=False, telegram_api_url="http://127.0.0.1:9")
    assert await line.give(incoming.text("/aide")) == 503
    assert await line.conversation() is None
    assert (await line.client.get("/")).status == 200


async def test_telegram_is_told_where_to_call_and_with_which_secret(open_line: OpenLine) -> None:
    line = await open_line(public_url="https://assistant.exemple.test/")
    (call,) = await asyncio.to_thread(line.api.wait_calls, "setWebhook")
    assert call["params"]["url"] == f"https://assistant.exemple.test{PATH}"
    assert call["params"]["secret_token"] == SECRET
    assert call["params"]["allowed_updates"] == ["message", "edited_message", "callback_query"]


async def test_what_a_person_writes_comes_by_the_webhook_and_is_answered(line: Line) -> None:
    await asyncio.to_thread(line.api.wait_calls, "setWebhook")
    url = str(line.client.make_url(PATH))
    await call_api(line, "setWebhook", url=url, secret_token=SECRET)
    awa = line.api.user(PRIVATE["id"])
    await asyncio.to_thread(awa.command, "/start")
    (welcome,) = await asyncio.to_thread(awa.hear)
    await asyncio.to_thread(awa.tap, welcome.buttons[labels.HELP.label], welcome.message_id)
    (help_,) = await asyncio.to_thread(awa.hear)
    assert "assistant automatique" in words_of(welcome.text)
    assert "Posez votre question" in words_of(help_.text)
    (answered,) = await asyncio.to_thread(line.api.wait_calls, "answerCallbackQuery")
    assert answered["status"] == 200
    assert [delivery["status"] for delivery in await asyncio.to_thread(line.api.deliveries)] == [200, 200]


# -- bodies


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"a=1", b"\xff\xfe{}", b'{"update_id": 1', b"[" * 100_000, b'{"a":' * 40_000, b"9" * 5000],
    ids=["empty", "cut", "form", "no text", "unclosed", "deep list", "deep object", "long number"],
)
async def test_a_body_that_is_no_json_is_a_bad_call(line: Line, body: bytes) -> None:
    assert (await line.post(body)).status == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"bonjour"', b"true", b"[{}]", b"NaN"])
async def test_a_body_that_is_no_object_is_a_bad_call(line: Line, body: bytes) -> None:
    assert (await line.post(body)).status == 400


async def test_more_than_a_body_may_hold_is_refused(line: Line) -> None:
    body = json.dumps(incoming.text("/aide")).encode()
    assert (await line.post(body + b" " * (MAX_BODY + 1 - len(body)))).status == 413
    assert await line.conversation() is None
    assert (await line.post(body + b" " * (MAX_BODY - len(body)))).status == 200


async def test_more_than_a_body_may_hold_is_refused_when_its_length_is_not_told(line: Line) -> None:
    async def chunks() -> Any:
        for _ in range(MAX_BODY // 1024 + 1):
            yield b" " * 1024

    response = await line.client.post(
        PATH, data=chunks(), headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}
    )
    assert response.status == 413


async def test_a_compressed_body_is_refused(line: Line) -> None:
    assert (await line.post(b"\x1f\x8b", **{"Content-Encoding": "gzip"})).status == 415


def quoting_itself(times: int) -> dict[str, Any]:
    quoted = message(text="a")
    for _ in range(times):
        quoted = message(text="a", reply_to_message=quoted)
    return quoted


UNREADABLE = {
    "empty": {},
    "no message": {"update_id": 1},
    "text for a message": {"update_id": 1, "message": "bonjour"},
    "list for a message": {"update_id": 1, "message": [1]},
    "nothing in a message": {"update_id": 1, "message": {}},
    "no chat": {"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "a"}},
    "chat without a type": update(message=message({"id": 5001}, text="a")),
    "text for a date": update(message=message(text="a") | {"date": "hier"}),
    "date of no calendar": update(message=message(text="a") | {"date": 10**20}),
    "endless date": update(message=message(text="a") | {"date": float("inf")}),
    "number for a text": update(message=message(text=12)),
    "list for a text": update(message=message(text=["a"])),
    "chat of nobody": update(message=message(text="a") | {"chat": None}),
    "message that quotes itself": update(message=quoting_itself(900)),
    "tap by nobody": {"update_id": 1, "callback_query": {"id": "1"}},
    "position without a place": update(message=message(location={})),
}


@pytest.mark.parametrize("kind", sorted(UNREADABLE))
async def test_an_update_that_cannot_be_read_is_acknowledged_so_that_it_does_not_come_again(
    line: Line, kind: str
) -> None:
    assert await line.give(UNREADABLE[kind]) == 200
    assert await line.give(incoming.text("/aide")) == 200
    assert await line.answers() == 1


# -- once


async def test_the_same_update_twice_is_processed_once(line: Line) -> None:
    data = incoming.text("/aide")
    assert [await line.give(data) for _ in range(3)] == [200] * 3
    assert await line.answers() == 1


async def test_the_same_update_twice_at_once_is_processed_once(line: Line) -> None:
    data = incoming.text("/aide")
    assert await asyncio.gather(*(line.give(data) for _ in range(5))) == [200] * 5
    assert await line.answers() == 1


async def test_the_same_words_in_two_updates_are_answered_twice(line: Line) -> None:
    for _ in range(2):
        await line.give(incoming.text("/aide"))
    assert await line.answers() == 2


async def test_a_second_tap_within_seconds_is_the_first_and_one_later_is_another(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_of(choices.HELP)
    assert [await line.give(tap(word)) for _ in range(3)] == [200] * 3
    assert await line.answers() == 1
    later = now() + timedelta(seconds=SAME_TEXT_SECONDS + 1)
    monkeypatch.setattr(received, "now", lambda: later)
    await line.give(tap(word))
    assert await line.answers() == 2


async def test_a_tap_on_another_button_or_message_within_seconds_is_another(line: Line) -> None:
    await line.give(tap(word_of(choices.HELP)))
    await line.give(tap(word_of(choices.PRIVACY)))
    await line.give(tap(word_of(choices.HELP), message_id=13))
    assert await line.answers() == 3


async def test_the_same_tap_of_two_people_is_two(line: Line) -> None:
    other = PRIVATE | {"id": 5002}
    for chat in (PRIVATE, other):
        await line.give(tap(word_of(choices.HELP), chat))
    assert [await line.answers(chat["id"]) for chat in (PRIVATE, other)] == [1, 1]


async def test_every_tap_stops_its_button_turning(line: Line) -> None:
    for _ in range(2):
        await line.give(tap(word_of(choices.HELP)))
    await line.give(tap("inconnu"))
    await line.give(incoming.old_tap(word_of(choices.HELP)))
    assert len(await asyncio.to_thread(line.api.wait_calls, "answerCallbackQuery", 4)) == 4


# -- the store away


async def test_while_the_store_is_away_telegram_is_asked_to_come_back_and_nothing_is_lost(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_inbound: object) -> None:
        raise away()

    data = incoming.text("/aide")
    with monkeypatch.context() as patch:
        patch.setattr(line.assistant, "receive_from", fail)
        assert await line.give(data) == 503
    assert await line.give(data) == 200
    assert await line.answers() == 1


async def test_a_fault_of_ours_is_not_acknowledged(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_inbound: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(line.assistant, "receive_from", fail)
    assert await line.give(incoming.text("/aide")) == 500


# -- what is answered


async def test_a_danger_is_answered_before_anything_is_said_of_us(line: Line) -> None:
    await line.give(incoming.text(DANGER))
    (heard,) = await line.heard()
    assert "17" in words_of(heard)
    assert "assistant automatique" not in heard


async def test_after_a_danger_the_next_answer_says_who_speaks(line: Line) -> None:
    await line.give(incoming.text(DANGER))
    await line.give(incoming.text("/lieu"))
    assert ["assistant automatique" in words_of(heard) for heard in await line.heard(2)] == [False, True]


async def test_whoever_starts_with_aide_is_told_how_long_messages_are_kept(line: Line) -> None:
    await line.give(incoming.text("/aide"))
    (heard,) = await line.heard()
    assert "assistant automatique" in words_of(heard)
    assert "gardés 30 jours" in words_of(heard)


async def test_start_and_lieu_leave_a_form_in_progress_where_it_is(line: Line) -> None:
    await line.give(tap(word_of(choices.PERSON_CALL)))
    form = await line.conversation()
    assert form is not None
    assert form.flow is not None
    for data in (incoming.text("/start"), incoming.text("/lieu"), incoming.text("/inconnue")):
        await line.give(data)
    still = await line.conversation()
    assert still is not None
    assert (still.id, still.flow) == (form.id, form.flow)


async def test_a_tap_that_erases_leaves_nothing(line: Line) -> None:
    await line.give(incoming.text("/effacer"))
    await line.heard()
    await line.give(tap(word_of(choices.ERASE_YES)))
    assert await line.conversation() is None
    assert "C'est effacé" in words_of((await line.heard(2))[-1])


@pytest.mark.parametrize(
    "ask", [incoming.text("/effacer"), tap(word_of(choices.ERASE))], ids=["command", "button"]
)
async def test_beyond_the_limits_of_the_day_an_erasure_is_done(
    open_line: OpenLine, ask: dict[str, Any]
) -> None:
    line = await open_line(received_per_day=1)
    for _ in range(3):
        await line.give(incoming.text("/aide"))
    await line.give(ask | {"update_id": 1})
    assert [c.value for c in ((await line.transcript())[-1].answer or _nothing()).choices][:1] == [
        choices.ERASE_YES
    ]
    await line.give(tap(word_of(choices.ERASE_YES)))
    assert await line.conversation() is None


def _nothing() -> Any:
    raise AssertionError("no answer")


async def test_taps_are_never_a_loop(line: Line) -> None:
    for rank in range(8):
        await line.give(tap(word_of(choices.HELP), message_id=100 + rank))
    assert await line.answers() == 8


async def test_after_stop_nothing_is_said_until_they_write_again(line: Line) -> None:
    for text in ("/stop", "/stop", "/stop"):
        await line.give(incoming.text(text))
    assert await line.answers() == 1
    await line.give(incoming.text("/start"))
    assert len(await line.heard(2)) == 2


async def test_a_stop_of_ours_does_not_wait_for_the_sign_that_we_write(line: Line) -> None:
    await line.give(incoming.text("combien pour le rsa ?"))
    await asyncio.to_thread(line.api.wait_calls, "sendChatAction")
    async with asyncio.timeout(3):
        await line.client.close()


# -- a group


async def test_personal_words_in_a_group_are_invited_in_private(line: Line) -> None:
    await line.give(incoming.text(f"/personne{NAME}", GROUP))
    (heard,) = await line.heard(chat=GROUP["id"])
    assert f"https://t.me/{ROBOT['username']}" in words_of(heard)


@pytest.mark.parametrize(
    "typed", [labels.CALL_ME.label, "rappel", "1", "le premier", labels.WRITE_HERE.label]
)
async def test_in_a_group_a_form_never_begins_even_when_the_choice_is_typed(line: Line, typed: str) -> None:
    await line.give(tap(word_of(choices.ESTIMATE), GROUP))
    shown = (await line.transcript(GROUP["id"]))[-1].answer
    assert shown is not None
    assert labels.CALL_ME in shown.choices
    await line.give(incoming.text(typed, GROUP, reply_to_message=answer_to(ROBOT)))
    found = await line.conversation(GROUP["id"])
    assert found is not None
    assert found.flow is None


async def test_in_a_group_an_erasure_is_never_done_even_when_the_choice_is_typed(line: Line) -> None:
    await line.give(incoming.text(f"/effacer{NAME}", GROUP))
    await line.give(incoming.text("oui", GROUP, reply_to_message=answer_to(ROBOT)))
    assert await line.conversation(GROUP["id"]) is not None


async def test_a_group_and_a_person_have_each_their_conversation(line: Line) -> None:
    await line.give(incoming.text("/aide"))
    await line.give(incoming.text("/aide", GROUP))
    private, group = await line.conversation(), await line.conversation(GROUP["id"])
    assert private is not None
    assert group is not None
    assert private.id != group.id


# -- what is kept and what is told in the log


async def everything_stored(assistant: Assistant) -> Iterator[str]:
    """Return every value of every table, opened where it is encrypted."""
    values = []
    async with assistant._database.read() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(sa.select(table))).all():
                for name, value in row._mapping.items():
                    is_sealed = str(name).endswith("_enc") and value is not None
                    values.append(repr(assistant._cipher.open(value) if is_sealed else value))
    return iter(values)


async def test_a_shared_position_is_answered_and_is_nowhere_in_the_store(line: Line) -> None:
    assert await line.give(update(message=message(location=SPOT))) == 200
    stored = list(await everything_stored(line.assistant))
    assert any("Saint-Méen-le-Grand" in value for value in stored)
    written = [str(number)[:6].lstrip("-") for number in SPOT.values()]
    assert [value for value in stored if any(number in value for number in written)] == []
    assert [message.sender for message in await line.transcript()] == ["assistant"]


async def test_of_a_person_only_the_chat_is_kept(line: Line) -> None:
    await line.give(incoming.text("/aide", **{"from": AWA}))
    stored = " ".join(await everything_stored(line.assistant))
    assert str(PRIVATE["id"]) in stored
    assert [name for name in ("Awa", "Secretova") if name in stored] == []


async def provoke_each_outcome(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have updates taken, refused, unreadable, left and failed, and messages refused in each way."""
    text = f"{DANGER}, je cherche un logement discret"
    await line.give(incoming.text(text))
    await line.post(json.dumps(incoming.text(text)).encode(), "x" * 30)
    await line.give(update(message="un logement discret 5001"))
    await line.give(update(message=message(location=SPOT)))
    await line.give(tap("un logement discret"))

    async def fail(_inbound: object) -> None:
        raise away()

    with monkeypatch.context() as patch:
        patch.setattr(line.assistant, "receive_from", fail)
        await line.give(incoming.text(text))
    await line.heard(2)
    for status, counted in ((403, "telegram_gone"), (400, "telegram_failed"), (500, ""), (429, "")):
        await refuse_one(line, status, counted)


async def refuse_one(line: Line, status: int, counted: str) -> None:
    """Have the message to one person refused, and wait until it was taken note of."""
    await asyncio.to_thread(line.api.fail, "sendMessage", status)
    tried = len(await asyncio.to_thread(line.api.calls, "sendMessage"))
    await line.give(incoming.text("/start", PRIVATE | {"id": 5100 + status}))
    await asyncio.to_thread(line.api.wait_calls, "sendMessage", tried + 1)
    if counted:
        await until(lambda: line.count(counted))


async def test_no_log_line_holds_the_chat_the_name_the_text_the_token_or_the_secret(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs:
        await provoke_each_outcome(line, monkeypatch)
    events = {entry["event"] for entry in logs}
    assert {"telegram_received", "telegram_update_unreadable", "telegram_call_failed", "not_sent"} <= events
    told = repr(logs)
    assert [word for word in (*SECRETS, "48.19", "5503", "5500") if word in told] == []


async def test_no_line_on_the_output_holds_them_either(
    line: Line, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    await provoke_each_outcome(line, monkeypatch)
    await line.client.close()
    told = "".join(capfd.readouterr())
    assert "event=telegram_call_failed" in told
    assert [word for word in (*SECRETS, "48.19", "5503", "5500") if word in told] == []


async def test_a_refused_token_is_told_without_the_token_and_the_pages_stay(
    open_line: OpenLine, api: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    await asyncio.to_thread(api.fail, "getMe", 401, 9)
    line = await open_line(is_ready=False)
    told = ""

    async def is_told() -> bool:
        nonlocal told
        told += "".join(capfd.readouterr())
        return "telegram_token_refused" in told

    await until(is_told)
    assert "BOT_TELEGRAM_TOKEN" in told
    assert TOKEN not in told
    assert (await line.client.get("/")).status == 200
