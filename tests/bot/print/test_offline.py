"""The edition without a network: everything is in the folder, and nothing else is touched."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest

from bot.answers.compose import Composer
from bot.print.offline import README, TITLE, FolderTaken, write_edition
from bot.print.sections import sections_of
from bot.settings import Settings
from tests.bot.print.pdf_reading import squeezed

MOST_BYTES = 4_000_000
"""A USB stick holds more, but an edition that doubles has a fault."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cle") / "droits"


@pytest.fixture
def written(composer: Composer, reachable: Settings, now: datetime, folder: Path) -> Path:
    """An edition, written once for all the tests that only read it."""
    if not folder.exists():
        write_edition(composer, reachable, folder, now)
    return folder


def words_of(page: Path) -> str:
    return squeezed(unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))))


def test_every_fiche_and_every_situation_has_its_page(composer: Composer, written: Path) -> None:
    assert {p.stem for p in (written / "fiches").iterdir()} == set(composer.knowledge.fiches)
    assert {p.stem for p in (written / "situations").iterdir()} == set(composer.knowledge.situations)


def test_a_page_says_all_of_its_fiche_with_its_sources(
    composer: Composer, written: Path, now: datetime
) -> None:
    for fiche in composer.knowledge.fiches.values():
        text = words_of(written / "fiches" / f"{fiche.id}.html")
        sections = sections_of(composer.knowledge, fiche, now.date(), ticks=None)
        lines = [line.text for s in sections for part in s.parts for line in part.lines]
        lines += [note for s in sections for note in s.notes]
        lines += [part for source in fiche.sources for part in (source.titre, str(source.url))]
        assert [line for line in lines if squeezed(line) not in text] == [], fiche.id


def test_no_page_needs_the_network_and_every_link_leads_to_a_file(written: Path) -> None:
    pages = sorted(written.rglob("*.html"))
    lost = []
    for page in pages:
        html = page.read_text(encoding="utf-8")
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', html):
            parts = urlsplit(unescape(address))
            if parts.scheme == "data":
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchored = not parts.fragment or f'id="{parts.fragment}"' in target.read_text(encoding="utf-8")
            if parts.scheme or parts.netloc or not target.is_file() or not anchored:
                lost.append(f"{page.name}: {address}")
    assert lost == []
    assert len(pages) > 120
    assert "http" not in (written / "commun" / "style.css").read_text(encoding="utf-8")


def test_emergency_numbers_come_first_and_the_place_and_the_day_last(
    composer: Composer, written: Path
) -> None:
    for page in (
        written / "index.html",
        written / "fiches" / "apl.html",
        written / "situations" / "accident.html",
    ):
        text = words_of(page)
        for number, entry in composer.knowledge.emergencies.numeros.items():
            told = squeezed(f"{number} : {entry.nom} ({entry.precision})")
            assert 0 < text.index(told) < text.index("Chercher")
        assert squeezed("Édition du 23 novembre 2026") in text
        assert squeezed("02 99 09 44 56") in text


def test_the_list_is_in_the_page_in_french_order(written: Path) -> None:
    html = (written / "index.html").read_text(encoding="utf-8").split('id="fiches"')[1]
    titles = re.findall(r'<a href="fiches/[^"]+">([^<]+)</a>', html)
    assert len(titles) == 91
    assert titles.index("Aides au logement (APL, ALS, ALF)") < titles.index("Carte nationale d&#39;identité")


def test_the_form_shows_only_where_scripts_run(written: Path) -> None:
    assert '<form id="recherche" role="search" hidden>' in (written / "index.html").read_text(
        encoding="utf-8"
    )


def test_its_size_is_told_and_small(
    composer: Composer, reachable: Settings, now: datetime, tmp_path: Path
) -> None:
    made = write_edition(composer, reachable, tmp_path / "d", now, archive=True)
    assert made.size == sum(p.stat().st_size for p in (tmp_path / "d").rglob("*") if p.is_file()) < MOST_BYTES
    assert made.archive == tmp_path / "d.zip"
    assert made.archive.stat().st_size < made.size / 2
    with ZipFile(made.archive) as packed:
        names = packed.namelist()
        assert packed.testzip() is None
    assert "d/index.html" in names
    assert all(name.startswith("d/") and ".." not in name for name in names)


def test_a_new_edition_takes_the_place_of_the_earlier_one_and_of_nothing_else(
    composer: Composer, reachable: Settings, now: datetime, tmp_path: Path
) -> None:
    write_edition(composer, reachable, tmp_path, now)
    (tmp_path / "fiches" / "ancienne.html").write_text("x")
    (tmp_path / "photos.txt").write_text("à moi")
    write_edition(composer, reachable, tmp_path, now)
    assert not (tmp_path / "fiches" / "ancienne.html").exists()
    assert (tmp_path / "photos.txt").read_text() == "à moi"


@pytest.mark.parametrize("name", ["index.html", README, "fiches"])
def test_what_somebody_else_put_there_is_never_taken_away(
    composer: Composer, reachable: Settings, now: datetime, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("à moi")
    with pytest.raises(FolderTaken, match="Donnez un autre dossier"):
        write_edition(composer, reachable, tmp_path, now)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "à moi"


def test_the_note_opens_in_an_old_notepad(written: Path) -> None:
    content = (written / README).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + TITLE.encode())
    assert content.count(b"\n") == content.count(b"\r\n") > 20
    assert "Édité par Communauté d'essai." in content.decode("utf-8-sig")
