"""Replies ready to be edited."""

from pathlib import Path

import pytest

from bot.knowledge.canned import CannedReply, load_canned
from bot.knowledge.loader import check_knowledge, load_knowledge
from bot.knowledge.yaml_files import Problem
from bot.model.french import today_in_france
from bot.render.gsm import count_segments, foreign_characters, to_gsm

OURS = load_canned(Path("data/reponses_types.yml"), [])


def load(tmp_path: Path, text: str) -> tuple[dict[str, CannedReply], list[Problem]]:
    path = tmp_path / "reponses_types.yml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return load_canned(path, problems), problems


def test_ours_are_a_dozen_in_their_order() -> None:
    assert next(iter(OURS)) == "bonjour"
    assert len(OURS) >= 12


@pytest.mark.parametrize("reply", OURS.values(), ids=list(OURS))
def test_ours_hold_in_two_sms_of_the_french_alphabet(reply: CannedReply) -> None:
    sms = to_gsm(f"Une personne : {reply.filled('Marie-Antoinette')}")
    assert foreign_characters(sms) == []
    assert count_segments(sms) <= 2


def test_the_name_of_the_operator_is_put_in() -> None:
    assert OURS["bonjour"].filled("Awa").startswith("Bonjour, je suis Awa.")


def test_a_name_in_braces_is_not_read_again() -> None:
    assert "{autre}" in OURS["bonjour"].filled("{autre}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {titre: Un, texte: 'Bonjour {prenom}'}", "pas {prenom}"),
        ("a: {titre: Un}", "texte"),
        (f"a: {{titre: Un, texte: '{'b' * 451}'}}", "450 caractères"),
        (f"a: {{titre: '{'b' * 61}', texte: Deux}}", "60 caractères"),
        ("a: {titre: Un, texte: Deux, autre: Trois}", "autre"),
        ("- liste", "une par clé"),
        ("a: [", "YAML"),
    ],
)
def test_a_broken_reply_is_reported_and_the_others_stay(tmp_path: Path, text: str, said: str) -> None:
    good = "" if text.startswith("-") or text.endswith("[") else "\nb: {titre: Deux, texte: Bonjour}"
    replies, problems = load(tmp_path, text + good)
    assert list(replies) == (["b"] if good else [])
    assert said in str(problems[0])
    assert "reponses_types.yml" in str(problems[0])


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert load_canned(tmp_path / "rien.yml", problems) == {}
    assert problems


def test_the_whole_knowledge_holds_them() -> None:
    knowledge = load_knowledge(Path("data"), "saint-meen-montauban")
    assert knowledge.canned == OURS
    found = check_knowledge(knowledge, Path("data"), today_in_france())
    assert not [problem for problem in found if "reponses_types" in problem.path]
