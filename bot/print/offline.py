"""The edition for machines without a network: pages in a folder, opened from a USB stick, that ask for nothing.

The search is a script that reads an index beside it: pages opened as files may not fetch anything. Without scripts, the
alphabetical list is there.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bot.answers.compose import Composer
from bot.answers.orientation import short_name, situation_answer
from bot.knowledge.fiche import Fiche
from bot.knowledge.situation import Situation
from bot.language.normalise import fold
from bot.model.french import format_date
from bot.print.emergencies import all_emergency_lines
from bot.print.offline_index import search_index
from bot.print.paper import FONTS, HERE, SERVICE, templates
from bot.print.sections import first_place, parts_of, review_warning, sections_of, sources_of
from bot.render.text import source_text
from bot.settings import Settings

STATIC = HERE / "offline_static"
README = "LISEZMOI.txt"
TITLE = "Vos droits et vos démarches, sans internet"
OURS = ("index.html", README, "commun", "fiches", "situations")
"""All that an edition writes in its folder, and all that a new one takes away."""


class FolderTaken(Exception):
    """The folder holds something else under our names; the message says what to do, in French."""


@dataclass(frozen=True)
class Edition:
    """What was written: how many fiches and situations, in how many bytes, and the archive if one was asked for."""

    fiches: int
    situations: int
    size: int
    archive: Path | None


def write_edition(
    composer: Composer, settings: Settings, folder: Path, now: datetime, *, archive: bool = False
) -> Edition:
    """Write the edition in a folder, in place of an earlier one. Raises FolderTaken and OSError."""
    _make_room(folder)
    knowledge = composer.knowledge
    for name, text in _files(composer, settings, now):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    shutil.copy(FONTS / "atkinson-OFL.txt", folder / "commun" / "police-licence.txt")
    written = [path for name in OURS for path in sorted((folder / name).rglob("*")) if path.is_file()]
    written += [folder / name for name in OURS if (folder / name).is_file()]
    size = sum(path.stat().st_size for path in written)
    packed = _pack(folder, written) if archive else None
    return Edition(len(knowledge.fiches), len(knowledge.situations), size, packed)


def _make_room(folder: Path) -> None:
    """Take an earlier edition away, and nothing else. Raises FolderTaken where it is not one."""
    taken = [folder / name for name in OURS if (folder / name).exists()]
    if taken and not _is_edition(folder):
        raise FolderTaken(
            f"Le dossier {folder} contient déjà « {taken[0].name} », qui n'est pas de cette édition. "
            "Donnez un autre dossier."
        )
    for path in taken:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_edition(folder: Path) -> bool:
    try:
        return (folder / README).read_text(encoding="utf-8-sig").startswith(TITLE)
    except (OSError, UnicodeDecodeError):
        return False


def _pack(folder: Path, written: list[Path]) -> Path:
    """Return an archive beside the folder, which opens as a folder of the same name."""
    target = folder.with_name(f"{folder.resolve().name}.zip")
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for path in written:
            packed.write(path, Path(folder.resolve().name) / path.relative_to(folder))
    return target


def _files(composer: Composer, settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield each file of the edition with its text."""
    knowledge = composer.knowledge
    shared = _shared(composer, settings, now)
    fiches = sorted(knowledge.fiches.values(), key=lambda fiche: fold(fiche.titre))
    situations = sorted(knowledge.situations.values(), key=lambda situation: fold(situation.titre))
    yield (
        "index.html",
        _page("index.html", shared, "", title=TITLE, fiches=fiches, situations=situations),
    )
    for fiche in fiches:
        yield f"fiches/{fiche.id}.html", _fiche_page(composer, fiche, shared, now)
    for situation in situations:
        yield f"situations/{situation.id}.html", _situation_page(composer, situation, shared)
    index = json.dumps(search_index(knowledge), ensure_ascii=False, separators=(",", ":"))
    yield "commun/index.js", f"var INDEX = {index};\n"
    yield "commun/recherche.js", (STATIC / "recherche.js").read_text(encoding="utf-8")
    yield "commun/style.css", _fonts() + (STATIC / "style.css").read_text(encoding="utf-8")
    readme = templates().get_template("offline/LISEZMOI.txt").render(**shared, title=TITLE)
    yield README, "\ufeff" + readme.replace("\n", "\r\n")


def _shared(composer: Composer, settings: Settings, now: datetime) -> dict[str, Any]:
    """Return what every page shows."""
    knowledge = composer.knowledge
    return {
        "service": SERVICE,
        "territoire": knowledge.territoire.nom,
        "editeur": settings.editeur,
        "accessibilite": knowledge.declaration.state_on(now.date()),
        "edition": format_date(now.date()),
        "numbers": all_emergency_lines(knowledge.emergencies),
        "place": first_place(knowledge, now),
        "count": len(knowledge.fiches),
    }


def _page(template: str, shared: dict[str, Any], root: str, **context: Any) -> str:
    """Return a page; `root` leads from it to the folder of the edition."""
    page = templates().get_template(f"offline/{template}")
    return page.render(**{**shared, "root": root, **context})


def _fiche_page(composer: Composer, fiche: Fiche, shared: dict[str, Any], now: datetime) -> str:
    knowledge = composer.knowledge
    related = [knowledge.fiches[name] for name in fiche.droits_lies if name in knowledge.fiches]
    return _page(
        "fiche.html",
        shared,
        "../",
        title=fiche.titre,
        fiche=fiche,
        warning=review_warning(composer, fiche, now.date()),
        sections=sections_of(knowledge, fiche, now.date(), ticks=None),
        related=related,
        sources=[f"{source_text(source)}, {source.url}" for source in sources_of(fiche)],
        review_on=format_date(fiche.a_revoir_le),
    )


def _situation_page(composer: Composer, situation: Situation, shared: dict[str, Any]) -> str:
    knowledge = composer.knowledge
    written = [name for name in situation.fiches() if name in knowledge.fiches]
    return _page(
        "situation.html",
        shared,
        "../",
        title=situation.titre,
        situation=situation,
        parts=parts_of(situation_answer(knowledge, situation).blocks),
        related=[(name, short_name(knowledge, name)) for name in written],
        review_on=format_date(situation.a_revoir_le),
    )


def _fonts() -> str:
    """Return our font in the style itself: some browsers refuse a font file to a page opened as a file."""
    faces = []
    for weight in ("400", "700"):
        content = base64.b64encode((FONTS / f"atkinson-{weight}.woff2").read_bytes()).decode()
        faces.append(
            f'@font-face {{ font-family: "Atkinson Hyperlegible Next"; font-weight: {weight}; '
            f'src: url("data:font/woff2;base64,{content}") format("woff2"); }}\n'
        )
    return "".join(faces)
