"""An edited fiche is live without a restart; a mistake in a file takes nothing away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.knowledge.loader import Knowledge, load_knowledge
from bot.service.live_knowledge import LiveKnowledge
from bot.settings import Settings

FILES = (
    "taxonomie.yml",
    "urgences.yml",
    "baremes.yml",
    "accessibilite.yml",
    "lexique.yml",
    "accueil.yml",
    "fiches/rsa.yml",
    "fiches/apl.yml",
)


class Edited:
    """A copy of data/ being edited, and the versions handed over."""

    def __init__(self, data: Path, settings: Settings) -> None:
        self.data = data
        self.versions: list[Knowledge] = []
        self.first = load_knowledge(data, settings.territoire)
        self.live = LiveKnowledge(settings.copy(update={"data": data}), self.first, self.versions.append)
        self._clock = 1_800_000_000

    async def write(self, name: str, old: str, new: str) -> bool:
        path = self.data / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self._clock += 1
        os.utime(path, (self._clock, self._clock))
        return await self.live.look()


@pytest.fixture
def edited(tmp_path: Path, data: Path, settings: Settings) -> Edited:
    copy = tmp_path / "data"
    for folder in ("responses", "territoires", "lieux"):
        shutil.copytree(data / folder, copy / folder)
    for name in FILES:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(data / name, copy / name)
    return Edited(copy, settings)


async def test_nothing_is_read_again_when_nothing_changed(edited: Edited) -> None:
    assert await edited.live.look() is False
    assert edited.versions == []


async def test_an_edited_fiche_is_handed_over(edited: Edited) -> None:
    assert await edited.write("fiches/rsa.yml", "responsable:", "nom_court: RSA neuf\nresponsable_:") is True
    # An unknown key is a mistake: the last good version stays.
    assert edited.versions[-1].fiches["rsa"] == edited.first.fiches["rsa"]
    assert await edited.write("fiches/rsa.yml", "nom_court: RSA neuf\nresponsable_:", "responsable:") is True
    title = edited.first.fiches["rsa"].titre
    assert await edited.write("fiches/rsa.yml", title, f"{title} !") is True
    assert edited.versions[-1].fiches["rsa"].titre == f"{title} !"


async def test_a_fiche_taken_out_is_gone_and_a_new_one_is_there(edited: Edited) -> None:
    (edited.data / "fiches" / "apl.yml").unlink()
    assert await edited.live.look() is True
    assert set(edited.versions[-1].fiches) == {"rsa"}


async def test_what_every_answer_needs_stays_when_its_file_is_broken(edited: Edited) -> None:
    assert await edited.write("urgences.yml", ":", "[") is False
    assert edited.versions == []


async def test_an_amount_with_a_mistake_keeps_its_last_value(edited: Edited) -> None:
    assert await edited.write("baremes.yml", "valeur: 651.69", "valeur: beaucoup") is True
    assert edited.versions[-1].baremes["rsa-personne-seule"] == edited.first.baremes["rsa-personne-seule"]
