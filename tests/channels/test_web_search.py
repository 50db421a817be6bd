"""Search among the fiches, and what search engines may keep of them."""

import re

import pytest

from tests.channels.talking import DANGER, Client, OpenClient, form_id_of, knowledge, send, without


async def search(client: Client, words: str) -> str:
    """Return the page of a search."""
    response = await client.get("/fiches", params={"q": words})
    assert response.status == 200
    return await response.text()


def title_of(html: str) -> str:
    return html.split("<title>")[1].split("</title>", maxsplit=1)[0]


async def test_the_field_has_a_visible_label_and_needs_no_script(client: Client) -> None:
    html = await (await client.get("/fiches")).text()
    assert '<form method="get" action="/fiches" role="search">' in html
    assert '<label for="q">Chercher un sujet</label>' in html
    assert re.search(r'<input id="q" name="q"[^>]*aria-describedby="aide-q trace-q"', html)


async def test_the_page_says_how_many_subjects_are_still_to_write(open_client: OpenClient) -> None:
    client = await open_client(unwritten=("retraite", "permis-conduire"))
    data = without("retraite", "permis-conduire")
    count = len(data.taxonomy.subjects) - len(data.fiches)
    assert count >= 2
    assert f"{count} sujets pas encore écrits" in await (await client.get("/fiches")).text()


async def test_a_search_leads_to_the_fiche_first(client: Client) -> None:
    html = await search(client, "allocation fam")
    assert re.findall(r'href="/fiches/([a-z-]+)"', html)[0] == "allocations-familiales"
    assert 'value="allocation fam"' in html
    count = html.count('<li><a href="/fiches/')
    assert title_of(html).startswith(f"{count} sujets trouvés")
    assert f"<h2>{count} sujets trouvés</h2>" in html


async def test_accents_do_not_count(client: Client) -> None:
    found = [re.findall(r'href="/fiches/([a-z-]+)"', await search(client, q)) for q in ("chômage", "CHOMAGE")]
    assert found[0] == found[1]
    assert found[0][0] == "are"


async def test_a_subject_not_written_says_so_and_who_is_in_charge(open_client: OpenClient) -> None:
    client = await open_client(unwritten=("permis-conduire",))
    html = await search(client, "permis de conduire")
    assert "<strong>Permis de conduire</strong><br>Fiche pas encore écrite." in html
    assert "Qui s'en occupe&nbsp;: France Titres (ANTS)." in html
    assert "/fiches/permis-conduire" not in html
    assert re.match(r"\d+ sujets? trouvés? –", title_of(html).replace("\u00a0", " "))


async def test_the_nearest_are_not_passed_for_what_was_sought(client: Client) -> None:
    sentence = "Aucun sujet ne contient tous vos mots."
    assert sentence in await search(client, "carte grise volante")
    assert sentence not in await search(client, "carte grise")


async def test_nothing_found_says_so_with_ways_out(client: Client) -> None:
    html = await search(client, "licorne <b>")
    assert title_of(html).startswith("Aucun sujet trouvé")
    assert "<h2>Aucun sujet trouvé</h2>" in html
    assert "\nlicorne &lt;b&gt;</textarea>" in html
    assert '<a class="bouton" href="/personne">' in html
    asked = await client.post("/message", data={"text": "contact", "form_id": form_id_of(html)})
    assert asked.url.path == "/conversation"


async def test_what_was_found_still_offers_a_question_and_a_person(client: Client) -> None:
    html = await search(client, "RSA")
    assert '<a class="bouton" href="/">Poser une question</a>' in html
    assert '<a class="bouton" href="/personne">' in html


@pytest.mark.parametrize("query", ["", "%20", "%E2%80%8B"])
async def test_an_empty_search_is_the_list(client: Client, query: str) -> None:
    html = await (await client.get(f"/fiches?q={query}")).text()
    assert title_of(html).startswith("Toutes les fiches")
    assert set(re.findall(r'href="/fiches/([a-z-]+)"', html)) == set(knowledge().fiches)


@pytest.mark.parametrize("query", ["%ff%fe", "%00", "%ED%A0%80", "q=1&q=2", "a" * 3000, "%22%3E%3Cscript%3E"])
async def test_a_hostile_search_finds_nothing_and_breaks_nothing(client: Client, query: str) -> None:
    response = await client.get(f"/fiches?q={query}")
    assert response.status == 200
    assert '"><script>' not in await response.text()


async def test_a_danger_in_the_search_gets_the_numbers_above_the_results(client: Client) -> None:
    html = await search(client, DANGER)
    assert html.index('<a href="tel:3919">') < html.index('role="search"') < html.index("Vous ne trouvez pas")
    assert "Numéros d'urgence" not in (await search(client, "loyer")).split("<main")[1].split("</main>")[0]
    assert "Numéros d'urgence" in html


async def test_a_danger_is_not_followed_by_what_only_sounds_like_it(client: Client) -> None:
    html = await search(client, DANGER)
    assert "mariage" not in html
    assert "Aucun sujet trouvé" not in html
    assert title_of(html).startswith("Recherche dans les fiches")
    assert "restent dans l'historique" in html.split('role="search"')[0]
    assert '<a class="bouton" href="/personne">' in html


async def test_a_danger_that_is_also_the_words_of_a_fiche_leads_to_it(client: Client) -> None:
    html = await search(client, "dormir dehors")
    assert "Numéros d'urgence" in html
    assert 'href="/fiches/hebergement-urgence"' in html


async def test_a_danger_far_in_a_long_search_is_seen_too(client: Client) -> None:
    assert '<a href="tel:3919">' in await search(client, "ma fiche " * 60 + DANGER)


async def test_the_words_sought_are_neither_in_the_title_nor_in_the_logs(
    client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = await search(client, "violences secretissime")
    assert "secretissime" in html
    assert "violence" not in title_of(html).lower()
    assert "secretissime" not in title_of(html)

    def fail(*_args: object) -> None:
        raise RuntimeError("secretissime")

    monkeypatch.setattr("bot.knowledge.search.SubjectSearch.find", fail)
    assert (await client.get("/fiches", params={"q": "secretissime"})).status == 500
    logged = "".join(capsys.readouterr())
    assert "request_failed" in logged
    assert "secretissime" not in logged


async def test_searches_are_counted_but_a_danger_is_never_refused(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute_address=1)
    assert (await client.get("/fiches?q=rsa")).status == 200
    refused = await client.get("/fiches?q=rsa")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await client.get("/fiches")).status == 200
    assert '<a href="tel:3919">' in await search(client, DANGER)


@pytest.mark.parametrize("path", ["/fiches", "/fiches/apl"])
async def test_search_engines_may_keep_the_fiches(client: Client, path: str) -> None:
    response = await client.get(path)
    html = await response.text()
    assert response.headers["X-Robots-Tag"] == "all"
    assert "noindex" not in html
    assert re.search(r'<meta name="description" content="[^"]{40,}">', html)


async def test_the_description_of_a_fiche_says_what_it_brings(client: Client) -> None:
    html = await (await client.get("/fiches/css")).text()
    description = html.split('<meta name="description" content="')[1].split('">')[0]
    assert knowledge().fiches["css"].apporte.split(" ")[0] in description


async def test_the_description_of_a_sensitive_fiche_tells_nothing_of_it(client: Client) -> None:
    """Some browsers keep descriptions in their history."""
    sensitive = [fiche.id for fiche in knowledge().fiches.values() if fiche.sensible]
    assert sensitive
    for fiche_id in sensitive:
        head = (await (await client.get(f"/fiches/{fiche_id}")).text()).split("</head>")[0]
        assert '<meta name="description"' in head
        assert "violence" not in head.lower()


async def test_search_engines_keep_neither_searches_nor_conversations(client: Client) -> None:
    await send(client, text=DANGER)
    for path in ("/fiches?q=rsa", "/conversation", "/", "/personne", "/signaler", "/fiches/nulle"):
        assert (await client.get(path)).headers["X-Robots-Tag"] == "noindex"
