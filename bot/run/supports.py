"""Make what is handed out without the assistant: the poster, a booklet, the edition for machines without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from bot.answers.compose import Composer
from bot.knowledge.loader import load_knowledge
from bot.model.french import PARIS
from bot.print.booklet import booklet_pdf
from bot.print.offline import write_edition
from bot.print.paper import PAPERS
from bot.print.poster import poster_pdf, ways_to_reach
from bot.settings import Settings


def make_poster(settings: Settings, target: Path, *, sms: str, link: str) -> Iterator[str]:
    """Write the poster and yield what to tell. Raises KnowledgeError, NothingToShow, NoPrinting and OSError."""
    knowledge = load_knowledge(settings.data, settings.territoire)
    target.write_bytes(poster_pdf(knowledge, settings, _now(), sms=sms, link=link))
    yield f"{target} : affiche A4, {_size(target)}."
    for way in ways_to_reach(settings, sms=sms, link=link):
        yield f"  {way.title} : {way.words}"
    if not settings.editeur:
        yield "L'affiche ne dit pas qui édite le service : réglez BOT_EDITEUR."


def make_booklet(settings: Settings, fiches: Iterable[str], target: Path, size: str) -> Iterator[str]:
    """Write a booklet and yield what to tell. Raises KnowledgeError, UnknownFiches, NoPrinting and OSError."""
    composer = _composer(settings)
    target.write_bytes(booklet_pdf(composer, fiches, settings, PAPERS[size], _now()))
    yield f"{target} : livret {size.upper()}, {_size(target)}."


def make_edition(settings: Settings, folder: Path, *, archive: bool) -> Iterator[str]:
    """Write the offline edition and yield what to tell. Raises KnowledgeError, FolderTaken and OSError."""
    made = write_edition(_composer(settings), settings, folder, _now(), archive=archive)
    yield f"{folder} : {made.fiches} fiches et {made.situations} situations, {_readable(made.size)}."
    if made.archive:
        yield f"{made.archive} : {_size(made.archive)}."
    yield f"Ouvrez {folder / 'index.html'} dans un navigateur, ou copiez le dossier sur une clé USB."


def _composer(settings: Settings) -> Composer:
    return Composer(load_knowledge(settings.data, settings.territoire), settings)


def _now() -> datetime:
    return datetime.now(PARIS).replace(tzinfo=None)


def _size(path: Path) -> str:
    return _readable(path.stat().st_size)


def _readable(size: int) -> str:
    """Return a number of bytes as French text: `35 ko`, `2,5 Mo`."""
    if size < 1_000_000:
        return f"{max(size // 1000, 1)} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")
