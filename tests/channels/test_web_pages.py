"""Every page: light, readable by a screen reader, the same help in the same place."""

import base64
import gzip
import hashlib
import html.parser
import re
from collections import Counter
from html import unescape

import pytest

from channels.keys import ASSISTANT
from channels.web.information import PAGES
from channels.web.page import HERE
from tests.channels.talking import Client, OpenClient, app_of, knowledge, send

SEARCHES = ("/fiches?q=caf", "/fiches?q=licorne", "/fiches?q=je+veux+mourir")
PATHS = (
    "/", "/personne", "/demande", "/effacer", "/efface", "/mes-donnees", "/fiches", "/fiches/apl", "/nulle",
    "/signaler", "/signaler?fiche=apl&rubrique=montant", *SEARCHES, *PAGES,
)  # fmt: skip
MAX_COMPRESSED = 15 * 1024


class Outline(html.parser.HTMLParser):
    """Collect what a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.headings: list[int] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.references: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        if tag == "label":
            self.labels.add(str(values["for"]))
        if tag in ("textarea", "select") or (tag == "input" and values.get("type") != "hidden"):
            self.fields.append(values)
        self.references |= set((values.get("aria-describedby") or "").split())
        if (values.get("href") or "").startswith("#"):
            self.references.add(str(values["href"])[1:])


def outline_of(text: str) -> Outline:
    outline = Outline()
    outline.feed(text)
    return outline


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_has_landmarks_one_heading_and_labelled_fields(client: Client, path: str) -> None:
    text = await (await client.get(path)).text()
    outline = outline_of(text)
    assert '<html lang="fr">' in text
    assert outline.tags["h1"] == outline.tags["main"] == outline.tags["header"] == outline.tags["footer"] == 1
    assert all(
        after - before <= 1 for before, after in zip([0, *outline.headings], outline.headings, strict=False)
    )
    assert max(outline.ids.values()) == 1
    assert all(field["id"] in outline.labels for field in outline.fields)
    assert outline.references <= set(outline.ids)
    assert '<a class="evitement" href="#contenu">' in text


@pytest.mark.parametrize("path", PATHS)
async def test_help_stands_in_the_same_place_on_every_page(client: Client, path: str) -> None:
    text = await (await client.get(path)).text()
    header, footer = text.split("<main")[0], text.split("</main>")[1]
    assert 'href="/personne"' in header
    assert 'href="/effacer"' in header
    assert '<a href="sms:114">' in footer
    assert "Accessibilité\u00a0: non conforme" in footer


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_has_no_script_but_ours_and_needs_nobody_else(client: Client, path: str) -> None:
    text = await (await client.get(path)).text()
    own = r'<script src="/static/assistant\.js\?v=\w+" defer></script>'
    assert "<script" not in re.sub(own, "", text)
    assert not re.search(r"\son\w+=", text)
    assert "style=" not in text
    assert not re.search(r'<(?:img|link|iframe)[^>]+(?:src|href)="https?:', text)


@pytest.mark.parametrize("path", ["/", "/personne", "/fiches/apl"])
async def test_a_page_with_its_style_and_script_is_light(client: Client, path: str) -> None:
    script = (HERE / "static" / "assistant.js").read_bytes()
    page = await (await client.get(path)).read()
    assert sum(len(gzip.compress(content)) for content in (page, script)) < MAX_COMPRESSED


async def test_pages_are_sent_compressed_to_who_accepts_it(open_client: OpenClient) -> None:
    client = await open_client()
    packed = await client.get("/", headers={"Accept-Encoding": "gzip, deflate"}, auto_decompress=False)
    plain = await client.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(await packed.read())
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == "Accept-Encoding"


async def test_the_style_stands_in_the_page_and_is_allowed_by_its_hash_alone(client: Client) -> None:
    response = await client.get("/")
    (style,) = re.findall(r"<style>(.*?)</style>", await response.text(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


async def test_the_script_is_kept_a_year_under_its_version_only(client: Client) -> None:
    await send(client, text="contact")
    page = await (await client.get("/conversation")).text()
    address = re.findall(r'src="(/static/[^"]+)"', page)[0]
    assert "immutable" in (await client.get(address)).headers["Cache-Control"]
    assert "immutable" not in (await client.get("/static/assistant.js?v=autre")).headers["Cache-Control"]


async def test_the_editor_is_named_or_said_to_be_missing(open_client: OpenClient) -> None:
    for path in ("/", "/accessibilite", "/mentions-legales", "/vie-privee", "/a-propos"):
        assert "non renseigné" in await (await (await open_client()).get(path)).text()
        named = await open_client(editeur="Mairie <b>")
        assert "Mairie &lt;b&gt;" in await (await named.get(path)).text()


@pytest.mark.parametrize("fiche_id", sorted(knowledge().fiches))
async def test_a_fiche_reads_whole_with_its_sources(client: Client, fiche_id: str) -> None:
    text = await (await client.get(f"/fiches/{fiche_id}")).text()
    assert text.count('<section aria-labelledby="') == 12
    assert "D'où vient cette information" in text
    assert not re.search(r"\{[a-z0-9-]+\}", text)


async def test_the_list_leads_to_every_fiche(client: Client) -> None:
    text = await (await client.get("/fiches")).text()
    assert set(re.findall(r'href="/fiches/([a-z-]+)"', text)) == set(knowledge().fiches)


async def test_head_answers_like_get(client: Client) -> None:
    assert (await client.head("/")).status == 200


async def test_every_sentence_of_the_templates_is_short() -> None:
    """20 words at most, as in everything residents read."""
    for path in sorted((HERE / "templates").glob("*.html")):
        words = re.sub(r"\{[%#{].*?[%#}]\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for part in re.split(r"</(?:p|li|h\d|label|legend|dt|dd|a|button|title)>", words):
            plain = re.sub(r"<[^>]+>|&nbsp;", " ", part)
            for sentence in re.split(r"[.?!:](?:\s|$)", plain):
                assert len(re.findall(r"[\wÀ-ÿ]+(?:['’-][\wÀ-ÿ]+)*", sentence)) <= 20, (path.name, sentence)


async def test_the_conversation_page_outline(client: Client) -> None:
    outline = outline_of(await (await send(client, text="mon mari me frappe")).text())
    assert outline.tags["article"] == 3
    assert outline.tags["ol"] == 1
    assert outline.references <= set(outline.ids)
    assert max(outline.ids.values()) == 1


async def test_a_fiche_read_on_its_page_offers_a_person_once_and_no_reply_to_type(client: Client) -> None:
    html = await (await client.get("/fiches/apl")).text()
    main = html.split("<main")[1].split("</main>")[0]
    assert "Choisissez une suite" not in main
    assert main.count('href="/personne"') == 1


async def test_the_title_of_a_fiche_is_its_own_unless_it_is_sensitive(client: Client) -> None:
    fiches = app_of(client)[ASSISTANT].knowledge.fiches
    titles = {}
    for fiche in fiches.values():
        html = await (await client.get(f"/fiches/{fiche.id}")).text()
        titles[fiche.id] = unescape(html.split("<title>")[1].split("</title>")[0]).replace("\u00a0", " ")
    plain = {fiche.id for fiche in fiches.values() if not fiche.sensible}
    assert {key for key in plain if not titles[key].startswith(fiches[key].titre)} == set()
    assert len({titles[key] for key in plain}) == len(plain)
    assert {title.split(" – ")[0] for key, title in titles.items() if key not in plain} == {"Une fiche"}
