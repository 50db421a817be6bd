"""The gateways as they call us: the same words, each in its own form, on the real application."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, quote_plus, urlencode

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator
from yarl import URL

from bot.service.assistant import Assistant
from bot.store.addresses import conversation_in_hand, hash_address
from bot.store.conversations import ASSISTANT as BY_ASSISTANT
from bot.store.conversations import USER, StoredMessage
from bot.store.database import migrate
from channels.keys import ASSISTANT
from channels.sms.gateways import GATEWAYS
from channels.sms.gateways.twilio import Twilio
from tests.channels.talking import Client, OpenClient, app_of

PHONE = "+33639980001"
SECRET = "s" * 30
TOKEN = "jeton-de-la-passerelle"
PUBLIC = "https://sms.exemple.test"


@dataclass(frozen=True)
class Wire:
    """One HTTP call, byte for byte."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def path_of(action: str, query: str = "") -> str:
    return f"/sms/{SECRET}/{action}" + (f"?{query}" if query else "")


class KannelPost:
    """`post-url` of smsbox."""

    id = "kannel-post"
    gateway = "kannel"
    states: ClassVar = {
        "delivered": "1",
        "undelivered": "2",
        "buffered": "4",
        "sent": "8",
        "rejected": "16",
    }
    silent_state = "32"

    def message(
        self, sender: str, text: str, key: str | None = "m1", charset: str = "UTF-8", coding: str = "0"
    ) -> Wire:
        return self.raw(sender, text.encode(charset), key, charset, coding)

    def raw(self, sender: str, body: bytes, key: str | None, charset: str, coding: str = "0") -> Wire:
        headers = {
            "X-Kannel-From": sender,
            "X-Kannel-To": "36000",
            "X-Kannel-Coding": coding,
            "Content-Type": f"text/plain; charset={charset}",
        }
        return Wire("POST", path_of("message", f"id={key}" if key else ""), headers, body)

    def unreadable(self, sender: str, key: str = "m1") -> Wire:
        return self.raw(sender, "été".encode("latin-1"), key, "UTF-8")

    def lacking(self) -> Wire:
        return Wire("POST", path_of("message", "id=m1"), {"Content-Type": "text/plain"}, b"bonjour")

    def forged(self, wire: Wire) -> Wire:
        return replace(wire, path=wire.path.replace(SECRET, "x" * 30))

    def report(self, state: str | None, ours: str | None, _theirs: str | None = None) -> Wire:
        fields = {"id": ours, "etat": state}
        return Wire("GET", path_of("accuse", urlencode({k: v for k, v in fields.items() if v is not None})))

    def sent_id(self, request: Sent) -> str:
        return URL(request.headers["X-Kannel-DLR-Url"]).query["id"]

    def sent_to(self, request: Sent) -> str:
        return request.headers["X-Kannel-To"]


class KannelGet(KannelPost):
    """`get-url` of smsbox."""

    id = "kannel-get"

    def raw(self, sender: str, body: bytes, key: str | None, charset: str, coding: str = "0") -> Wire:
        fields: dict[str, str | bytes] = {"from": sender, "text": body, "charset": charset, "coding": coding}
        query = urlencode(fields | ({"id": key} if key else {}), quote_via=quote_plus)
        return Wire("GET", path_of("message", query))

    def lacking(self) -> Wire:
        return Wire("GET", path_of("message", "id=m1&text=bonjour&charset=UTF-8"))


class TwilioCalls:
    """Signed forms."""

    id = "twilio"
    gateway = "twilio"
    states: ClassVar = {
        "delivered": "delivered",
        "undelivered": "undelivered",
        "buffered": "queued",
        "sent": "sent",
        "rejected": "failed",
    }
    silent_state = "receiving"

    def message(self, sender: str, text: str, key: str | None = "m1") -> Wire:
        return self.signed({"From": sender, "To": "36000", "Body": text, "MessageSid": key or "m1"})

    def unreadable(self, sender: str, key: str = "m1") -> Wire:
        fields = {"From": sender, "To": "36000", "Body": "", "MessageSid": key, "NumMedia": "1"}
        return self.signed(fields)

    def lacking(self) -> Wire:
        return self.signed({"Body": "bonjour", "MessageSid": "m1"})

    def signed(self, fields: dict[str, str], action: str = "message", query: str = "") -> Wire:
        path = path_of(action, query)
        signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}{path}", fields)
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        return Wire("POST", path, headers, urlencode(fields).encode())

    def forged(self, wire: Wire) -> Wire:
        return replace(wire, headers=wire.headers | {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="})

    def report(self, state: str | None, ours: str | None, theirs: str | None = None) -> Wire:
        fields = {"MessageSid": theirs or "SM-inconnu", "MessageStatus": state}
        known = {name: value for name, value in fields.items() if value is not None}
        return self.signed(known, "accuse", f"id={quote(ours)}" if ours else "")

    def sent_id(self, request: Sent) -> str:
        return URL(request.form["StatusCallback"]).query["id"]

    def sent_to(self, request: Sent) -> str:
        return request.form["To"]


DESCRIPTION: dict[str, Any] = {
    "reception": {
        "expediteur": "de",
        "texte": "contenu.texte",
        "identifiant": "id",
        "parties": {"reference": "partie.groupe", "numero": "partie.numero", "total": "partie.total"},
    },
    "signature": {"entete": "X-Signature", "algorithme": "sha256", "horodatage": "X-Moment"},
    "envoi": {
        "adresse": "http://127.0.0.1:9/envoi",
        "entetes": {"Authorization": "Bearer {mot_de_passe}"},
        "champs": {"vers": "{numero}", "texte": "{texte}", "ref": "{id}"},
        "identifiant": "id",
    },
    "accuse": {
        "etat": "etat",
        "notre_identifiant": "ref",
        "identifiant": "id",
        "etats": {
            "remis": "delivered",
            "non-remis": "undelivered",
            "attente": "buffered",
            "parti": "sent",
            "refus": "rejected",
        },
    },
}


class GenericCalls:
    """JSON, signed with a time."""

    id = "generique"
    gateway = "generique"
    states: ClassVar = {state: word for word, state in DESCRIPTION["accuse"]["etats"].items()}
    silent_state = "en-cours"

    def message(
        self,
        sender: str,
        text: str,
        key: str | None = "m1",
        *,
        part: tuple[str, Any, Any] | None = None,
        age: float = 0,
    ) -> Wire:
        fields: dict[str, Any] = {"de": sender, "contenu": {"texte": text}}
        if key:
            fields["id"] = key
        if part:
            fields["partie"] = dict(zip(("groupe", "numero", "total"), part, strict=True))
        return self.signed(json.dumps(fields).encode(), age=age)

    def unreadable(self, sender: str, key: str = "m1") -> Wire:
        fields = {"de": sender, "contenu": {"texte": "été"}, "id": key}
        return self.signed(json.dumps(fields, ensure_ascii=False).encode("latin-1"))

    def lacking(self) -> Wire:
        return self.signed(json.dumps({"id": "m1", "contenu": {"texte": "bonjour"}}).encode())

    def signed(
        self,
        body: bytes,
        *,
        action: str = "message",
        age: float = 0,
        moment: str = "",
        kind: str = "application/json",
    ) -> Wire:
        moment = moment or str(int(time.time() - age))
        signature = hmac.new(TOKEN.encode(), body + moment.encode(), hashlib.sha256).hexdigest()
        headers = {"X-Signature": signature, "X-Moment": moment, "Content-Type": kind}
        return Wire("POST", path_of(action), headers, body)

    def forged(self, wire: Wire) -> Wire:
        return replace(wire, headers=wire.headers | {"X-Signature": "0" * 64})

    def report(self, state: str | None, ours: str | None, theirs: str | None = None) -> Wire:
        fields = {"etat": state, "ref": ours, "id": theirs}
        known = {name: value for name, value in fields.items() if value is not None}
        return self.signed(json.dumps(known).encode(), action="accuse")

    def sent_id(self, request: Sent) -> str:
        return str(json.loads(request.body)["ref"])

    def sent_to(self, request: Sent) -> str:
        return str(json.loads(request.body)["vers"])


DIALECTS: tuple[Any, ...] = (KannelPost(), KannelGet(), TwilioCalls(), GenericCalls())


@dataclass(frozen=True)
class Sent:
    """A call that a gateway received from us."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    form: dict[str, str]


class Operator:
    """A gateway on loopback: it keeps what it is given and answers what it is told to."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Sent] = asyncio.Queue()
        self.status = 202
        self.answer: str | None = None
        self.headers: dict[str, str] = {}
        self.hold: asyncio.Event | None = None
        self._count = 0
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        is_form = request.content_type == "application/x-www-form-urlencoded"
        form = {name: str(value) for name, value in (await request.post()).items()} if is_form else {}
        await self.sent.put(Sent(request.method, request.raw_path, dict(request.headers), body, form))
        if self.hold is not None:
            await self.hold.wait()
        self._count += 1
        given = json.dumps({"sid": f"chez-eux-{self._count}", "id": f"chez-eux-{self._count}"})
        text = given if self.answer is None else self.answer
        return web.Response(status=self.status, text=text, headers=self.headers)

    async def next(self) -> Sent:
        return await asyncio.wait_for(self.sent.get(), 10)


@dataclass
class Line:
    """The application, reached as a gateway reaches it."""

    client: Client
    operator: Operator

    @property
    def assistant(self) -> Assistant:
        return app_of(self.client)[ASSISTANT]

    async def call(self, wire: Wire) -> ClientResponse:
        """Make a call exactly as written."""
        url = URL(str(self.client.make_url("/")).rstrip("/") + wire.path, encoded=True)
        headers = {"Content-Type": "application/octet-stream"} | wire.headers
        response = await self.client.session.request(
            wire.method, url, headers=headers, data=wire.body or None
        )
        await response.read()
        return response

    async def transcript(self, number: str = PHONE) -> list[StoredMessage]:
        """Return what is stored for a number."""
        hashed = hash_address(self.assistant._cipher, "sms", number)
        async with self.assistant._database.read() as connection:
            found = await conversation_in_hand(connection, hashed)
        return await self.assistant.transcript(found) if found else []

    async def written(self, number: str = PHONE) -> list[str | None]:
        """Return what the person wrote."""
        return [message.text for message in await self.transcript(number) if message.sender == USER]

    async def answered(self, number: str = PHONE) -> list[str]:
        """Return what was said to the person, as an SMS says it."""
        found = await self.transcript(number)
        return [m.answer.sms for m in found if m.sender == BY_ASSISTANT and m.answer]

    async def queued(self) -> int:
        """Return how many messages to phones were queued, whatever became of them."""
        return sum((await self.assistant.deliveries.states("sms")).values())

    async def count(self, name: str) -> int:
        return (await self.assistant.deliveries.month()).get(name, 0)


OpenLine = Callable[..., Awaitable[Line]]


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.id)
def dialect(request: pytest.FixtureRequest) -> Any:
    """Every gateway in turn."""
    return request.param


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    """A gateway that takes what we send."""
    operator = Operator()
    await operator.server.start_server()
    yield operator
    if operator.hold is not None:
        operator.hold.set()
    await operator.server.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest schema."""
    path = tmp_path_factory.mktemp("store") / "assistant.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def write_description(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Return what writes a passerelle.yml: JSON is YAML."""

    def write(description: dict[str, Any]) -> Path:
        path = tmp_path / "passerelle.yml"
        path.write_text(json.dumps(description), encoding="utf-8")
        return path

    return write


@pytest.fixture
async def open_line(
    open_client: OpenClient,
    operator: Operator,
    migrated: Path,
    tmp_path: Path,
    write_description: Callable[[dict[str, Any]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> OpenLine:
    """Return what opens the application with a gateway; what it sends stays on this machine."""
    monkeypatch.setitem(GATEWAYS, "twilio", lambda settings: Twilio(settings, api=operator.url))

    async def build(gateway: str, description: dict[str, Any] | None = None, **settings: Any) -> Line:
        described = json.loads(json.dumps(description or DESCRIPTION))
        described["envoi"]["adresse"] = f"{operator.url}/envoi"
        defaults: dict[str, Any] = {
            "sms_gateway": gateway,
            "sms_secret": SECRET,
            "sms_number": "36000",
            "sms_user": "compte",
            "sms_password": TOKEN,
            "sms_callback_url": PUBLIC,
            "sms_kannel_url": f"{operator.url}/cgi-bin/sendsms",
            "sms_generic_file": write_description(described),
        }
        var = tmp_path / "var0"
        var.mkdir(exist_ok=True)
        shutil.copy(migrated, var / "assistant.db")
        return Line(await open_client(**(defaults | {"var": var} | settings)), operator)

    return build
