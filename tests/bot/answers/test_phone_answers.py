"""The short text of a rubrique as an agent sends it to somebody who never wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.answers.compose import Composer
from bot.knowledge.loader import Knowledge
from bot.render.gsm import MAX_SEPTETS, count_septets, foreign_characters, to_gsm
from bot.settings import Settings

PUBLISHER = "Communauté de communes de Saint-Méen Montauban"


def test_every_short_text_holds_in_two_segments_under_the_name_of_the_publisher(knowledge: Knowledge) -> None:
    composer = Composer(knowledge, Settings(editeur=PUBLISHER))
    texts = {
        (fiche.id, name): to_gsm(composer.fiche_sms(fiche, name))
        for fiche in knowledge.fiches.values()
        for name, rubrique in fiche.rubriques.items()
        if rubrique.sms
    }
    bad = [
        where
        for where, text in texts.items()
        if count_septets(text) > MAX_SEPTETS
        or foreign_characters(text)
        or not text.startswith("Communaut")
        or len(text) < 100
    ]
    assert bad == []
    assert len(texts) > 900


def test_nothing_names_an_unknown_publisher_nor_the_words_of_a_conversation(knowledge: Knowledge) -> None:
    text = Composer(knowledge, Settings()).fiche_sms(knowledge.fiches["rsa"], "pieces")
    assert text.startswith("RSA, papiers")
    assert "SUITE" not in text


def test_a_fiche_past_its_review_says_so_and_holds(knowledge: Knowledge) -> None:
    old = knowledge.fiches["rsa"].copy(update={"a_revoir_le": date(2020, 1, 1)})
    composer = Composer(replace(knowledge, fiches={"rsa": old}), Settings(editeur=PUBLISHER))
    text = to_gsm(composer.fiche_sms(old, "pieces"))
    assert text.endswith("(date de revue passée).")
    assert count_septets(text) <= MAX_SEPTETS
