"""Every commune of France, by name, old name or postal code, with its centre: data/communes.csv.gz.

The file is read when a name is first looked for. It stays the bytes of its lines (3 MB), sorted by name, in which a
name is found by halving: an object for each commune would take ten times as much in each process.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.knowledge.yaml_files import KnowledgeError, Problem

FILE = "communes.csv.gz"
COLUMNS = ("cle", "code_insee", "nom", "ancien_nom", "codes_postaux", "latitude", "longitude", "population")
OVERSEAS_DIGITS = 3
POSTAL_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


@dataclass(frozen=True)
class CommuneDeFrance:
    """One commune as of the year of the file; `ancien_nom` is the merged commune it was found by."""

    code_insee: str
    nom: str
    ancien_nom: str
    codes_postaux: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    population: int

    @property
    def departement(self) -> str:
        """Return `35`, `2A`, `974`."""
        return departement_of(self.code_insee)

    @property
    def centre(self) -> tuple[float, float] | None:
        """Return (latitude, longitude) in degrees, None when the file has none."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


def departement_of(code_insee: str) -> str:
    """Return the département of an Insee code."""
    return code_insee[:OVERSEAS_DIGITS] if code_insee.startswith(("97", "98")) else code_insee[:2]


class Communes:
    """Finds communes in a file; without the file, finds nothing (`bot check` tells of it)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._names: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _content(self) -> bytes:
        try:
            return _read(self._path) if self._path else b""
        except KnowledgeError:
            return b""

    @cached_property
    def _starts(self) -> array[int]:
        """Where each line begins, the first one (the names of the columns) left out."""
        starts = [match.end() for match in re.finditer(rb"\n", self._content)]
        return array("I", starts[:-1])

    def __len__(self) -> int:
        return len(self._starts)

    def named(self, name: str) -> tuple[CommuneDeFrance, ...]:
        """Return the communes of that whole name; those that bear it today before those that bore it."""
        key = normalize_place(name).encode()
        rank = bisect_left(range(len(self)), key, key=self._key)
        found = []
        while key and rank < len(self) and self._key(rank) == key:
            found.append(self._commune(rank))
            rank += 1
        bearing = tuple(commune for commune in found if not commune.ancien_nom)
        return bearing or _without_doubles(found)

    def at_postal_code(self, code: str) -> tuple[CommuneDeFrance, ...]:
        """Return the communes of today that a postal code serves."""
        if not POSTAL_CODE.fullmatch(code):
            return ()
        found = (self._commune(rank) for rank in self._ranks_with(code))
        return tuple(commune for commune in found if code in commune.codes_postaux and not commune.ancien_nom)

    def with_code(self, code_insee: str) -> CommuneDeFrance | None:
        """Return the commune of today with that Insee code."""
        if not re.fullmatch(r"\d[\dAB]\d{3}", code_insee):
            return None
        found = (self._commune(rank) for rank in self._ranks_with(code_insee))
        return next((c for c in found if c.code_insee == code_insee and not c.ancien_nom), None)

    def names_of(self, departement: str) -> tuple[str, ...]:
        """Return the names, old ones too, of the communes of a département."""
        if departement not in self._names:
            ranks = self._ranks_matching(re.compile(rf",{departement}\d+,".encode()))
            communes = (self._commune(rank) for rank in ranks)
            self._names[departement] = tuple(
                commune.ancien_nom or commune.nom
                for commune in communes
                if commune.departement == departement
            )
        return self._names[departement]

    def _ranks_with(self, code: str) -> Iterator[int]:
        return self._ranks_matching(re.compile(re.escape(code.encode())))

    def _ranks_matching(self, pattern: re.Pattern[bytes]) -> Iterator[int]:
        last = -1
        for match in pattern.finditer(self._content):
            rank = bisect_left(self._starts, match.start() + 1) - 1
            if rank > last:
                yield rank
                last = rank

    def _key(self, rank: int) -> bytes:
        start = self._starts[rank]
        return self._content[start : self._content.index(b",", start)]

    def _commune(self, rank: int) -> CommuneDeFrance:
        start = self._starts[rank]
        line = self._content[start : self._content.index(b"\n", start)].decode()
        _key, code, name, old_name, codes, latitude, longitude, population = line.split(",")
        return CommuneDeFrance(
            code_insee=code,
            nom=name,
            ancien_nom=old_name,
            codes_postaux=tuple(codes.split("|")) if codes else (),
            latitude=float(latitude) if latitude else None,
            longitude=float(longitude) if longitude else None,
            population=int(population or 0),
        )


def check_communes(path: Path) -> Iterator[Problem]:
    """Yield what keeps the file of the communes from being read."""
    try:
        first, *_others = _read(path).split(b"\n", 1)
    except KnowledgeError as error:
        yield from error.problems
        return
    if first.decode(errors="replace") != ",".join(COLUMNS):
        yield Problem(str(path), 1, f"les colonnes ne sont pas : {', '.join(COLUMNS)}")


MAX_BYTES = 32 * 1024 * 1024
"""Once open: the file in use is some 2 MB, and a small file can be made to open into gigabytes."""


@lru_cache(maxsize=2)
def _read(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"fichier illisible ({error}) : écrivez-le avec outils/lieux/ecrire_communes.py"
        raise KnowledgeError([Problem(str(path), 0, message)]) from error
    if len(content) > MAX_BYTES:
        raise KnowledgeError([Problem(str(path), 0, "fichier trop gros une fois ouvert")])
    return content


def normalize_place(name: str) -> str:
    """Return the name as people may type it: `St Méen-le-Grand` and `saint meen le grand` are one."""
    plain = unicodedata.normalize("NFD", name.translate(_LETTERS).casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def match_commune(communes: Iterable[str], query: str) -> str | None:
    """Return the commune that the query names, whole (`Saint-Méen-le-Grand`) or by its start (`st méen`)."""
    names = tuple(communes)
    return match_whole(names, query) or match_start(names, query)


def match_whole(communes: Iterable[str], query: str) -> str | None:
    """Return the commune whose whole name stands in the query; the longest wins."""
    asked = normalize_place(query)
    names = {normalize_place(commune): commune for commune in communes}
    whole = [name for name in names if f" {name} " in f" {asked} "]
    if whole:
        return names[max(whole, key=len)]
    glued = [name for name in names if name.replace(" ", "") == asked.replace(" ", "")]
    return names[glued[0]] if glued else None


def match_start(communes: Iterable[str], query: str) -> str | None:
    """Return the only commune whose name starts as the query, or its end, does.

    A start that fits two communes is no answer. One word at the end of a sentence counts only after "à":
    "dans quel sens ?" does not ask for Sens-de-Bretagne.
    """
    asked = normalize_place(query)
    names = {normalize_place(commune): commune for commune in communes}
    words = asked.split()
    endings = [words, *(words[start:] for start in range(1, len(words) - 1))]
    if words[-2:-1] == ["a"]:
        endings.append(words[-1:])
    for ending in endings:
        started = [name for name in names if ending and name.split()[: len(ending)] == ending]
        if started:
            return names[started[0]] if len(started) == 1 else None
    return None


def _without_doubles(communes: Sequence[CommuneDeFrance]) -> tuple[CommuneDeFrance, ...]:
    return tuple({commune.code_insee: commune for commune in communes}.values())
