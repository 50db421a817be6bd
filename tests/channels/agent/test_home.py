"""The box of the desk: who may open it, what it finds, what it says when it finds nothing, and places to go."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.store.accounts import Role
from channels.agent.page import HERE
from channels.agent.routes import ROUTES
from channels.agent.searching import Searching
from channels.console.session import GUARDED, safe_next
from channels.keys import ASSISTANT, SETTINGS
from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import Visitor, words_of
from tests.channels.talking import Client, app_of

NewVisitor = Callable[[], Visitor]
OPEN = {"/agent/static/{name}"}


@pytest.fixture
async def new_visitor(client: Client) -> AsyncIterator[NewVisitor]:
    """Return what opens a browser on the same desk."""
    opened: list[Visitor] = []

    def build() -> Visitor:
        opened.append(Visitor(client))
        return opened[-1]

    yield build
    for visitor in opened:
        await visitor.session.close()


def addresses_found(fragment: str) -> list[str]:
    return re.findall(r'data-adresse="([^"]*)"', fragment)


def test_every_address_is_guarded_or_known_to_be_open() -> None:
    assert {route.path for route in ROUTES if route.handler not in GUARDED} == OPEN


async def test_nobody_opens_the_desk_without_a_session(client: Client) -> None:
    for path in (
        "/agent",
        "/agent?q=rsa",
        "/agent/chercher?q=rsa",
        "/agent/professionnel",
        "/agent/fiches/rsa",
    ):
        response = await client.get(path, allow_redirects=False)
        assert response.status == 303, path
        assert response.headers["Location"].startswith("/console/connexion"), path


async def test_an_agent_who_signs_in_stands_before_the_box(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    await visitor.make_account("alix", Role.AGENT)
    assert (await visitor.sign_in("alix")).headers["Location"] == "/agent"
    page = await visitor.read("/agent")
    assert 'href="/console"' not in page
    assert re.search(r'<input type="search" id="recherche"[^>]* autofocus', page)


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_may_use_the_desk(new_visitor: NewVisitor, role: Role) -> None:
    visitor = new_visitor()
    await visitor.make_account(role.value, role)
    await visitor.sign_in(role.value)
    assert "Rechercher une fiche" in words_of(await visitor.read("/agent"))


async def test_one_who_must_change_a_password_does_so_first(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    await visitor.make_account("alix", Role.AGENT, must_change=True)
    await visitor.sign_in("alix")
    assert (await visitor.get("/agent")).headers["Location"] == "/console/mot-de-passe"


async def test_after_signing_in_one_goes_on_to_the_sheet_asked_for(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    await visitor.make_account("alix", Role.AGENT)
    asked = "/agent/fiches/rsa?rubrique=pieces"
    assert (
        (await visitor.get(asked))
        .headers["Location"]
        .startswith("/console/connexion?suite=/agent/fiches/rsa")
    )
    assert (await visitor.sign_in("alix", suite=asked)).headers["Location"] == asked
    assert safe_next("/agentfaux") == safe_next("/agent/../x") == ""


async def test_what_is_typed_brings_options_with_the_rubrique_to_open(agent: Visitor) -> None:
    fragment = await agent.read("/agent/chercher?q=pièces réversion carsat")
    assert addresses_found(fragment)[0] == "/agent/fiches/reversion?rubrique=pieces#pieces"
    assert "Quels papiers" in fragment
    assert "Pension de réversion" in fragment
    assert "<html" not in fragment


async def test_without_a_script_the_same_results_are_links(agent: Visitor) -> None:
    page = await agent.read("/agent?q=renouv cmi")
    fragment = await agent.read("/agent/chercher?q=renouv cmi")
    links = re.findall(r'<li><a href="(/agent/fiches/[^"]*)"><?', page)
    assert links[: len(addresses_found(fragment))] == addresses_found(fragment)
    assert links[0].startswith("/agent/fiches/carte-mobilite-inclusion?rubrique=changement")
    assert faults_of(page) == []


async def test_every_result_leads_to_a_page(agent: Visitor) -> None:
    for query in ("rsa", "12504", "gaël", "recours aah"):
        for address in addresses_found(await agent.read(f"/agent/chercher?q={query}")):
            await agent.read(address.split("#")[0])


async def test_the_title_tells_how_many_and_never_what_was_sought(agent: Visitor) -> None:
    title = re.search("<title>(.*?)</title>", await agent.read("/agent?q=surendettement"))
    assert title
    assert "résultat" in title.group(1)
    assert "surendettement" not in title.group(1)


async def test_what_is_sought_is_given_back_as_text_only(agent: Visitor) -> None:
    page = await agent.read('/agent?q="><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert await agent.read("/agent/chercher?q=" + "a" * 3000)


async def test_nothing_found_says_what_to_try(agent: Visitor) -> None:
    page = await agent.read("/agent?q=zzzzqqqq")
    assert "Aucun résultat" in words_of(page)
    assert "Essayez un seul mot" in words_of(page)
    assert '<details id="toutes" open>' in page
    assert addresses_found(await agent.read("/agent/chercher?q=zzzzqqqq")) == []
    assert addresses_found(await agent.read("/agent/chercher")) == []


async def test_a_commune_or_a_postal_code_gives_places(agent: Visitor) -> None:
    for query in ("saint méen", "35290"):
        fragment = await agent.read(f"/agent/chercher?q={query}")
        assert addresses_found(fragment)[0].startswith("/agent/professionnel?commune="), query
    alone = addresses_found(await agent.read("/agent/chercher?q=saint méen"))
    assert len(alone) == 1
    beside = addresses_found(await agent.read("/agent/chercher?q=rsa gaël"))
    assert (beside[0], beside[-1][:19]) == ("/agent/fiches/rsa", "/agent/professionne")
    page = words_of(await agent.read(alone[0]))
    assert "Lieux près de Saint-Méen-le-Grand" in page
    assert "Téléphone : 02" in page


async def test_passing_on_shows_places_and_the_way_to_leave_a_request_and_no_case(agent: Visitor) -> None:
    page = await agent.read("/agent/professionnel")
    assert 'href="/personne" target="_blank"' in page
    assert "Lieux du territoire" in words_of(page)
    unknown = words_of(await agent.read("/agent/professionnel?q=zzzz"))
    assert "Cette commune n'est pas reconnue" in unknown
    assert faults_of(page) == []


async def test_passing_on_is_one_link_away_on_every_page(agent: Visitor) -> None:
    for path in ("/agent", "/agent?q=rsa", "/agent/fiches/rsa", "/agent/orientation", "/agent/nulle-part"):
        page = await (await agent.get(path)).text()
        assert 'href="/agent/professionnel"' in page, path


async def test_what_goes_wrong_is_told_in_the_frame_of_the_desk(agent: Visitor) -> None:
    page = await agent.read("/agent/nulle-part", 404)
    assert "Revenir à la recherche" in words_of(page)
    assert faults_of(page) == []


async def test_pages_are_kept_nowhere_and_run_nothing_of_others(agent: Visitor) -> None:
    for path in ("/agent", "/agent/chercher?q=rsa", "/agent/professionnel"):
        headers = (await agent.get(path)).headers
        assert headers["Cache-Control"] == "no-store", path
        assert "default-src 'none'; script-src 'self';" in headers["Content-Security-Policy"], path


async def test_a_sensitive_fiche_is_never_among_what_a_browser_keeps(agent: Visitor) -> None:
    page = await agent.read("/agent")
    fiches = agent.assistant.knowledge.fiches.values()
    kept = set(re.findall(r'data-fiche="([^"]*)"', page))
    assert kept == {fiche.id for fiche in fiches if not fiche.sensible}
    assert kept != {fiche.id for fiche in fiches}
    sensitive = next(fiche.id for fiche in fiches if fiche.sensible)
    assert "data-fiche" not in (await agent.read(f"/agent/fiches/{sensitive}")).split("<body>")[0]


async def test_an_edited_fiche_is_searched_anew_and_the_old_search_answers_meanwhile(client: Client) -> None:
    searching, data = Searching(), app_of(client)[SETTINGS].data
    knowledge = app_of(client)[ASSISTANT].knowledge
    first = await searching.ready(knowledge, data)
    edited = replace(knowledge, fiches={"rsa": knowledge.fiches["rsa"]})
    assert await searching.ready(edited, data) is first
    assert searching._building is not None
    await searching._building
    second = await searching.ready(edited, data)
    assert {found.fiche for found in second.fiches.find("rsa apl aah")} == {"rsa"}


def test_the_script_never_keeps_what_is_sought() -> None:
    script = (HERE / "static" / "agent.js").read_text(encoding="utf-8")
    assert re.findall(r"write\((\w+), (\w+)", script).count(("localStorage", "PINNED")) == 1
    assert "store.setItem(key, JSON.stringify(ids))" in script
    assert script.count("setItem") == 1
