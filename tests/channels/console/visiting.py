"""Visit the console as a browser does: pages read, forms filled with what their page holds."""

from __future__ import annotations

import re
from html import unescape

from aiohttp import ClientResponse, ClientSession, CookieJar

from bot.service.assistant import Assistant
from bot.store.accounts import Account, Role
from channels.keys import ASSISTANT
from tests.channels.talking import Client, app_of

PASSWORD = "lampe tiroir vélo nuage"
NEW_PASSWORD = "girafe bouton fenêtre seau"


class Visitor:
    """A browser of its own: its cookies are nobody else's."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.session = ClientSession(base_url=client.make_url("/"), cookie_jar=CookieJar(unsafe=True))

    @property
    def assistant(self) -> Assistant:
        """Return what answers behind the pages."""
        return app_of(self.client)[ASSISTANT]

    async def make_account(
        self, login: str = "camille", role: Role = Role.OPERATEUR, *, must_change: bool = False
    ) -> Account:
        """Create an account whose password is PASSWORD."""
        return await self.assistant.accounts.create(
            login, role, login.capitalize(), password=PASSWORD, must_change=must_change
        )

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Ask for a page, redirections not followed."""
        return await self.session.get(path, allow_redirects=False, headers=headers)

    async def read(self, path: str, status: int = 200) -> str:
        """Return the text of a page, which must come with this status."""
        response = await self.get(path)
        text = await response.text()
        assert response.status == status, (response.status, response.headers.get("Location"))
        return text

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> ClientResponse:
        """Send fields as they are, redirections not followed."""
        return await self.session.post(path, data=fields, allow_redirects=False, headers=headers)

    async def send(self, page: str, path: str, **fields: str) -> ClientResponse:
        """Send fields with the word that the forms of `page` carry."""
        return await self.post(path, jeton=token_of(await self.read(page)), **fields)

    async def sign_in(self, login: str = "camille", password: str = PASSWORD, **more: str) -> ClientResponse:
        """Fill the sign-in form."""
        return await self.post("/console/connexion", identifiant=login, mot_de_passe=password, **more)

    def cookie(self) -> str:
        """Return the session as the browser holds it, "" for none."""
        return next((item.value for item in self.session.cookie_jar if item.key == "console"), "")


def token_of(text: str) -> str:
    """Return the word of the forms of a page."""
    found = re.search(r'name="jeton" value="([^"]+)"', text)
    assert found, text
    return found.group(1)


def words_of(text: str) -> str:
    """Return what a page says in its main part, without tags, with plain spaces."""
    main = text.split("<main", 1)[1].split(">", 1)[1].split("</main>", maxsplit=1)[0]
    bare = unescape(re.sub(r"<[^>]*>", " ", main)).replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(bare.split())
