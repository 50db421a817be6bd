"""Places where somebody helps: read from data/lieux/*.csv, found by commune or postal code.

The files follow LaMedNum's standard-mediation-num 1.0.2 (one CSV line a place, `|` between the
values of a list). Field names are those of the schema.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from opening_hours import OpeningHours, validate
from pydantic import Field, ValidationError, validator

from bot.knowledge.fiche import Strict
from bot.knowledge.yaml_files import KnowledgeError, Problem

LIST_FIELDS = ("typologie", "courriels", "site_web", "services", "dispositif_programmes_nationaux")
UNUSED_FIELDS = frozenset(
    {
        "pivot",  # fourteen zeros when unknown, which is always so far
        "structure_parente",
        "publics_specifiquement_adresses",
        "prise_en_charge_specifique",
        "frais_a_charge",
        "formations_labels",
        "autres_formations_labels",
        "modalites_acces",
        "modalites_accompagnement",
        "fiche_acces_libre",
        "prise_rdv",
    }
)
EARTH_RADIUS_KM = 6371.0
FRESH_MONTHS = 12
"""Hours older than this are shown as "à vérifier": France services places revise theirs each year."""

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_RANGE = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))?")
_TIME_RANGE = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_RULE = re.compile(r"(?P<days>[A-Z][A-Za-z,-]*) (?P<times>[\d:,-]+)")


class Lieu(Strict):
    """One place that receives people, as published on `date_maj`."""

    id: str = Field(..., regex=r"^[a-z0-9-]+$")
    nom: str
    commune: str
    code_postal: str = Field(..., regex=r"^\d{5}$")
    code_insee: str | None = Field(None, regex=r"^([013-9]\d|2[AB1-9])\d{3}$")
    adresse: str
    complement_adresse: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    typologie: tuple[str, ...] = ()
    telephone: str | None = Field(None, description="`+33296604787` in the file, `02 96 60 47 87` here")
    courriels: tuple[str, ...] = ()
    site_web: tuple[str, ...] = ()
    horaires: str | None = Field(None, description="OpenStreetMap opening_hours")
    presentation_resume: str | None = None
    presentation_detail: str | None = None
    source: str | None = None
    itinerance: str | None = Field(None, regex=r"^(Itinérant|Fixe)(\|(Itinérant|Fixe))?$")
    date_maj: date
    services: tuple[str, ...] = ()
    dispositif_programmes_nationaux: tuple[str, ...] = ()

    @validator("telephone")
    def _write_phone_the_french_way(cls, telephone: str | None) -> str | None:
        if telephone is None:
            return None
        digits = re.sub(r"\D", "", telephone.replace("+33", "0", 1))
        if not re.fullmatch(r"0[1-9]\d{8}", digits):
            raise ValueError("un numéro français s'écrit +33 suivi de neuf chiffres")
        return " ".join(digits[index : index + 2] for index in range(0, 10, 2))

    @validator("horaires")
    def _readable_hours(cls, horaires: str | None) -> str | None:
        if horaires is not None and not validate(horaires):
            raise ValueError("ce ne sont pas des horaires OpenStreetMap (opening_hours)")
        return horaires

    def full_address(self) -> str:
        """Return `22 Rue de Gaël, 35290 Saint-Méen-le-Grand`."""
        street = ", ".join(part for part in (self.adresse, self.complement_adresse) if part)
        return f"{street}, {self.code_postal} {self.commune}"

    def is_itinerant(self) -> bool:
        """Tell whether the place moves: its address is then only its base."""
        return "Itinérant" in (self.itinerance or "")


def load_lieux(folder: Path) -> tuple[Lieu, ...]:
    """Return the places of every CSV file of the folder. Raises KnowledgeError with all that is wrong."""
    lieux: list[Lieu] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        for line, record in _read_records(path, problems):
            try:
                lieu = Lieu.parse_obj(record)
            except ValidationError as error:
                problems.extend(_record_problems(path, line, error))
                continue
            if lieu.id in seen:
                problems.append(Problem(str(path), line, f"l'id « {lieu.id} » est déjà dans {seen[lieu.id]}"))
                continue
            seen[lieu.id] = f"{path.name}, ligne {line}"
            lieux.append(lieu)
    if problems:
        raise KnowledgeError(problems)
    return tuple(lieux)


def _read_records(path: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each record with the line it ends on, without its empty values."""
    known = set(Lieu.__fields__) | UNUSED_FIELDS
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            unknown = [name for name in reader.fieldnames or () if name not in known]
            if unknown:
                problems.append(Problem(str(path), 1, f"colonnes inconnues : {', '.join(unknown)}"))
                return
            for row in reader:
                if None in row or None in row.values():
                    problems.append(
                        Problem(str(path), reader.line_num, "la ligne n'a pas le bon nombre de colonnes")
                    )
                    continue
                yield reader.line_num, _without_empty(row)
    except UnicodeDecodeError:
        problems.append(Problem(str(path), 0, "enregistrez le fichier en UTF-8"))
    except csv.Error as error:
        problems.append(Problem(str(path), 0, f"ce n'est pas du CSV : {error}"))
    except OSError as error:
        problems.append(Problem(str(path), 0, f"fichier illisible ({error.strerror})"))


def _without_empty(row: dict[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in row.items():
        if name in UNUSED_FIELDS or not value.strip():
            continue
        record[name] = tuple(value.split("|")) if name in LIST_FIELDS else value
    return record


def _record_problems(path: Path, line: int, error: ValidationError) -> list[Problem]:
    problems = []
    for item in error.errors():
        field = str(item["loc"][0])
        message = "ce champ est obligatoire" if item["type"] == "value_error.missing" else item["msg"]
        if item["type"] == "value_error.str.regex":
            message = "la valeur n'a pas la forme que demande le schéma LaMedNum"
        elif item["type"] == "value_error.date":
            message = "écrivez la date ainsi : 2022-12-01"
        problems.append(Problem(str(path), line, f"{field} : {message}"))
    return problems


def horaires_en_francais(osm: str | None) -> str:
    """Return `lundi et mardi : 8 h à 12 h et 13 h à 16 h ; mercredi : 8 h à 12 h`.

    Return "" when the hours are empty or use more of the OpenStreetMap syntax than weekdays and
    times: nothing is said rather than something approximate.
    """
    if not osm or not validate(osm):
        return ""
    rules = [_french_rule(rule.strip()) for rule in osm.split(";") if rule.strip()]
    return "" if "" in rules else " ; ".join(rules)


def _french_rule(rule: str) -> str:
    match = _RULE.fullmatch(rule)
    if match is None:
        return ""
    days = [_french_days(part) for part in match["days"].split(",")]
    times = [_french_times(part) for part in match["times"].split(",")]
    if "" in days or "" in times:
        return ""
    return f"{_join_and(days)} : {_join_and(times)}"


def _french_days(part: str) -> str:
    match = _DAY_RANGE.fullmatch(part)
    if match is None:
        return ""
    first = OSM_DAYS.index(match[1])
    last = OSM_DAYS.index(match[2]) if match[2] else first
    if last < first:
        return ""
    if last - first > 1:
        return f"du {DAYS[first]} au {DAYS[last]}"
    return " et ".join(DAYS[first : last + 1])


def _french_times(part: str) -> str:
    match = _TIME_RANGE.fullmatch(part)
    if match is None:
        return ""
    return f"{_french_hour(match[1], match[2])} à {_french_hour(match[3], match[4])}"


def _french_hour(hours: str, minutes: str) -> str:
    return f"{int(hours)} h" if minutes == "00" else f"{int(hours)} h {minutes}"


def _join_and(items: Sequence[str]) -> str:
    return " et ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]


def are_hours_fresh(lieu: Lieu, today: date) -> bool:
    """Tell whether the place was updated within the last twelve months."""
    months = (today.year - lieu.date_maj.year) * 12 + today.month - lieu.date_maj.month
    return months < FRESH_MONTHS or (months == FRESH_MONTHS and today.day <= lieu.date_maj.day)


def is_open_at(lieu: Lieu, moment: datetime) -> bool | None:
    """Tell whether the place is open at that local time; None when its hours are unknown or old.

    Hours of four years ago would send somebody to a closed door, so they answer None.
    """
    if not lieu.horaires or not are_hours_fresh(lieu, moment.date()):
        return None
    return bool(OpeningHours(lieu.horaires).is_open(moment.replace(tzinfo=None)))


def normalize_place(name: str) -> str:
    """Return the name as people may type it: `St Méen-le-Grand` and `saint meen le grand` are one."""
    plain = unicodedata.normalize("NFD", name.replace("œ", "oe").replace("Œ", "oe").casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def find_lieux(lieux: Iterable[Lieu], query: str, limit: int = 3) -> list[tuple[Lieu, float | None]]:
    """Return the places of the commune or postal code named in the query, then the nearest ones.

    The distance, in kilometres, is None for a place in the commune itself. A commune that no place
    stands in gives []: only what the data says is known.
    """
    everything = tuple(lieux)
    here = _places_named(everything, query)
    if not here:
        return []
    found: list[tuple[Lieu, float | None]] = [(lieu, None) for lieu in here]
    origin = _centre(here)
    if origin is not None:
        found += _by_distance(origin, [lieu for lieu in everything if lieu not in here])
    return found[:limit]


def nearest_lieux(
    lieux: Iterable[Lieu], latitude: float, longitude: float, limit: int = 3
) -> list[tuple[Lieu, float | None]]:
    """Return the places nearest to a point (degrees), with their distance in kilometres as the crow flies."""
    found: list[tuple[Lieu, float | None]] = list(_by_distance((latitude, longitude), list(lieux)))
    return found[:limit]


def _places_named(lieux: Sequence[Lieu], query: str) -> list[Lieu]:
    """Return the places of the commune that the query names, by code, whole name, or start of a name."""
    for code in re.findall(r"(?<!\d)\d{5}(?!\d)", query):
        coded = [lieu for lieu in lieux if lieu.code_postal == code]
        if coded:
            return coded
    name = match_commune((lieu.commune for lieu in lieux), query)
    return [lieu for lieu in lieux if lieu.commune == name]


def match_commune(communes: Iterable[str], query: str) -> str | None:
    """Return the commune that the query names, whole (`Saint-Méen-le-Grand`) or by its start (`st méen`).

    The longest whole name wins. A start that fits two communes is no answer. One word at the end of a
    sentence counts only after "à": "dans quel sens ?" does not ask for Sens-de-Bretagne.
    """
    asked = normalize_place(query)
    names = {normalize_place(commune): commune for commune in communes}
    whole = [name for name in names if f" {name} " in f" {asked} "]
    if whole:
        return names[max(whole, key=len)]
    glued = [name for name in names if name.replace(" ", "") == asked.replace(" ", "")]
    if glued:
        return names[glued[0]]
    words = asked.split()
    endings = [words, *(words[start:] for start in range(1, len(words) - 1))]
    if words[-2:-1] == ["a"]:
        endings.append(words[-1:])
    for ending in endings:
        started = [name for name in names if ending and name.split()[: len(ending)] == ending]
        if started:
            return names[started[0]] if len(started) == 1 else None
    return None


def _by_distance(origin: tuple[float, float], lieux: Iterable[Lieu]) -> list[tuple[Lieu, float | None]]:
    pairs = [(_distance_km(origin, lieu), lieu) for lieu in lieux]
    known = [(distance, lieu) for distance, lieu in pairs if distance is not None]
    return [(lieu, distance) for distance, lieu in sorted(known, key=lambda pair: pair[0])]


def _centre(lieux: Iterable[Lieu]) -> tuple[float, float] | None:
    points = [(lieu.latitude, lieu.longitude) for lieu in lieux]
    known = [
        (latitude, longitude)
        for latitude, longitude in points
        if latitude is not None and longitude is not None
    ]
    if not known:
        return None
    return sum(point[0] for point in known) / len(known), sum(point[1] for point in known) / len(known)


def _distance_km(origin: tuple[float, float], lieu: Lieu) -> float | None:
    """Return the great-circle distance (haversine), to 0.1 km."""
    if lieu.latitude is None or lieu.longitude is None:
        return None
    south, north = math.radians(origin[0]), math.radians(lieu.latitude)
    half_height = math.sin((north - south) / 2) ** 2
    half_width = math.sin(math.radians(lieu.longitude - origin[1]) / 2) ** 2
    angle = 2 * math.asin(math.sqrt(half_height + math.cos(south) * math.cos(north) * half_width))
    return round(EARTH_RADIUS_KM * angle, 1)
