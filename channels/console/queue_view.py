"""The queue as the page shows it: grouped by urgency, oldest first, and filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.service.desk import QueueItem
from bot.store.demandes import TAKEN, WAITING, Demande, Urgency
from channels.console import words

MINE = "moi"
NONE = "aucun"
"""The value of a filter for requests that have nothing there: no subject, no commune."""
_URGENCY_CODES = {"danger": Urgency.DANGER, "vite": Urgency.SOON, "normale": Urgency.NORMAL}
_GROUPS = ("Danger", "À traiter vite", "Dépassées", "En attente", "Prises")
_DANGER, _SOON, _LATE, _WAITING, _TAKEN = range(len(_GROUPS))

Title = Callable[[str], str]


@dataclass(frozen=True)
class Filters:
    """What is asked to be shown; "" shows all."""

    qui: str = ""
    urgence: str = ""
    canal: str = ""
    sujet: str = ""
    commune: str = ""
    territoire: str = ""
    moyen: str = ""

    @property
    def are_set(self) -> bool:
        """Tell whether something is left out."""
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """Return the filters as the query of an address."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


@dataclass(frozen=True)
class Option:
    """A value of a filter, and how many requests have it."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """A filter of the form."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Item:
    """A request in the list."""

    reference: str
    subject: str
    status: str
    state: str
    urgency: str
    is_danger: bool
    is_late: bool
    since: str
    asked_at: str
    moyen: str
    channel: str
    commune: str
    promised: str
    owner: str
    is_mine: bool


@dataclass(frozen=True)
class Group:
    """Requests under one heading, oldest first."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class QueueView:
    """The whole page. `waiting` counts every request that waits, whatever the filters."""

    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    filters: Filters
    waiting: int
    count: int
    total: int

    @property
    def references(self) -> tuple[str, ...]:
        """Return the references in the order of the page."""
        return tuple(item.reference for group in self.groups for item in group.items)


def read_filters(query: Mapping[str, str]) -> Filters:
    """Return the filters of an address; unknown names are ignored."""
    return Filters(**{name: query.get(name, "")[:80] for name in asdict(Filters())})


def show_queue(
    found: list[QueueItem],
    filters: Filters,
    *,
    account_id: int,
    at: datetime,
    title: Title,
    territories: Mapping[str, str],
) -> QueueView:
    """Return the queue as one operator sees it at a time (UTC, without a timezone)."""
    kept = [item for item in found if _is_kept(item.demande, filters, account_id)]
    kept.sort(key=lambda item: (item.demande.created_at, item.demande.reference))
    grouped: dict[int, list[Item]] = {rank: [] for rank in range(len(_GROUPS))}
    for item in kept:
        grouped[_group_of(item)].append(show_item(item, account_id=account_id, at=at, title=title))
    groups = tuple(
        Group(f"groupe-{rank}", _GROUPS[rank], tuple(items)) for rank, items in grouped.items() if items
    )
    return QueueView(
        groups=groups,
        fields=_fields([item.demande for item in found], filters, account_id, title, territories),
        filters=filters,
        waiting=sum(item.demande.status == WAITING for item in found),
        count=len(kept),
        total=len(found),
    )


def show_item(item: QueueItem, *, account_id: int, at: datetime, title: Title) -> Item:
    """Return a request as a list shows it."""
    demande = item.demande
    waits = demande.status == WAITING
    return Item(
        reference=demande.reference,
        subject=title(demande.subject) if demande.subject else words.NO_SUBJECT,
        status=demande.status,
        state=words.STATES[demande.status],
        urgency=words.URGENCIES[demande.urgency],
        is_danger=demande.urgency is Urgency.DANGER,
        is_late=item.is_late,
        since=words.since(demande.created_at, at),
        asked_at=words.when_text(demande.created_at, at),
        moyen=words.MOYENS.get(demande.details.moyen, demande.details.moyen),
        channel=words.channel_text(demande.channel),
        commune=words.shown(demande.details.commune),
        promised=words.promised_text(demande.due_at, at) if waits and demande.due_at else "",
        owner=words.shown(item.owner) if demande.status == TAKEN else "",
        is_mine=demande.account_id == account_id,
    )


def _group_of(item: QueueItem) -> int:
    demande = item.demande
    if demande.status == TAKEN:
        return _TAKEN
    if demande.urgency is Urgency.NORMAL:
        return _LATE if item.is_late else _WAITING
    return _DANGER if demande.urgency is Urgency.DANGER else _SOON


def _is_kept(demande: Demande, filters: Filters, account_id: int) -> bool:
    if filters.qui == MINE and demande.account_id != account_id:
        return False
    asked = asdict(filters)
    return all(asked[name] in ("", value) for name, value in _values(demande).items())


def _values(demande: Demande) -> dict[str, str]:
    """Return the value that a request has in each filter."""
    urgency = next(code for code, urgency in _URGENCY_CODES.items() if urgency is demande.urgency)
    return {
        "urgence": urgency,
        "canal": demande.channel,
        "sujet": demande.subject or NONE,
        "commune": words.shown(demande.details.commune) or NONE,
        "territoire": demande.territoire,
        "moyen": demande.details.moyen,
    }


def _fields(
    found: list[Demande],
    filters: Filters,
    account_id: int,
    title: Title,
    territories: Mapping[str, str],
) -> tuple[Field, ...]:
    """Return the filters, each with the values that some request has; one with a single territory is left out."""
    have = [_values(demande) for demande in found]
    counts = {name: Counter(values[name] for values in have) for name in _values_names()}
    mine = sum(demande.account_id == account_id for demande in found)
    chosen = asdict(filters)
    labels: dict[str, tuple[str, str, Callable[[str], str]]] = {
        "urgence": ("Urgence", "Toutes", lambda code: words.URGENCIES[_URGENCY_CODES[code]]),
        "canal": ("Canal", "Tous", words.channel_text),
        "sujet": ("Sujet", "Tous", lambda code: words.NO_SUBJECT if code == NONE else title(code)),
        "commune": ("Commune", "Toutes", lambda code: "Commune non dite" if code == NONE else code),
        "territoire": ("Territoire", "Tous", lambda code: territories.get(code, code)),
        "moyen": ("Réponse voulue", "Toutes", lambda code: words.MOYENS.get(code, code)),
    }
    fields = [
        Field(
            "qui",
            "À qui",
            (
                Option("", f"Toutes les demandes ({len(found)})", filters.qui != MINE),
                Option(MINE, f"Mes demandes ({mine})", filters.qui == MINE),
            ),
        )
    ]
    for name, (label, every, say) in labels.items():
        if name == "territoire" and len(counts[name]) < 2 and not filters.territoire:
            continue
        fields.append(Field(name, label, _options(counts[name], chosen[name], every, say)))
    return tuple(fields)


def _values_names() -> tuple[str, ...]:
    return ("urgence", "canal", "sujet", "commune", "territoire", "moyen")


def _options(counts: Counter[str], chosen: str, every: str, say: Callable[[str], str]) -> tuple[Option, ...]:
    """Return the values by name; one chosen that no request has any more is still shown, or the form would lie."""
    values = set(counts) | ({chosen} if chosen else set())
    said = sorted((_safely(say, value), value) for value in values)
    options = [Option(value, f"{label} ({counts[value]})", value == chosen) for label, value in said]
    return (Option("", every, not chosen), *options)


def _safely(say: Callable[[str], str], value: str) -> str:
    try:
        return say(value)
    except KeyError:
        return words.shown(value)  # an address typed by hand
