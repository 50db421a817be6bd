"""A console with accounts, people who ask, and operators who are signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse

from bot.service.assistant import Assistant
from bot.store.accounts import Account, Role
from bot.store.demandes import DemandeDetails
from channels.keys import ASSISTANT
from tests.channels.talking import Client, app_of

PASSWORD = "un vélo bleu sous la pluie"


@dataclass
class Operator:
    """Somebody signed in."""

    client: Client
    account: Account
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Return the cookie, given by hand: several people share one client."""
        return {"Cookie": f"console={self.token}"}

    async def get(self, path: str, status: int = 200) -> str:
        """Open a page."""
        response = await self.client.get(path, headers=self.headers, allow_redirects=False)
        html = await response.text()
        assert response.status == status, (path, response.status, html[:2000])
        return html

    async def open(self, reference: str) -> str:
        """Open a request."""
        return await self.get(f"/console/demandes/{reference}")

    async def act(self, reference: str, act: str, page: str | None = None, **fields: Any) -> ClientResponse:
        """Send one of the forms of a request, from its page or from `page`; follow nothing."""
        token = token_of(page or await self.get("/console/compte"))
        return await self.client.post(
            f"/console/demandes/{reference}/{act}",
            data={"jeton": token, **fields},
            headers=self.headers,
            allow_redirects=False,
        )

    async def take(self, reference: str) -> None:
        """Take a request."""
        response = await self.act(reference, "prendre")
        assert response.status == 303, await response.text()


def token_of(html: str) -> str:
    """Return the word of the forms of a page."""
    found = re.search(r'name="jeton" value="([^"]+)"', html)
    assert found, html[:2000]
    return found.group(1)


def assistant_of(client: Client) -> Assistant:
    """Return the assistant behind a client."""
    return app_of(client)[ASSISTANT]


async def sign_in(
    client: Client, login: str = "awa", role: Role = Role.OPERATEUR, name: str = "Awa"
) -> Operator:
    """Create an account and sign in with it."""
    accounts = assistant_of(client).accounts
    account = await accounts.create(login, role, name, password=PASSWORD, must_change=False)
    token = (await accounts.sign_in(login, PASSWORD, "essai")).token
    assert token
    return Operator(client, account, token)


async def ask(
    client: Client,
    *,
    moyen: str = "retour",
    channel: str = "web",
    conversation_id: str | None = None,
    **given: Any,
) -> str:
    """Leave a request and return its reference."""
    ticket = await assistant_of(client).create_demande(
        DemandeDetails(moyen, **given), conversation_id=conversation_id, channel=channel
    )
    return ticket.reference


async def talk(client: Client, channel: str = "web") -> str:
    """Open a conversation and return its id."""
    conversation, _, _ = await assistant_of(client).start_conversation(channel)
    return conversation.id
