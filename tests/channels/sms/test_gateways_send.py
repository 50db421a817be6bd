"""What each gateway is sent, and what is made of its answer."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.sms.gateway import BadSignature, Call, CannotSend, Mt
from channels.sms.gateways import generic, kannel, twilio
from channels.sms.settings import SmsSettings
from tests.channels.sms.conftest import DESCRIPTION, PHONE, PUBLIC, TOKEN, Operator

NAMES = ("kannel", "twilio", "generique")
MODULES = {"kannel": kannel, "twilio": twilio, "generique": generic}
MESSAGE = Mt("id/1", PHONE, "Voici {numero} et {id} : 100 €, à Noël", True, f"{PUBLIC}/sms/s/accuse")
every_gateway = pytest.mark.parametrize("name", NAMES)


def open_gateway(name: str, url: str, **envoi: Any) -> Any:
    known = SmsSettings(
        sms_user="compte", sms_password=TOKEN, sms_number="36000", sms_kannel_url=f"{url}/cgi-bin/sendsms"
    )
    if name == "kannel":
        return kannel.open_kannel(known)
    if name == "twilio":
        return twilio.Twilio(known, api=url)
    described = {**DESCRIPTION, "envoi": {**DESCRIPTION["envoi"], "adresse": f"{url}/envoi", **envoi}}
    return generic.Generic(generic.Description.parse_obj(described), known)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Yield what calls are made with."""
    async with aiohttp.ClientSession() as session:
        yield session


async def refusal_of(gateway: Any, session: aiohttp.ClientSession) -> CannotSend:
    with pytest.raises(CannotSend) as caught:
        await gateway.send(session, MESSAGE)
    return caught.value


# -- what is sent ----------------------------------------------------------------------------------


@every_gateway
async def test_the_number_and_the_password_never_stand_in_an_address(
    operator: Operator, session: aiohttp.ClientSession, name: str
) -> None:
    await open_gateway(name, operator.url).send(session, MESSAGE)
    path = (await operator.next()).path
    assert [word for word in (PHONE[1:], PHONE[3:], TOKEN, "Voici") if word in path] == []


async def test_kannel_is_given_the_text_as_body_and_the_rest_in_headers(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    assert await open_gateway("kannel", operator.url).send(session, MESSAGE) is None
    sent = await operator.next()
    given_headers = {key: value for key, value in sent.headers.items() if key.startswith("X-Kannel-")}
    assert (sent.method, sent.path, sent.body.decode()) == ("POST", "/cgi-bin/sendsms", MESSAGE.text)
    assert sent.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert given_headers == {
        "X-Kannel-Username": "compte",
        "X-Kannel-Password": TOKEN,
        "X-Kannel-From": "36000",
        "X-Kannel-To": PHONE,
        "X-Kannel-Coding": "0",
        "X-Kannel-DLR-Mask": "31",
        "X-Kannel-DLR-Url": f"{PUBLIC}/sms/s/accuse?id=id/1&etat=%d",
    }


async def test_kannel_is_told_when_a_text_is_not_gsm(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    message = Mt("1", PHONE, "Привет 😀", False, PUBLIC)
    await open_gateway("kannel", operator.url).send(session, message)
    sent = await operator.next()
    assert (sent.headers["X-Kannel-Coding"], sent.body.decode()) == ("2", "Привет 😀")


async def test_kannel_is_given_no_empty_header(operator: Operator, session: aiohttp.ClientSession) -> None:
    gateway = kannel.open_kannel(SmsSettings(sms_kannel_url=operator.url))
    await gateway.send(session, MESSAGE)
    assert "X-Kannel-Username" not in (await operator.next()).headers


async def test_twilio_is_given_a_form_under_the_account(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    assert await open_gateway("twilio", operator.url).send(session, MESSAGE) == "chez-eux-1"
    sent = await operator.next()
    assert (sent.method, sent.path) == ("POST", "/2010-04-01/Accounts/compte/Messages.json")
    assert sent.headers["Authorization"] == f"Basic {base64.b64encode(f'compte:{TOKEN}'.encode()).decode()}"
    assert sent.form == {
        "To": PHONE,
        "From": "36000",
        "Body": MESSAGE.text,
        "StatusCallback": f"{PUBLIC}/sms/s/accuse?id=id/1",
    }


CHAMPS = {
    "vers": ["{numero}"],
    "message": {"texte": "{texte}", "court": "Texte : {texte}"},
    "service": "{service}",
    "ref": "{id}",
    "retour": "{accuse}",
    "priorite": 3,
    "compte": "{compte}",
}


async def test_a_described_gateway_is_given_its_json_and_braces_in_a_text_stay(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    gateway = open_gateway("generique", operator.url, champs=CHAMPS)
    assert await gateway.send(session, MESSAGE) == "chez-eux-1"
    sent = await operator.next()
    assert (sent.method, sent.path) == ("POST", "/envoi")
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(sent.body) == {
        "vers": [PHONE],
        "message": {"texte": MESSAGE.text, "court": f"Texte : {MESSAGE.text}"},
        "service": "36000",
        "ref": "id/1",
        "retour": MESSAGE.report_url,
        "priorite": 3,
        "compte": "compte",
    }


async def test_a_described_gateway_is_given_its_form(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    champs = {"vers": "{numero}", "texte": "{texte}", "priorite": 3}
    gateway = open_gateway("generique", operator.url, champs=champs, format="formulaire", methode="PUT")
    await gateway.send(session, MESSAGE)
    sent = await operator.next()
    assert sent.method == "PUT"
    assert sent.form == {"vers": PHONE, "texte": MESSAGE.text, "priorite": "3"}


# -- the answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202])
@every_gateway
async def test_a_success_is_a_success(
    operator: Operator, session: aiohttp.ClientSession, name: str, status: int
) -> None:
    operator.status = status
    expected = None if name == "kannel" else "chez-eux-1"
    assert await open_gateway(name, operator.url).send(session, MESSAGE) == expected


@pytest.mark.parametrize(
    ("status", "retry", "away"),
    [
        (400, False, False),
        (401, True, True),
        (403, True, True),
        (404, False, False),
        (408, True, False),
        (413, False, False),
        (425, True, True),
        (429, True, True),
        (500, True, True),
        (503, True, True),
    ],
)
@every_gateway
async def test_a_status_tells_whether_to_try_again_and_whether_all_must_wait(
    operator: Operator, session: aiohttp.ClientSession, name: str, status: int, retry: bool, away: bool
) -> None:
    operator.status = status
    refusal = await refusal_of(open_gateway(name, operator.url), session)
    assert (refusal.reason, refusal.retry, refusal.away) == (f"http_{status}", retry, away)
    assert refusal.after is None


@pytest.mark.parametrize("name", ["twilio", "generique"])
async def test_a_gateway_that_says_when_to_come_back_is_heard(
    operator: Operator, session: aiohttp.ClientSession, name: str
) -> None:
    operator.status, operator.headers = 429, {"Retry-After": "17"}
    assert (await refusal_of(open_gateway(name, operator.url), session)).after == 17.0


@pytest.mark.parametrize("after", ["Wed, 21 Oct 2026 07:28:00 GMT", "-3", "bientôt", "²"])
@every_gateway
async def test_a_moment_that_is_no_number_of_seconds_is_not_one(
    operator: Operator, session: aiohttp.ClientSession, name: str, after: str
) -> None:
    operator.status, operator.headers = 429, {"Retry-After": after}
    refusal = await refusal_of(open_gateway(name, operator.url), session)
    assert (refusal.retry, refusal.away, refusal.after) == (True, True, None)


@every_gateway
async def test_a_refused_connection_is_a_gateway_away(session: aiohttp.ClientSession, name: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gateway = open_gateway(name, f"http://127.0.0.1:{probe.getsockname()[1]}")
        refusal = await refusal_of(gateway, session)
    assert (refusal.reason, refusal.retry, refusal.away) == ("ClientConnectorError", True, True)


@every_gateway
async def test_a_gateway_that_does_not_answer_in_time_is_away(
    operator: Operator, session: aiohttp.ClientSession, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULES[name], "_SECONDS", 0.2)
    operator.hold = asyncio.Event()
    refusal = await refusal_of(open_gateway(name, operator.url), session)
    assert (refusal.retry, refusal.away) == (True, True)
    assert "Timeout" in refusal.reason


@pytest.mark.parametrize("answer", ["", "{", "[]", "3", "null", '{"autre": 1}', "<html>", "[" * 9000])
@every_gateway
async def test_an_answer_without_a_readable_id_is_still_a_success(
    operator: Operator, session: aiohttp.ClientSession, name: str, answer: str
) -> None:
    operator.answer = answer
    assert await open_gateway(name, operator.url).send(session, MESSAGE) is None


@pytest.mark.parametrize("answer", [b'{"sid": null, "id": null}', b'{"sid": "", "id": ""}'])
@pytest.mark.parametrize("name", ["twilio", "generique"])
async def test_an_empty_id_is_no_id(
    operator: Operator, session: aiohttp.ClientSession, name: str, answer: bytes
) -> None:
    operator.answer = answer.decode()
    assert not await open_gateway(name, operator.url).send(session, MESSAGE)


async def test_an_id_within_an_answer_is_found(operator: Operator, session: aiohttp.ClientSession) -> None:
    operator.answer = '{"message": {"ref": 12345}}'
    gateway = open_gateway("generique", operator.url, identifiant="message.ref")
    assert await gateway.send(session, MESSAGE) == "12345"


async def test_no_id_is_looked_for_where_none_is_described(
    operator: Operator, session: aiohttp.ClientSession
) -> None:
    assert await open_gateway("generique", operator.url, identifiant=None).send(session, MESSAGE) is None


# -- Twilio's signature ----------------------------------------------------------------------------

FORM = {"From": PHONE, "Body": "J'ai été licenciée 😀", "MessageSid": "SM1", "Vide": ""}
URLS = [f"{PUBLIC}/sms/s/message", f"{PUBLIC}/sms/s/accuse?id=abc%2Fd&b=%C3%A9", "http://127.0.0.1:8080/a"]


def takes(url: str, form: dict[str, str], signature: str) -> bool:
    body = aiohttp.FormData(form)()._value
    call = Call("POST", url, url.partition("?")[2].encode(), {"X-Twilio-Signature": signature}, body, 0.0)
    try:
        open_gateway("twilio", "http://127.0.0.1:9").check(call)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize("url", URLS)
def test_a_signature_of_twilio_is_taken(url: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(url, FORM)
    assert takes(url, FORM, signature)


@pytest.mark.parametrize("url", URLS)
def test_a_signature_with_the_port_is_taken_as_twilios_own_validator_does(url: str) -> None:
    scheme, rest = url.split("://")
    host, _, path = rest.partition("/")
    port = "" if ":" in host else ":443"
    signature = RequestValidator(TOKEN).compute_signature(f"{scheme}://{host}{port}/{path}", FORM)
    assert RequestValidator(TOKEN).validate(url, FORM, signature)
    assert takes(url, FORM, signature)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("changed", ["url", "field", "new field", "token", "nothing", "accents"])
def test_what_twilios_own_validator_refuses_is_refused(url: str, changed: str) -> None:
    signature = RequestValidator("autre" if changed == "token" else TOKEN).compute_signature(url, FORM)
    given_url = f"{url}x" if changed == "url" else url
    form = FORM | {"field": {"Body": "autre"}, "new field": {"A": "b"}}.get(changed, {})
    signature = {"nothing": "", "accents": "é"}.get(changed, signature)
    assert not RequestValidator(TOKEN).validate(given_url, form, signature)
    assert not takes(given_url, form, signature)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from("ABCDEF"), st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_form_that_twilio_signs_is_taken(form: dict[str, str]) -> None:
    assert takes(URLS[1], form, RequestValidator(TOKEN).compute_signature(URLS[1], form))


def test_the_address_of_twilio_is_twilios() -> None:
    assert twilio.open_twilio(SmsSettings())._api == "https://api.twilio.com"


def test_a_described_gateway_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "passerelle.yml"
    path.write_text(json.dumps(DESCRIPTION), encoding="utf-8")
    opened = generic.open_generic(SmsSettings(sms_generic_file=path))
    assert opened._description == generic.Description.parse_obj(DESCRIPTION)
