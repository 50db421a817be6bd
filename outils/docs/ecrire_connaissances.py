"""Write the table of docs/connaissances.md: how old the sources of each fiche are, how long its texts.

    python -m outils.docs.ecrire_connaissances

Only what stands between the two markers is replaced. The day of the measure is written with it, so that
the same files give the same table on any other day.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

from bot.knowledge.amounts import fill_sms
from bot.knowledge.fiche import Fiche
from bot.knowledge.language import average_words, count_words, fiche_texts, sentences
from bot.knowledge.loader import Knowledge, load_knowledge
from bot.model.french import format_date, today_in_france
from bot.render.gsm import MAX_SEPTETS, count_septets, to_gsm
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "connaissances.md"
BEGIN = re.compile(r"<!-- début du tableau, mesuré le (\d{4}-\d\d-\d\d) -->\n")
END = "<!-- fin du tableau -->\n"
ONE_SEGMENT = 160
_WORD_BANDS = ((1, 5), (6, 10), (11, 15), (16, 20))
_COLUMNS = (
    "fiche",
    "à revoir le",
    "texte le plus ancien",
    "texte le plus récent",
    "sources",
    "mots par phrase, moyenne",
    "mots, au plus",
    "SMS le plus long (septets)",
)


def table(day: date) -> str:
    """Return the marked part of the page, as measured on that day."""
    knowledge = load_knowledge(ROOT / "data", str(Settings.__fields__["territoire"].default))
    lines = [
        f"<!-- début du tableau, mesuré le {day.isoformat()} -->",
        f"| {' | '.join(_COLUMNS)} |",
        f"| {' | '.join('---' for _ in _COLUMNS)} |",
        *(_row(fiche, knowledge, day) for fiche in knowledge.fiches.values()),
        "",
        *_length_lines(knowledge, day),
        "",
        *_amount_lines(knowledge, day),
        *_territory_lines(knowledge),
        "",
        "### Ce que disent les notes des sources",
        "",
        "La date est celle du texte lu (`texte_du`).",
        *(line for fiche in knowledge.fiches.values() for line in _note_lines(fiche)),
        "",
    ]
    return "\n".join(lines) + "\n" + END


def _length_lines(knowledge: Knowledge, day: date) -> list[str]:
    """Return how long the sentences are, and how many segments each SMS takes."""
    texts = [text for fiche in knowledge.fiches.values() for _where, text in fiche_texts(fiche)]
    words = [count_words(sentence) for text in texts for sentence in sentences(text)]
    sms = [
        count_septets(to_gsm(fill_sms(rubrique.sms, knowledge.baremes, day)))
        for fiche in knowledge.fiches.values()
        for rubrique in fiche.rubriques.values()
        if rubrique.sms
    ]
    simple = sum(1 for fiche in knowledge.fiches.values() if fiche.simple)
    return [
        "### Phrases, SMS et dates de revue",
        "",
        "| phrases, en mots | nombre |",
        "| --- | --- |",
        *(f"| {low} à {high} | {sum(low <= n <= high for n in words)} |" for low, high in _WORD_BANDS),
        "",
        "| SMS d'une rubrique | nombre |",
        "| --- | --- |",
        f"| 1 SMS (160 septets au plus) | {sum(n <= ONE_SEGMENT for n in sms)} |",
        f"| 2 SMS liés ({MAX_SEPTETS} septets au plus) | {sum(n > ONE_SEGMENT for n in sms)} |",
        "",
        "| à revoir en | fiches |",
        "| --- | --- |",
        *(f"| {month} | {count} |" for month, count in _months(knowledge)),
        "",
        (
            f"{len(knowledge.fiches)} fiches, dont {simple} avec une version simple ; {len(knowledge.situations)} situations ; "
            f"{len(knowledge.lexicon.names)} noms dans le lexique."
        ),
    ]


def _months(knowledge: Knowledge) -> list[tuple[str, int]]:
    counts = Counter(f"{fiche.a_revoir_le:%Y-%m}" for fiche in knowledge.fiches.values())
    return sorted(counts.items())


def _row(fiche: Fiche, knowledge: Knowledge, day: date) -> str:
    dates = [source.texte_du for source in fiche.sources]
    texts = [text for _where, text in fiche_texts(fiche)]
    longest = max(count_words(sentence) for text in texts for sentence in sentences(text))
    septets = max(
        count_septets(to_gsm(fill_sms(rubrique.sms, knowledge.baremes, day)))
        for rubrique in fiche.rubriques.values()
        if rubrique.sms
    )
    average = f"{average_words(texts):.1f}".replace(".", ",")
    cells = (
        fiche.id, fiche.a_revoir_le, min(dates), max(dates), len(dates), average, longest, septets,
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _amount_lines(knowledge: Knowledge, day: date) -> list[str]:
    """Return how many amounts there are, how many openfisca fills, and which are no longer shown."""
    old = [f"`{key}`" for key, bareme in knowledge.baremes.items() if not bareme.is_current(day)]
    compared = sum(bareme.openfisca is not None for bareme in knowledge.baremes.values())
    count = f"Montants de `data/baremes.yml` : {len(knowledge.baremes)}, dont {compared} comparés à openfisca-france."
    past = f"Le {format_date(day)}, {len(old)} ont passé leur date de revue et ne sont plus montrés"
    return [f"{count} {past} : {', '.join(old)}." if old else count, ""]


def _territory_lines(knowledge: Knowledge) -> list[str]:
    """Return the local contacts that wait for a source."""
    missing = [name for name, _what in knowledge.territoire.to_complete()]
    head = (
        f"Contacts du territoire {knowledge.territoire.nom} encore sans source, jamais montrés aux habitants"
    )
    return [f"{head} : {', '.join(missing)}."] if missing else []


def _note_lines(fiche: Fiche) -> list[str]:
    """Return the doubts that the writer of a fiche noted beside its sources, oldest text first."""
    noted = [source for source in sorted(fiche.sources, key=lambda source: source.texte_du) if source.note]
    return [
        "",
        f"**{fiche.id}**",
        "",
        *(f"- {source.texte_du}, `{source.id}` : {source.note}" for source in noted),
    ]


def with_table(page: str, day: date) -> str:
    """Return the page with its marked part measured again. Raises ValueError without the markers."""
    begin, end = BEGIN.search(page), page.find(END)
    if begin is None or end < begin.start():
        raise ValueError(f"les deux repères du tableau manquent dans {PAGE.name}")
    return page[: begin.start()] + table(day) + page[end + len(END) :]


def measured_on(page: str) -> date:
    """Return the day written in the page. Raises ValueError without the markers."""
    begin = BEGIN.search(page)
    if begin is None:
        raise ValueError(f"le repère de début manque dans {PAGE.name}")
    return date.fromisoformat(begin.group(1))


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), today_in_france()), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} est à jour.")
