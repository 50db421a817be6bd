"""The queue: what the page groups, filters and says."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.service.desk import QueueItem
from bot.store.accounts import Role
from bot.store.demandes import Demande, DemandeDetails, Urgency
from channels.console.queue_view import Filters, QueueView, read_filters, show_queue
from channels.console.words import day_text, promised_text, since, when_text
from tests.channels.console.desk_scene import ask, sign_in, talk
from tests.channels.talking import Client

AT = datetime(2026, 11, 30, 14, 0)
ME, OTHER = 1, 2


def item(
    reference: str,
    *,
    minutes: int = 10,
    urgency: Urgency = Urgency.NORMAL,
    owner: int | None = None,
    late: bool = False,
    **fields: object,
) -> QueueItem:
    demande = Demande(
        reference,
        None,
        str(fields.get("channel", "web")),
        "ici",
        AT - timedelta(minutes=minutes),
        "taken" if owner else "waiting",
        DemandeDetails(str(fields.get("moyen", "retour")), commune=str(fields.get("commune", "")) or None),
        urgency=urgency,
        subject=str(fields.get("subject", "")) or None,
        due_at=AT + timedelta(minutes=-1 if late else 30),
        account_id=owner,
    )
    return QueueItem(demande, "Awa" if owner == ME else "Yann" if owner else None, late)


FOUND = [
    item("AA-1", minutes=5, urgency=Urgency.DANGER, late=True),
    item("AA-2", minutes=90, urgency=Urgency.SOON, subject="rsa", commune="Gaël"),
    item("AA-3", minutes=20, channel="sms"),
    item("AA-4", minutes=300, late=True, moyen="domicile"),
    item("AA-5", minutes=50, owner=ME),
    item("AA-6", minutes=40, owner=OTHER, urgency=Urgency.DANGER),
    item("AA-7", minutes=60, channel="telegram"),
]


def show(filters: Filters = Filters(), found: list[QueueItem] = FOUND) -> QueueView:  # noqa: B008
    return show_queue(
        found, filters, account_id=ME, at=AT, title=str.upper, territories={"ici": "Saint-Méen"}
    )


def test_requests_stand_under_their_urgency_and_the_oldest_comes_first() -> None:
    groups = {group.title: [one.reference for one in group.items] for group in show().groups}
    assert groups == {
        "Danger": ["AA-1"],
        "À traiter vite": ["AA-2"],
        "Dépassées": ["AA-4"],
        "En attente": ["AA-7", "AA-3"],
        "Prises": ["AA-5", "AA-6"],
    }
    assert list(groups) == ["Danger", "À traiter vite", "Dépassées", "En attente", "Prises"]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(qui="moi"), ["AA-5"]),
        (Filters(urgence="danger"), ["AA-1", "AA-6"]),
        (Filters(canal="sms"), ["AA-3"]),
        (Filters(sujet="rsa"), ["AA-2"]),
        (Filters(sujet="aucun", canal="telegram"), ["AA-7"]),
        (Filters(commune="Gaël"), ["AA-2"]),
        (Filters(moyen="domicile"), ["AA-4"]),
        (Filters(territoire="ailleurs"), []),
        (Filters(urgence="n'importe quoi"), []),
    ],
)
def test_each_filter_keeps_what_it_names(filters: Filters, kept: list[str]) -> None:
    view = show(filters)
    assert list(view.references) == kept
    assert (view.count, view.total, view.waiting) == (len(kept), 7, 5)


def test_filters_show_only_values_that_some_request_has_with_their_count() -> None:
    fields = {field.name: [option.label for option in field.options] for field in show().fields}
    assert fields["canal"] == ["Tous", "SMS (1)", "Telegram (1)", "Web (5)"]
    assert fields["qui"] == ["Toutes les demandes (7)", "Mes demandes (1)"]
    assert fields["sujet"] == ["Tous", "RSA (1)", "Sujet non dit (6)"]
    assert "territoire" not in fields


def test_several_territories_are_a_filter() -> None:
    other = replace(FOUND[0], demande=replace(FOUND[0].demande, territoire="la-bas"))
    fields = {field.name: field for field in show(found=[*FOUND, other]).fields}
    assert [option.label for option in fields["territoire"].options] == [
        "Tous",
        "Saint-Méen (7)",
        "la-bas (1)",
    ]


def test_a_value_that_nobody_has_any_more_is_still_shown_as_chosen() -> None:
    field = next(field for field in show(Filters(canal="api")).fields if field.name == "canal")
    assert [(o.label, o.is_chosen) for o in field.options if o.value == "api"] == [("Autre site (0)", True)]


def test_an_address_is_read_without_what_it_does_not_know() -> None:
    filters = read_filters({"canal": "sms", "intrus": "x", "commune": "a" * 200})
    assert filters == Filters(canal="sms", commune="a" * 80)
    assert filters.query.startswith("canal=sms&commune=")


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=30), "depuis moins d'une minute"),
        (timedelta(seconds=-5), "depuis moins d'une minute"),
        (timedelta(minutes=1), "depuis 1 minute"),
        (timedelta(minutes=25), "depuis 25 minutes"),
        (timedelta(minutes=60), "depuis 1 heure"),
        (timedelta(hours=47), "depuis 47 heures"),
        (timedelta(hours=48), "depuis 2 jours"),
    ],
)
def test_a_waiting_time_is_said_in_words(passed: timedelta, said: str) -> None:
    assert since(AT - passed, AT) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 30, 15, 30), "avant 16 h 30"),
        (datetime(2026, 12, 1, 8, 0), "demain avant 9 h"),
        (datetime(2026, 11, 29, 8, 0), "hier avant 9 h"),
        (datetime(2026, 12, 3, 8, 0), "le 3 décembre avant 9 h"),
        (datetime(2027, 7, 1, 7, 5), "le 1er juillet 2027 avant 9 h 05"),
    ],
)
def test_a_promise_is_said_on_a_clock_in_paris(moment: datetime, said: str) -> None:
    assert promised_text(moment, AT) == said


def test_a_night_in_paris_belongs_to_its_own_day() -> None:
    assert day_text(datetime(2026, 11, 30, 23, 30), AT) == "demain"
    assert when_text(datetime(2026, 11, 30, 23, 30), AT) == "demain à 0 h 30"


# -- the page -----------------------------------------------------------------------------------------


async def test_an_empty_queue_says_so(client: Client) -> None:
    html = await (await sign_in(client)).get("/console")
    assert "Aucune demande n&#39;attend." in html or "Aucune demande n'attend." in html
    assert "La file est vide." in html


async def test_a_filter_that_leaves_nothing_says_so(client: Client) -> None:
    awa = await sign_in(client)
    await ask(client)
    html = await awa.get("/console?canal=sms")
    assert "Aucune demande ne correspond à ces filtres." in html
    assert '<option value="sms" selected>SMS (0)</option>' in html


async def test_each_request_is_a_link_with_what_is_needed_to_choose(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, moyen="rdv", telephone="06 39 98 00 01", commune="Gaël")
    html = await awa.get("/console")
    assert re.search(rf'<a class="demande" href="/console/demandes/{reference}">', html)
    text = re.sub(r"<[^>]+>", " ", html)
    for said in (
        "Sujet non dit",
        "Attend depuis moins d&#39;une minute",
        "rendez-vous",
        "Web",
        "Gaël",
        "À prendre",
    ):
        assert said in text, said
    assert "06 39 98 00 01" not in html


async def test_a_request_taken_says_by_whom_and_has_no_button(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    reference = await ask(client)
    await awa.take(reference)
    assert "Prise par <bdi>Awa</bdi>" in await yann.get("/console")
    assert "Prise par vous" in await awa.get("/console?qui=moi")
    assert "/prendre" not in await yann.get("/console")
    assert "Aucune demande ne correspond" in await yann.get("/console?qui=moi")


async def test_a_danger_told_in_the_words_comes_first(client: Client) -> None:
    awa = await sign_in(client)
    await ask(client)
    danger = await ask(client, mots="mon mari me frappe")
    html = await awa.get("/console")
    assert html.index("Danger (1)") < html.index(f'demandes/{danger}"') < html.index("En attente (1)")


async def test_nobody_else_reads_the_queue(client: Client) -> None:
    response = await client.get("/console", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/console/connexion?suite=/console")
    agent = await sign_in(client, "agent", Role.AGENT)
    await agent.get("/console", status=403)
    await agent.get("/console/recherche?q=a", status=403)


async def test_the_queue_holds_hundreds_of_requests(client: Client) -> None:
    awa = await sign_in(client)
    await asyncio.gather(*(ask(client) for _ in range(200)))
    assert (await awa.get("/console")).count('class="demande"') == 200


# -- searching ----------------------------------------------------------------------------------------


async def test_a_request_is_found_by_what_the_person_gave(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, moyen="rappel", telephone="06 39 98 00 01", nom="Camille", mots="loyer")
    other = await ask(client)
    for words in (reference, reference.lower(), "camille", "0639980001", "LOYER"):
        html = await awa.get(f"/console/recherche?q={words}")
        assert reference in re.sub(r'value="[^"]*"', "", html), words
        assert other not in html
        assert "1 demande trouvée" in html


async def test_nothing_found_says_so_and_the_title_never_tells_what_was_sought(client: Client) -> None:
    awa = await sign_in(client)
    html = await awa.get("/console/recherche?q=Camille")
    assert "Aucune demande trouvée" in html
    assert "Camille" not in re.findall(r"<title>(.*?)</title>", html)[0]


async def test_a_search_does_not_read_conversations(client: Client) -> None:
    awa = await sign_in(client)
    conversation = await talk(client)
    await ask(client, conversation_id=conversation)
    assert "Aucune demande trouvée" in await awa.get("/console/recherche?q=Bonjour")
