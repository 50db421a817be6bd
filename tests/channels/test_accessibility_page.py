"""The accessibility statement: in the order of the law, filled from its file, never invented."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from bot.knowledge.accessibility import load_declaration
from bot.model.french import format_date, today_in_france
from channels.web.information import PAGES
from channels.web.page import HERE
from tests.channels.talking import Client, OpenClient, knowledge, send

PATHS = ("/", "/personne", "/demande", "/effacer", "/fiches", "/fiches/apl", "/nulle", *PAGES)
UNKNOWN = "à compléter par l'éditeur"
HEADINGS = [
    "Déclaration d'accessibilité",
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Non-conformités",
    "Dérogations pour charge disproportionnée",
    "Contenus non soumis à l'obligation d'accessibilité",
    "Établissement de cette déclaration",
    "Technologies utilisées",
    "Environnement de test",
    "Outils utilisés pour l'évaluation",
    "Pages contrôlées",
    "Retour d'information et contact",
    "Voies de recours",
]
FILLED = """
etat: partiellement conforme
audit: {{date: {day}, taux: 72.5, auditeur: Cabinet <b>, rapport: "https://example.org/rapport"}}
etablie_le: {day}
mise_a_jour_le: {day}
schema_pluriannuel: https://example.org/schema
plan_d_actions: https://example.org/plan
non_conformites: ["Un titre manque.", "Un bouton est petit."]
derogations: []
contenus_exclus: []
technologies: [HTML]
environnement_de_test: ["Un navigateur et un lecteur d'écran"]
outils: [Un validateur]
pages_controlees: [Accueil]
contact:
  courriel: acces@example.org
  telephone: "02 99 00 00 00"
  adresse: |
    1 rue <de> l'Essai
    35000 Rennes
"""
OpenFilled = Callable[..., Awaitable[Client]]


@pytest.fixture
def open_filled(open_client: OpenClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenFilled:
    """Return what opens a client whose statement is FILLED, audited that many days ago."""

    async def build(days: int = 30, text: str = FILLED, **settings: object) -> Client:
        path = tmp_path / "accessibilite.yml"
        path.write_text(text.format(day=today_in_france() - timedelta(days=days)), encoding="utf-8")
        filled = replace(knowledge(), declaration=load_declaration(path))
        monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: filled)
        return await open_client(**settings)

    return build


async def main_of(client: Client) -> str:
    """Return what the page says, plain spaces and quotes, tags kept."""
    text = await (await client.get("/accessibilite")).text()
    main = text.split("<main")[1].split("</main>")[0]
    return (
        unescape(main.replace("&lt;", "[").replace("&gt;", "]")).replace("\u00a0", " ").replace("\u202f", " ")
    )


def footer_of(text: str) -> str:
    return text.split("<footer>")[1].replace("\u00a0", " ")


async def test_the_parts_are_those_of_the_law_and_in_its_order(
    client: Client, open_filled: OpenFilled
) -> None:
    for opened in (client, await open_filled()):
        main = await main_of(opened)
        assert re.findall(r"<h\d[^>]*>(.*?)</h\d>", main) == HEADINGS
        engagement = main.index("article 47 de la loi n° 2005-102 du 11 février 2005")
        assert (
            engagement < main.index("Cette déclaration porte sur le site") < main.index("État de conformité")
        )
        assert main.index("Voies de recours") < main.index("Libre réponse 71120, 75342 Paris CEDEX 07")


async def test_what_nobody_filled_is_said_and_not_invented(client: Client) -> None:
    main = await main_of(client)
    assert "Ce site est <strong>non conforme</strong> au RGAA" in main
    assert "Aucun audit n'a encore été fait" in main
    for fact in ("Schéma pluriannuel d'accessibilité", "Plan d'actions de l'année", "Adresse", "Courriel"):
        assert f"{fact} : {UNKNOWN}" in main
    for fact in ("Téléphone", "Déclaration établie le"):
        assert f"{fact} : {UNKNOWN}" in main
    for heading in ("Non-conformités", "Environnement de test", "Pages contrôlées"):
        assert main.split(f"<h3>{heading}</h3>")[1].strip().startswith("<p>À compléter par l'éditeur.</p>")
    assert "mailto:" not in main
    assert re.findall(r'href="tel:(\d+)"', main) == ["0969390000"]


async def test_every_fact_of_the_file_is_on_the_page(open_filled: OpenFilled) -> None:
    main = await main_of(await open_filled(editeur="Mairie <b>", public_url="https://assistant.example"))
    day = format_date(today_in_france() - timedelta(days=30))
    assert UNKNOWN not in main.lower()
    for words in (
        "Mairie [b] s'engage à rendre ce service accessible",
        "Adresse : https://assistant.example",
        "Ce site est <strong>partiellement conforme</strong>",
        f"Date de l'audit : {day}",
        "Fait par : Cabinet [b]",
        "Critères du RGAA respectés : 72,5 %",
        '<a href="https://example.org/rapport" rel="noopener noreferrer">',
        '<a href="https://example.org/schema" rel="noopener noreferrer">',
        '<a href="https://example.org/plan" rel="noopener noreferrer">',
        "<li>Un titre manque.</li>\n<li>Un bouton est petit.</li>",
        f"établie le : {day}",
        f"Mise à jour le : {day}",
        "<li>Un navigateur et un lecteur d'écran</li>",
        "<li>Un validateur</li>",
        "<li>Accueil</li>",
        '<a href="mailto:acces@example.org">acces@example.org</a>',
        '<a href="tel:0299000000">',
        "Adresse : 1 rue [de] l'Essai<br>35000 Rennes",
    ):
        assert words in main


async def test_an_empty_list_says_that_there_is_nothing(open_filled: OpenFilled) -> None:
    main = await main_of(await open_filled())
    assert main.split("charge disproportionnée</h3>")[1].strip().startswith("<p>Aucune.</p>")
    assert main.split("obligation d'accessibilité</h3>")[1].strip().startswith("<p>Aucun.</p>")


@pytest.mark.parametrize("path", PATHS)
async def test_the_link_of_every_page_says_the_state_of_the_statement(
    client: Client, open_filled: OpenFilled, path: str
) -> None:
    for opened, state in ((client, "non conforme"), (await open_filled(), "partiellement conforme")):
        footer = footer_of(await (await opened.get(path)).text())
        assert re.findall(r'<a href="/accessibilite"[^>]*>(.*?)</a>', footer) == [f"Accessibilité : {state}"]


async def test_the_pages_of_a_conversation_say_it_too(open_filled: OpenFilled) -> None:
    text = await (await send(await open_filled(), text="mon mari me frappe")).text()
    assert "Accessibilité : partiellement conforme" in footer_of(text)


async def test_once_the_audit_is_old_the_state_falls_back(open_filled: OpenFilled) -> None:
    client = await open_filled(days=3 * 366)
    main = await main_of(client)
    assert "Ce site est <strong>non conforme</strong>" in main
    assert "Cet audit ne compte pas aujourd'hui" in main
    assert "Accessibilité : non conforme" in footer_of(await (await client.get("/")).text())


async def test_a_recent_audit_counts(open_filled: OpenFilled) -> None:
    assert "ne compte pas" not in await main_of(await open_filled())


def test_the_technologies_named_are_those_of_the_pages() -> None:
    suffixes = {path.suffix for path in (HERE / "static").iterdir()}
    named = {"HTML"} | {
        name for suffix, name in ((".css", "CSS"), (".js", "JavaScript")) if suffix in suffixes
    }
    assert set(knowledge().declaration.technologies or ()) == named


async def test_an_error_in_a_form_shows_what_is_expected(client: Client) -> None:
    wrong = {"moyen": "rappel", "telephone": "12", "nom": "N" * 200, "mots": "M" * 3000}
    text = await (await client.post("/personne", data=wrong)).text()
    told = dict(re.findall(r'<p id="erreur-(\w+)"[^>]*>.*?</strong> (.*?)</p>', text))
    assert "10 chiffres, par exemple 06 12 34 56 78" in told["telephone"]
    assert "80 caractères au plus" in told["nom"]
    assert "2000 caractères au plus. Vous en avez écrit 3000" in told["mots"]
