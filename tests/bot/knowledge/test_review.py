"""What is to review, by owner, the oldest date first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.knowledge.loader import Knowledge
from bot.knowledge.review import AMOUNTS, list_due

DAY = date(2027, 1, 10)


def test_what_is_past_or_near_is_listed_by_owner(knowledge: Knowledge) -> None:
    dates = {"rsa": DAY - timedelta(days=1), "apl": DAY + timedelta(days=30), "css": DAY + timedelta(days=31)}
    fiches = {key: knowledge.fiches[key].copy(update={"a_revoir_le": day}) for key, day in dates.items()}
    due = list_due(replace(knowledge, fiches=fiches, situations={}, baremes={}), DAY, 30)
    assert [item.name for item in due] == ["fiche rsa", "fiche apl"]
    assert due[0].line(DAY) == "fiche rsa : à revoir le 9 janvier 2027, date passée"
    assert due[1].line(DAY) == "fiche apl : à revoir le 9 février 2027"


def test_amounts_stand_under_their_file(knowledge: Knowledge) -> None:
    due = list_due(replace(knowledge, fiches={}, situations={}, accueil=None), DAY, 10_000)
    assert {item.owner for item in due} == {AMOUNTS}
    assert {item.name for item in due} == set(knowledge.baremes)
