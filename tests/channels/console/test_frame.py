"""The frame of every page of the console: who may open it, what it may do, how it is built, how it fails."""

import re
from collections.abc import Iterator

import pytest
from aiohttp import ClientResponse
from sqlalchemy.exc import OperationalError

from bot.service.accounts import RIGHTS, Right
from bot.store import journal
from bot.store.accounts import Role
from channels.console.page import HERE, ROLES
from channels.console.routes import ROUTES
from channels.console.session import GUARDED
from channels.console.shortcuts import SHORTCUTS
from channels.console.trail import ACTION_WORDS
from tests.channels.console.conftest import NewVisitor
from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import PASSWORD, Visitor, token_of, words_of

OPEN = {
    ("GET", "/console/connexion"),
    ("POST", "/console/connexion"),
    ("GET", "/console/code"),
    ("POST", "/console/code"),
    ("GET", "/console/static/{name}"),
}
"""What is answered without a session; the code's page asks for a session begun."""
NEVER_KEPT = "no-store"


def addresses(method: str) -> Iterator[tuple[str, Right | None]]:
    """Yield the guarded addresses of a method, with something in the place of each variable."""
    for route in ROUTES:
        if route.method == method and (route.method, route.path) not in OPEN:
            yield re.sub(r"\{[^}]*\}", "1", route.path), GUARDED[route.handler]


def is_sent_to_sign_in(response: ClientResponse) -> bool:
    return response.status == 303 and response.headers["Location"].startswith("/console/connexion")


async def signed_in_as(visitor: Visitor, role: Role) -> Visitor:
    await visitor.make_account(role.value, role)
    assert (await visitor.sign_in(role.value)).status == 303
    return visitor


def test_every_address_is_guarded_or_known_to_be_open() -> None:
    unguarded = {(route.method, route.path) for route in ROUTES if route.handler not in GUARDED}
    assert unguarded == OPEN


def test_only_a_post_changes_something() -> None:
    assert {route.method for route in ROUTES} == {"GET", "POST"}


async def test_no_page_opens_without_a_session(visitor: Visitor) -> None:
    for path, _ in addresses("GET"):
        assert is_sent_to_sign_in(await visitor.get(path)), path


async def test_nothing_is_done_without_a_session(visitor: Visitor) -> None:
    for path, _ in addresses("POST"):
        response = await visitor.post(path, jeton="x", texte="Des mots écrits longuement")
        assert response.status == 403, path
        assert "Votre session est finie" in words_of(await response.text())


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "é", "'; DROP TABLE sessions; --", "a" * 4000])
async def test_a_cookie_of_somebody_elses_making_opens_nothing(visitor: Visitor, cookie: str) -> None:
    response = await visitor.get("/console/compte", Cookie=f"console={cookie}".encode().decode("latin-1"))
    assert is_sent_to_sign_in(response)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_opens_its_own_pages_and_no_other(new_visitor: NewVisitor, role: Role) -> None:
    visitor = await signed_in_as(new_visitor(), role)
    token = token_of(await visitor.read("/console/compte"))
    for method in ("GET", "POST"):
        for path, right in addresses(method):
            if right is None or right in RIGHTS[role]:
                continue
            response = await (visitor.get(path) if method == "GET" else visitor.post(path, jeton=token))
            assert response.status == 403, (method, path)
            assert "Votre compte n'ouvre pas cette page" in words_of(await response.text())


@pytest.mark.parametrize("role", list(Role))
async def test_the_menu_shows_what_the_role_opens(new_visitor: NewVisitor, role: Role) -> None:
    visitor = await signed_in_as(new_visitor(), role)
    page = await visitor.read("/console/compte")
    menu = set(re.findall(r'href="(/console[^"]*)"', page.split("<nav", 1)[1].split("</nav>", maxsplit=1)[0]))
    rights = {path: right for path, right in addresses("GET") if path in menu}
    assert all(right is None or right in RIGHTS[role] for right in rights.values())
    assert ("/console" in menu) == (Right.ANSWER in RIGHTS[role])
    assert ("/console/comptes" in menu) == (Right.ACCOUNTS in RIGHTS[role])
    assert len(re.findall('aria-current="page"', page)) == 1


async def test_no_form_is_taken_without_the_word_of_this_session(
    responsable: Visitor, new_visitor: NewVisitor
) -> None:
    other = await signed_in_as(new_visitor(), Role.RESPONSABLE)
    foreign = token_of(await other.read("/console/compte"))
    for path, _ in addresses("POST"):
        for word in ("", "x", "x.y", foreign, foreign[:-1]):
            response = await responsable.post(path, jeton=word)
            assert response.status == 403, (path, word)
    assert (await responsable.get("/console/compte")).status == 200
    assert len(await responsable.assistant.accounts.list_accounts()) == 2


async def test_no_form_is_taken_from_another_site(responsable: Visitor) -> None:
    token = token_of(await responsable.read("/console/compte"))
    for path, _ in addresses("POST"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}):
            response = await responsable.post(path, headers=headers, jeton=token, texte="bonjour à tous")
            text = await response.text()
            assert response.status == 403, path
            assert "Cet envoi vient d'un autre site" in words_of(text)
            assert "bonjour à tous" not in text


async def test_the_word_of_a_page_is_another_on_the_next(operator: Visitor) -> None:
    first = token_of(await operator.read("/console/compte"))
    second = token_of(await operator.read("/console/compte"))
    assert first != second
    assert (await operator.post("/console/compte/raccourcis", jeton=first)).status == 303


async def test_what_was_typed_comes_back_when_the_session_ended(visitor: Visitor) -> None:
    typed = "Bonjour, voici <b>le formulaire</b>.\nBonne journée."
    response = await visitor.post("/console/compte/nom", nom=typed)
    text = await response.text()
    assert "Votre session est finie" in words_of(text)
    assert '<blockquote class="garde">Bonjour, voici &lt;b&gt;le formulaire&lt;/b&gt;.' in text
    assert faults_of(text) == []
    await visitor.sign_in()
    again = await visitor.post("/console/compte/nom", nom="Camille B")
    text = await again.text()
    assert again.status == 403
    assert "Vérifiez, puis envoyez de nouveau" in words_of(text)
    assert re.search(r'type="hidden" name="nom" value="Camille B"', text)
    done = await visitor.post("/console/compte/nom", jeton=token_of(text), nom="Camille B")
    assert done.status == 303
    assert "Camille B" in await visitor.read("/console/compte")


async def test_a_password_typed_is_never_given_back(operator: Visitor) -> None:
    response = await operator.post("/console/mot-de-passe", ancien=PASSWORD, nouveau="girafe bouton fenêtre")
    text = await response.text()
    assert response.status == 403
    assert "girafe" not in text
    assert PASSWORD not in text


async def test_every_page_is_kept_nowhere_and_runs_nothing_of_others(operator: Visitor) -> None:
    for path in ("/console/connexion", "/console/compte", "/console/nulle-part", "/console/comptes"):
        headers = (await operator.get(path)).headers
        assert headers["Cache-Control"] == NEVER_KEPT, path
    policy = (await operator.get("/console/compte")).headers["Content-Security-Policy"]
    assert "style-src 'self';" in policy
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_pages_outside_the_console_keep_their_own_policy(operator: Visitor) -> None:
    policy = (await operator.get("/")).headers["Content-Security-Policy"]
    assert "style-src 'sha256-" in policy


@pytest.mark.parametrize(
    "path",
    [
        "/console/connexion",
        "/console/compte",
        "/console/compte/journal",
        "/console/compte/code",
        "/console/mot-de-passe",
        "/console/comptes",
        "/console/comptes/nouveau",
        "/console/comptes/1",
        "/console/registre",
        "/console/registre?reference=BC-2345",
        "/console/registre?reference=x",
        "/console/comptes/2",
        "/console/aide",
        "/console/nulle-part",
    ],
)
async def test_every_page_is_well_built(new_visitor: NewVisitor, responsable: Visitor, path: str) -> None:
    await responsable.make_account()
    visitor = new_visitor() if path.endswith("connexion") else responsable
    text = await (await visitor.get(path)).text()
    assert faults_of(text) == []
    assert re.search(r"<title>[^<]{3,} – Console</title>", text)
    assert '<a class="evitement" href="#contenu">' in text
    assert '<main id="contenu" tabindex="-1">\n<p id="etat" class="etat" role="status"></p>' in text
    assert 'href="/accessibilite"' in text


async def test_pages_with_errors_are_well_built(responsable: Visitor) -> None:
    sent = [
        ("/console/compte", "/console/compte/nom"),
        ("/console/compte", "/console/compte/horaires"),
        ("/console/mot-de-passe", "/console/mot-de-passe"),
        ("/console/comptes/nouveau", "/console/comptes/nouveau"),
        ("/console/compte/code", "/console/compte/code/commencer"),
    ]
    for page, path in sent:
        response = await responsable.send(page, path)
        assert response.status == 422, path
        text = await response.text()
        assert faults_of(text) == [], path
        assert text.index('role="alert"') < text.index("<form method", text.index("<main"))


async def test_an_unknown_address_and_a_wrong_method_stay_in_the_frame(
    operator: Visitor, new_visitor: NewVisitor
) -> None:
    page = await operator.read("/console/nulle-part", status=404)
    assert "Ouvrir la file d'attente" in words_of(page)
    assert "Se déconnecter" in page
    page = await new_visitor().read("/console/nulle-part", status=404)
    assert "Se connecter à la console" in words_of(page)
    assert "Se déconnecter" not in page
    response = await operator.post("/console/aide", jeton="x")
    assert response.status == 405
    assert "GET" in response.headers["Allow"]


async def test_a_failure_is_said_in_the_frame_without_a_word_of_it(
    operator: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # Neither a mistake of ours nor a database that goes away can be brought about at this point otherwise.
    for failure, status, words in (
        (RuntimeError("BC-2345 secret"), 500, "Une erreur est survenue de notre côté"),
        (OperationalError("select", {}, Exception("secret")), 503, "La base de données ne répond pas"),
    ):

        async def fail(*_args: object, failure: Exception = failure) -> None:
            raise failure

        with monkeypatch.context() as patch:
            patch.setattr(operator.assistant.accounts, "trail", fail)
            page = await operator.read("/console/compte/journal", status=status)
        assert words in words_of(page)
        assert "secret" not in page
        assert "Se déconnecter" in page
    assert "secret" not in "".join(capfd.readouterr())


async def test_a_form_too_big_or_of_another_kind_is_refused(operator: Visitor) -> None:
    token = token_of(await operator.read("/console/compte"))
    response = await operator.post("/console/compte/nom", jeton=token, nom="n" * 70_000)
    assert response.status == 413
    response = await operator.session.post("/console/compte/nom", json={"jeton": token, "nom": "x"})
    assert response.status == 415
    response = await operator.post("/console/compte/nom", jeton=token, **{f"a{i}": "x" for i in range(200)})
    assert response.status == 400


async def test_static_files_are_served_by_name_alone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    for name in ("console.css", "mot-de-passe.js", "console.js"):
        response = await visitor.get(f"/console/static/{name}")
        assert response.status == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("..%2froutes.py", "nulle.css", "%00"):
        assert (await visitor.get(f"/console/static/{name}")).status == 404


def test_every_action_and_role_has_its_words() -> None:
    assert set(ACTION_WORDS) == set(journal.ACTIONS)
    assert set(ROLES) == set(Role)


def test_every_shortcut_has_a_visible_link_or_button() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in (HERE / "templates").glob("*.html"))
    shown = set(re.findall(r'key\("([A-Z])"\)|, "([A-Z])"\)', templates))
    shown = {letter for pair in shown for letter in pair if letter}
    assert {shortcut.letter for shortcut in SHORTCUTS} == shown
    assert len({shortcut.letter for shortcut in SHORTCUTS}) == len(SHORTCUTS)
