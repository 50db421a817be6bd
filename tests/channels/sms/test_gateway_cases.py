"""One table of cases, run against every gateway through the real application."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import phonenumbers
import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from channels.sms.gateways import GATEWAYS
from channels.sms.settings import GATEWAY_NAMES
from tests.channels.sms.conftest import (
    DESCRIPTION,
    PHONE,
    SECRET,
    TOKEN,
    GenericCalls,
    KannelGet,
    KannelPost,
    OpenLine,
    TwilioCalls,
    Wire,
    path_of,
)
from tests.channels.talking import OpenClient

PREMIUM = phonenumbers.format_number(
    phonenumbers.example_number_for_type("FR", phonenumbers.PhoneNumberType.PREMIUM_RATE),
    phonenumbers.PhoneNumberFormat.E164,
)
UNREADABLE = "Je lis seulement du texte"
TEXTS = {
    "plain": "Bonjour, je cherche un logement",
    "accents": "J'ai été licenciée à Noël, où aller ? Ça presse, œuvre",
    "emoji": "Bonjour 😀👍🏽 je cherche un logement",
    "a thousand characters": ("Je cherche un logement et une aide, où aller ? " * 30)[:999] + "!",
}
KANNELS = pytest.mark.parametrize("kannel", [KannelPost(), KannelGet()], ids=lambda kannel: kannel.id)
generic = GenericCalls()


def away() -> OperationalError:
    return OperationalError("INSERT", {"texte": "un texte secret"}, Exception(f"disk I/O error {PHONE}"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_what_a_phone_writes_is_stored_as_it_was_written(
    open_line: OpenLine, dialect: Any, text: str
) -> None:
    line = await open_line(dialect.gateway)
    response = await line.call(dialect.message(PHONE, text))
    assert (response.status, await response.read()) == (200, b"")
    assert await line.written() == [text]


async def test_the_answer_goes_out_to_the_phone_that_wrote(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    await line.call(dialect.message(PHONE, "AIDE"))
    assert dialect.sent_to(await line.operator.next()) == PHONE


async def test_two_phones_have_a_conversation_each(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    await line.call(dialect.message(PHONE, "AIDE", "m1"))
    await line.call(dialect.message("+33639980002", "CONTACT", "m2"))
    assert (await line.written(), await line.written("+33639980002")) == (["AIDE"], ["CONTACT"])


@pytest.mark.parametrize("charset", ["UTF-8", "UTF-16BE", "ISO-8859-1", "windows-1252"])
@KANNELS
async def test_kannel_is_read_in_the_charset_it_declares(
    open_line: OpenLine, kannel: Any, charset: str
) -> None:
    line = await open_line("kannel")
    coding = "2" if charset == "UTF-16BE" else "0"
    await line.call(kannel.message(PHONE, TEXTS["plain"] + " à Noël", charset=charset, coding=coding))
    assert await line.written() == [TEXTS["plain"] + " à Noël"]


async def test_a_charset_is_found_beside_another_parameter_of_the_content_type(open_line: OpenLine) -> None:
    line = await open_line("kannel")
    await line.call(KannelPost().raw(PHONE, "été".encode("latin-1"), "m1", "ISO-8859-1; format=flowed"))
    assert await line.written() == ["été"]


# -- parts -----------------------------------------------------------------------------------------


async def test_parts_out_of_order_are_joined_when_the_last_one_is_there(open_line: OpenLine) -> None:
    line = await open_line("generique")
    parts = ("Je cherche ", "un logement ", "à Montauban")
    for number in (3, 1):
        wire = generic.message(PHONE, parts[number - 1], f"m{number}", part=("g", number, 3))
        assert (await line.call(wire)).status == 200
    assert await line.written() == []
    await line.call(generic.message(PHONE, parts[1], "m2", part=("g", 2, 3)))
    assert await line.written() == ["Je cherche un logement à Montauban"]


async def test_an_emoji_cut_between_two_parts_is_whole_again(open_line: OpenLine) -> None:
    line = await open_line("generique")
    first, second = "Je cherche un logement \ud83d", "\ude00 merci"
    assert (await line.call(generic.message(PHONE, first, "m1", part=("g", 1, 2)))).status == 200
    assert (await line.call(generic.message(PHONE, second, "m2", part=("g", 2, 2)))).status == 200
    assert await line.written() == ["Je cherche un logement 😀 merci"]


async def test_half_an_emoji_alone_is_acknowledged(open_line: OpenLine) -> None:
    line = await open_line("generique")
    assert (await line.call(generic.message(PHONE, "Je cherche un logement \ud83d"))).status == 200


async def test_parts_that_say_the_same_are_both_kept_without_ids(open_line: OpenLine) -> None:
    line = await open_line("generique")
    for number in (1, 2):
        await line.call(generic.message(PHONE, "encore ", None, part=("g", number, 2)))
    assert await line.written() == ["encore encore"]


@pytest.mark.parametrize("part", [("g", 0, 2), ("g", 3, 2), ("g", "x", 2), ("g", 1, 256), ("g", 1, "²")])
async def test_a_part_that_cannot_be_placed_is_a_bad_call(open_line: OpenLine, part: Any) -> None:
    line = await open_line("generique")
    response = await line.call(generic.message(PHONE, "bonjour", part=part))
    assert response.status == 400
    assert await line.written() == []


# -- the same again --------------------------------------------------------------------------------


async def test_the_same_call_twice_is_acknowledged_and_stored_once(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    wire = dialect.message(PHONE, TEXTS["plain"])
    assert [(await line.call(wire)).status for _ in range(2)] == [200, 200]
    assert await line.written() == [TEXTS["plain"]]


@KANNELS
async def test_the_same_text_without_an_id_is_the_same_message(open_line: OpenLine, kannel: Any) -> None:
    line = await open_line("kannel")
    for _ in range(2):
        await line.call(kannel.message(PHONE, TEXTS["plain"], None))
    assert await line.written() == [TEXTS["plain"]]


async def test_the_same_text_under_another_id_is_another_message(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    await line.call(dialect.message(PHONE, "AIDE", "m1"))
    await line.call(dialect.message(PHONE, "AIDE", "m2"))
    assert await line.written() == ["AIDE", "AIDE"]


async def test_a_good_call_replayed_later_is_not_processed_again(
    open_line: OpenLine, dialect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.correspondence.SAME_TEXT_SECONDS", 0)
    line = await open_line(dialect.gateway)
    wire = dialect.message(PHONE, "AIDE", "m1")
    await line.call(wire)
    await line.call(dialect.message(PHONE, "CONTACT", "m2"))
    assert (await line.call(wire)).status == 200
    assert await line.written() == ["AIDE", "CONTACT"]


async def test_an_unreadable_message_replayed_later_is_answered_once(
    open_line: OpenLine, dialect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.correspondence.SAME_TEXT_SECONDS", 0)
    line = await open_line(dialect.gateway)
    wire = dialect.unreadable(PHONE)
    assert [(await line.call(wire)).status for _ in range(2)] == [200, 200]
    assert len(await line.answered()) == 1


async def test_two_unreadable_messages_are_both_answered(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    await line.call(dialect.unreadable(PHONE, "m1"))
    await line.call(dialect.unreadable(PHONE, "m2"))
    assert len(await line.answered()) == 2


# -- who calls -------------------------------------------------------------------------------------


async def test_a_call_that_the_gateway_did_not_sign_is_refused_and_counted(
    open_line: OpenLine, dialect: Any
) -> None:
    line = await open_line(dialect.gateway)
    response = await line.call(dialect.forged(dialect.message(PHONE, "AIDE")))
    assert (response.status, await response.read()) == (403, b"")
    assert await line.count("sms_refused") == 1
    assert await line.written() == []


async def test_a_forged_report_is_refused_and_counted(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    response = await line.call(dialect.forged(dialect.report(dialect.states["delivered"], "x")))
    assert response.status == 403
    assert await line.count("sms_refused") == 1


@pytest.mark.parametrize("secret", ["x" * 30, "s" * 29, "%C3%A9", "%FF"])
async def test_a_wrong_secret_in_the_address_is_refused_and_counted(
    open_line: OpenLine, dialect: Any, secret: str
) -> None:
    line = await open_line(dialect.gateway)
    wire = dialect.message(PHONE, "AIDE")
    response = await line.call(replace(wire, path=wire.path.replace(SECRET, secret)))
    assert response.status == 403
    assert await line.count("sms_refused") == 1
    assert await line.written() == []


async def test_a_call_from_an_address_not_allowed_is_refused_and_counted(
    open_line: OpenLine, dialect: Any
) -> None:
    line = await open_line(dialect.gateway, sms_allowed="192.0.2.0/24,2001:db8::/32")
    assert (await line.call(dialect.message(PHONE, "AIDE"))).status == 403
    assert await line.count("sms_refused") == 1
    assert await line.written() == []


async def test_an_address_that_the_caller_claims_is_not_believed(open_line: OpenLine) -> None:
    line = await open_line("kannel", sms_allowed="192.0.2.0/24")
    wire = KannelPost().message(PHONE, "AIDE")
    wire = replace(wire, headers=wire.headers | {"X-Forwarded-For": "192.0.2.7"})
    assert (await line.call(wire)).status == 403


async def test_the_address_that_a_trusted_proxy_gives_is_the_callers(open_line: OpenLine) -> None:
    line = await open_line("kannel", sms_allowed="192.0.2.0/24", trusted_proxies=1)
    wire = KannelPost().message(PHONE, "AIDE")
    wire = replace(wire, headers=wire.headers | {"X-Forwarded-For": "192.0.2.7"})
    assert (await line.call(wire)).status == 200


@pytest.mark.parametrize(
    ("address", "status"), [("::1", 200), ("::ffff:192.0.2.7", 200), ("::2", 403), ("2001:db8:0:1::1", 403)]
)
async def test_one_address_of_ipv6_is_one_address(open_line: OpenLine, address: str, status: int) -> None:
    line = await open_line("kannel", sms_allowed="::1/128,192.0.2.0/24", trusted_proxies=1)
    wire = KannelPost().message(PHONE, "AIDE")
    wire = replace(wire, headers=wire.headers | {"X-Forwarded-For": address})
    assert (await line.call(wire)).status == status


@pytest.mark.parametrize("age", [400, -400], ids=["old", "to come"])
async def test_a_signed_call_far_from_its_time_is_refused(open_line: OpenLine, age: int) -> None:
    line = await open_line("generique")
    assert (await line.call(generic.message(PHONE, "AIDE", age=age))).status == 403
    assert await line.count("sms_refused") == 1
    assert await line.written() == []


@pytest.mark.parametrize("moment", ["hier", "-5", "²", "9" * 5000], ids=["word", "minus", "exponent", "long"])
async def test_a_time_that_is_no_number_is_refused(open_line: OpenLine, moment: str) -> None:
    line = await open_line("generique")
    assert (await line.call(generic.signed(b"{}", moment=moment))).status == 403


async def test_a_signature_of_a_body_does_not_vouch_for_a_query(open_line: OpenLine) -> None:
    line = await open_line("generique")
    signed = generic.message(PHONE, "AIDE", "m1")
    query = path_of("message", f"de=%2B{PHONE[1:]}&id=m2")
    response = await line.call(Wire("GET", query, signed.headers, signed.body))
    assert response.status == 403
    assert await line.transcript() == []


@pytest.mark.parametrize("gateway", ["twilio", "generique"])
async def test_without_a_key_no_signature_is_good(open_line: OpenLine, gateway: str) -> None:
    dialect: Any = TwilioCalls() if gateway == "twilio" else generic
    line = await open_line(gateway, sms_password="")
    assert (await line.call(dialect.message(PHONE, "AIDE"))).status == 403


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n"], ids=["nothing", "blanks"])
async def test_an_empty_text_is_acknowledged_and_kindly_answered(
    open_line: OpenLine, dialect: Any, text: str
) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.message(PHONE, text))).status == 200
    assert ["Votre message est vide" in said for said in await line.answered()] == [True]
    assert await line.queued() == 1


async def test_a_text_too_long_is_acknowledged_and_kindly_answered(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.message(PHONE, "a b " * 501))).status == 200
    assert ["trop long" in said for said in await line.answered()] == [True]


async def test_what_is_not_text_is_acknowledged_and_answered(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.unreadable(PHONE))).status == 200
    assert [UNREADABLE in said for said in await line.answered()] == [True]
    assert (await line.written(), await line.queued()) == ([], 1)


@pytest.mark.parametrize("charset", ["x-inconnu", "utf-7", "hex", "%00"])
@KANNELS
async def test_a_charset_that_is_not_of_sms_is_acknowledged_and_answered(
    open_line: OpenLine, kannel: Any, charset: str
) -> None:
    line = await open_line("kannel")
    wire = kannel.raw(PHONE, b"bonjour", "m1", charset)
    wire = replace(wire, path=wire.path.replace("%2500", "%00"))
    assert (await line.call(wire)).status == 200
    assert [UNREADABLE in said for said in await line.answered()] == [True]


@pytest.mark.parametrize("kind", ["json", "form"])
async def test_a_described_charset_that_does_not_exist_is_acknowledged_and_answered(
    open_line: OpenLine, kind: str
) -> None:
    reception = {"expediteur": "de", "texte": "texte", "charset": "x-inconnu"}
    line = await open_line("generique", {**DESCRIPTION, "reception": reception})
    wire = generic.signed(json.dumps({"de": PHONE, "texte": "bonjour"}).encode())
    if kind == "form":
        form = f"de=%2B{PHONE[1:]}&texte=bonjour".encode()
        wire = generic.signed(form, kind="application/x-www-form-urlencoded")
    assert (await line.call(wire)).status == 200
    assert [UNREADABLE in said for said in await line.answered()] == [True]


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252"])
async def test_a_described_charset_reads_a_form(open_line: OpenLine, charset: str) -> None:
    reception = {"expediteur": "de", "texte": "texte", "charset": charset}
    line = await open_line("generique", {**DESCRIPTION, "reception": reception})
    form = f"de=%2B{PHONE[1:]}&texte=%E9t%E9".encode()
    await line.call(generic.signed(form, kind="application/x-www-form-urlencoded"))
    assert await line.written() == ["été"]


@KANNELS
async def test_binary_is_acknowledged_and_answered(open_line: OpenLine, kannel: Any) -> None:
    line = await open_line("kannel")
    assert (await line.call(kannel.message(PHONE, "bonjour", coding="1"))).status == 200
    assert [UNREADABLE in said for said in await line.answered()] == [True]
    assert await line.queued() == 1


@pytest.mark.parametrize("sender", ["36000", "INFO CAF", PREMIUM, "%&?=", "+", "0" * 300])
async def test_a_sender_that_is_no_person_is_acknowledged_and_only_counted(
    open_line: OpenLine, dialect: Any, sender: str
) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.message(sender, "AIDE"))).status == 200
    assert await line.count("sms_unknown_sender") == 1
    assert (await line.transcript(sender), await line.queued()) == ([], 0)


async def test_missing_fields_are_a_bad_call_and_counted(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.lacking())).status == 400
    assert await line.count("sms_unreadable_call") == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b"{", b"[" * 9000, b"\xff"])
async def test_json_that_is_no_object_is_a_bad_call(open_line: OpenLine, body: bytes) -> None:
    line = await open_line("generique")
    assert (await line.call(generic.signed(body))).status == 400


# -- the door --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("action", ["message", "accuse"])
async def test_another_method_is_not_allowed(
    open_line: OpenLine, dialect: Any, method: str, action: str
) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(Wire(method, path_of(action)))).status == 405


async def test_twilio_without_a_signature_is_refused_by_get_too(open_line: OpenLine) -> None:
    line = await open_line("twilio")
    query = path_of("message", f"From=%2B{PHONE[1:]}&Body=AIDE&MessageSid=m1")
    assert (await line.call(Wire("GET", query))).status == 403
    assert await line.written() == []


@pytest.mark.parametrize("action", ["message", "accuse"])
async def test_without_a_gateway_there_is_nothing_there(open_client: OpenClient, action: str) -> None:
    client = await open_client()
    assert (await client.post(path_of(action), data=b"bonjour")).status == 404


async def test_an_empty_secret_opens_nothing(open_client: OpenClient) -> None:
    client = await open_client()
    assert (await client.post("/sms//message", data=b"bonjour")).status == 404


async def test_more_than_a_body_may_hold_is_refused(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    wire = dialect.message(PHONE, "AIDE")
    assert (await line.call(replace(wire, body=b"a" * (16 * 1024 + 1)))).status == 413
    assert await line.written() == []


async def test_while_the_store_is_away_the_gateway_is_asked_to_come_back(
    open_line: OpenLine, dialect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await open_line(dialect.gateway)
    wire = dialect.message(PHONE, TEXTS["plain"])

    async def fail(_inbound: object) -> None:
        raise away()

    with monkeypatch.context() as patch:
        patch.setattr(line.assistant, "receive_from", fail)
        assert (await line.call(wire)).status == 503
        assert await line.written() == []
    assert (await line.call(wire)).status == 200
    assert await line.written() == [TEXTS["plain"]]


# -- the list, and the log -------------------------------------------------------------------------


def test_the_settings_know_the_gateways_that_there_are() -> None:
    assert set(GATEWAY_NAMES) - {""} == set(GATEWAYS)


def hidden(text: str) -> tuple[str, ...]:
    return (PHONE, PHONE[1:], PHONE[3:], text, SECRET, TOKEN, "un texte secret")


async def provoke_each_outcome(line: Any, dialect: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a message taken, refused, without a person, unreadable, reported, and failed."""
    await line.call(dialect.message(PHONE, text, "m1"))
    await line.call(dialect.forged(dialect.message(PHONE, text, "m2")))
    await line.call(dialect.message(PREMIUM, text, "m3"))
    await line.call(dialect.lacking())
    await line.call(dialect.report(dialect.states["delivered"], "x"))

    async def fail(_inbound: object) -> None:
        raise away()

    with monkeypatch.context() as patch:
        patch.setattr(line.assistant, "receive_from", fail)
        await line.call(dialect.message(PHONE, text, "m4"))


async def test_no_log_line_holds_the_number_the_text_or_a_secret(
    open_line: OpenLine, dialect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await open_line(dialect.gateway)
    text = "Je cherche un logement discret"
    with capture_logs() as logs:
        await provoke_each_outcome(line, dialect, text, monkeypatch)
    events = {entry["event"] for entry in logs}
    assert {"sms_received", "sms_sender_not_a_person", "sms_report", "sms_call_failed"} <= events
    told = repr(logs)
    assert [word for word in (*hidden(text), PREMIUM) if word in told] == []


async def test_no_line_on_the_output_holds_the_number_the_text_or_a_secret(
    open_line: OpenLine, dialect: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = await open_line(dialect.gateway)
    text = "Je cherche un logement discret"
    capsys.readouterr()
    await provoke_each_outcome(line, dialect, text, monkeypatch)
    told = "".join(capsys.readouterr())
    assert "event=sms_call_failed" in told
    assert [word for word in (*hidden(text), PREMIUM) if word in told] == []


async def test_no_log_line_of_a_refusal_by_the_gateway_holds_them_either(
    open_line: OpenLine, dialect: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    line = await open_line(dialect.gateway)
    line.operator.status = 400
    await line.call(dialect.message(PHONE, "AIDE"))
    await line.operator.next()
    await line.client.close()
    told = "".join(capsys.readouterr())
    assert "event=not_sent" in told
    assert [word for word in hidden("Assistant automatique") if word in told] == []
