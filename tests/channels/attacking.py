"""Every address of the real application, each with something that exists in the place of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse

from bot.store.accounts import Role
from bot.store.demandes import DemandeDetails
from channels.keys import ASSISTANT
from tests.channels.console.visiting import PASSWORD, Visitor
from tests.channels.talking import DANGER, Api, Client, OpenClient, app_of, open_conversation

SMS_SECRET = "s" * 30
TELEGRAM_SECRET = "t" * 30
HOST_SITE = "https://www.mairie.example"
SETTINGS: dict[str, Any] = {
    "sms_gateway": "kannel",
    "sms_secret": SMS_SECRET,
    "sms_kannel_url": "http://127.0.0.1:9/",
    "telegram_mode": "webhook",
    "telegram_token": "1:jeton",
    "telegram_secret": TELEGRAM_SECRET,
    "telegram_api_url": "http://127.0.0.1:9",
    "embed_origins": HOST_SITE,
    "cookie_secure": True,
}
"""Everything that may be open is: the gateway and Telegram are set, and nobody answers there."""
_FILES = {
    "/static/": "style.css",
    "/console/static/": "console.css",
    "/agent/static/": "agent.css",
    "/integrer/static/": "cadre.css",
    "/borne/static/": "borne.css",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """An address as the router knows it, and as one asks for it."""

    method: str
    canonical: str
    path: str


@dataclass
class Scene:
    """An application where somebody talked, asked for a person, and a responsable signed in."""

    client: Client
    api: Api
    visitor: Visitor
    reference: str
    code: str
    message: str
    account: int

    def routes(self, *methods: str) -> Iterator[Route]:
        """Yield every address of these methods, or of all but HEAD, which aiohttp adds to GET."""
        for route in app_of(self.client).router.routes():
            if route.method == "HEAD" or route.resource is None or (methods and route.method not in methods):
                continue
            yield Route(route.method, route.resource.canonical, self._filled(route.resource.canonical))

    def offered(self) -> dict[str, set[str]]:
        """Return the methods of each address."""
        found: dict[str, set[str]] = {}
        for route in app_of(self.client).router.routes():
            if route.resource is not None:
                found.setdefault(route.resource.canonical, set()).add(route.method)
        return found

    def not_offered(self) -> Iterator[Route]:
        """Yield, for every address, the methods that it refuses."""
        for canonical, methods in self.offered().items():
            for method in _METHODS:
                if method not in methods:
                    yield Route(method, canonical, self._filled(canonical))

    @property
    def cookies(self) -> str:
        """Return the session of the console and the conversation, as one browser gives both."""
        return f"{self.visitor.session.headers['Cookie']}; __Host-conversation={self.api.id}.{self.api.token}"

    async def ask(self, route: Route, **options: Any) -> ClientResponse:
        """Ask as who is signed in and holds the conversation, redirections not followed; the body is read but for a stream."""
        headers = {"Authorization": f"Bearer {self.api.token}"} | options.pop("headers", {})
        response = await self.visitor.session.request(
            route.method, route.path, allow_redirects=False, headers=headers, **options
        )
        if response.content_type != "text/event-stream":
            await response.read()
        response.release() if response.content_type != "text/event-stream" else response.close()
        return response

    def _filled(self, canonical: str) -> str:
        for prefix, name in _FILES.items():
            if canonical.startswith(prefix):
                return prefix + name
        return re.sub(r"\{(\w+)\}", lambda match: self._value(match[1], canonical), canonical)

    def _value(self, name: str, canonical: str) -> str:
        if name == "id":
            return self._id(canonical)
        return {"secret": SMS_SECRET, "reference": self.reference, "message": self.message}[name]

    def _id(self, canonical: str) -> str:
        if "/conversations/" in canonical:
            return self.api.id
        if "/fiches/" in canonical:
            return "apl"
        assert "/comptes/" in canonical, f"say in tests/channels/attacking.py what stands in {canonical}"
        return str(self.account)


async def open_scene(open_client: OpenClient, **changed: Any) -> Scene:
    """Open the application with all its channels, and let people use it."""
    client = await open_client(**(SETTINGS | changed))
    api = await open_conversation(client)
    await api.say(text=DANGER)
    assistant = app_of(client)[ASSISTANT]
    details = DemandeDetails("retour", joindre=True)
    ticket = await assistant.create_demande(details, conversation_id=api.id, channel="web")
    visitor = Visitor(client)
    account = await visitor.make_account("dominique", Role.RESPONSABLE)
    # By hand: a cookie that is Secure does not come back on plain http.
    token = (await assistant.accounts.sign_in("dominique", PASSWORD, "essai")).token
    assert token
    visitor.session.headers["Cookie"] = f"__Host-console={token}"
    last = (await api.read())[-1]
    return Scene(client, api, visitor, ticket.reference, ticket.code, last["id"], account.id)
