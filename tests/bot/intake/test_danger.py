"""A danger is recognised however it is written, and ordinary questions are not taken for one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.danger import MAX_READ, find_dangers
from bot.intake.danger_rules import PATTERNS
from bot.knowledge.emergency import load_emergencies

DANGERS = [
    ("mon mari m'a encore frappée hier soir", "violences"),
    ("Mon compagnon me tape dessus dès qu'il a bu", "violences"),
    ("mon copain ma donné une gifle devant les petits", "violences"),
    ("j'ai peur de mon ex, il m'attend en bas", "violences"),
    ("ma femme me bat et je n'ose le dire à personne", "violences"),
    ("il rentre dans une heure et j'ai peur qu'il rentre", "violences"),
    ("il m'enferme dans la chambre quand il part travailler", "violences"),
    ("mon conjoint menace de me tuer si je pars", "violences"),
    ("il veut pas que je sorte et il contrôle mon téléphone", "violences"),
    ("je suis battue par mon mari depuis des années", "violences"),
    ("mon mari ma frapé", "violences"),
    ("mn mari ma frapé", "violences"),
    ("mon conjoint a levé la main sur moi, il m'étrangle", "violences"),
    ("jai peur il va rentrer", "violences"),
    ("JE VEUX MOURIR", "suicide"),
    ("jveu en finir", "suicide"),
    ("j'ai envie de me foutre en l'air", "suicide"),
    ("je pense à me suicider depuis que j'ai perdu mon travail", "suicide"),
    ("ma vie ne vaut plus la peine", "suicide"),
    ("ma famille serait mieux sans moi", "suicide"),
    ("j'en peux plus de vivre comme ça", "suicide"),
    ("je voudrais ne plus me réveiller", "suicide"),
    ("je vais avaler tous mes cachets", "suicide"),
    ("j ai des idées noires tous les soirs", "suicide"),
    ("mon bébé ne respire plus", "medical"),
    ("mon père a mal dans la poitrine et il transpire", "medical"),
    ("elle a fait un malaise dans la cuisine", "medical"),
    ("mon fils a avalé de l'eau de javel", "medical"),
    ("il a perdu connaissance que faire", "medical"),
    ("ma mère ne répond plus, elle est tombée", "medical"),
    ("il saigne beaucoup de la jambe", "medical"),
    ("mon voisin a la bouche de travers", "medical"),
    ("ma femme a perdu les eaux", "medical"),
    ("il y a le feu dans l'immeuble", "incendie"),
    ("ya une odeur de gaz chez moi", "incendie"),
    ("la cuisine est en feu", "incendie"),
    ("mon beau-père touche ma fille", "enfant"),
    ("les voisins frappent leur enfant tous les jours", "enfant"),
    ("l'oncle a violé ma nièce", "enfant"),
    ("ils laissent les enfants tout seuls la nuit", "enfant"),
    ("mon papa me tape", "enfant"),
    ("je dors dans ma voiture depuis lundi", "rue"),
    ("on est à la rue avec le bébé", "rue"),
    ("je sais pas où dormir ce soir", "rue"),
    ("le proprio m'a mis dehors ce matin", "rue"),
    ("on m'a jeté à la rue", "rue"),
    ("un homme me suit dans la rue", "agression"),
    ("quelqu'un essaie de rentrer chez moi", "agression"),
    ("mon voisin me menace avec un couteau", "agression"),
    ("au secours", "agression"),
    ("je peux pas parler envoyez la police", "agression"),
    ("mon fils me frappe pour avoir de l'argent", "agression"),
]

ORDINARY = [
    "je suis mort de rire",
    "je suis morte de fatigue avec ces papiers",
    "cette démarche me tue",
    "je veux en finir avec ce dossier",
    "mon mari est mort, ai-je droit à la pension de réversion ?",
    "mon père est décédé, quelles démarches ?",
    "il me faut un coup de main pour le formulaire",
    "passez-moi un coup de fil",
    "j'ai eu un coup de coeur pour cet appartement",
    "la CAF menace de me couper le RSA",
    "le propriétaire menace de m'expulser si je ne paie pas",
    "je suis à bout de mes droits au chômage",
    "feu mon mari avait une retraite agricole",
    "mon ex ne paie pas la pension alimentaire",
    "mon mari est violoniste",
    "qui appeler pour une fuite d'eau",
    "comment contester une amende pour un feu rouge grillé",
    "j'ai perdu ma carte d'identité dans la rue",
    "j'habite rue de la Gare",
    "ma fille a 16 ans et cherche un stage",
    "mon enfant est handicapé, quelle aide ?",
    "j'ai arrêté de fumer",
    "je prends des médicaments, sont-ils remboursés ?",
    "ma mère est à l'hôpital, qui paie ?",
    "je suis en arrêt maladie pour mal de dos",
    "accident du travail : je me suis coupé le doigt",
    "je veux partir en retraite",
    "je voudrais disparaître des listes électorales de Rennes",
    "comment supprimer mon compte ameli",
    "je ne peux plus payer mon loyer",
    "plus de droits, plus d'allocation, que faire",
    "quel est le montant du RSA ?",
    "mon frère vit à l'étranger",
    "j'ai besoin d'un logement plus grand",
    "où sont les lieux France services",
    "mon patron refuse de me donner mon attestation",
    "le feu vert de la mairie est arrivé",
    "je tape mon mot de passe et ça ne marche pas",
    "j'ai tapé mon code trois fois",
    "mon ordinateur est mort",
    "la carte Vitale de mon enfant est perdue",
    "j'étais à la rue il y a 3 ans, maintenant j'ai un logement",
    "je me suis battu pour obtenir ce papier",
    "il faut se battre pour avoir un rendez-vous",
    "aide au logement pour un étudiant",
    "ma voiture est en panne, aide pour le permis ?",
    "combien coûte un passeport pour un bébé",
    "bonjour",
    "merci beaucoup, vous me sauvez la vie",
]


@pytest.mark.parametrize(("text", "kind"), DANGERS)
def test_a_danger_is_recognised(text: str, kind: str) -> None:
    assert kind in find_dangers(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("je me suis fait agresser", "agression"), ("jai nulle par ou dormir", "rue")],
)
def test_a_danger_said_in_another_way_is_recognised(text: str, kind: str) -> None:
    assert kind in find_dangers(text)


def test_beating_a_record_is_not_a_danger() -> None:
    assert find_dangers("mon fils bat des records à l'école") == ()


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_message_is_not_a_danger(text: str) -> None:
    assert find_dangers(text) == ()


@pytest.mark.parametrize(("text", "kind"), DANGERS)
def test_a_danger_is_recognised_in_capitals_and_without_accents_or_apostrophes(text: str, kind: str) -> None:
    plain = (
        text.upper().replace("'", " ").replace("É", "E").replace("È", "E").replace("À", "A").replace("Ê", "E")
    )
    assert kind in find_dangers(plain)


def test_a_danger_is_recognised_behind_a_harmless_sentence() -> None:
    assert find_dangers("Bonjour, merci pour le RSA. Je suis mort de rire. Mon mari me frappe.") == (
        "violences",
    )


def test_the_most_urgent_danger_comes_first() -> None:
    kinds = find_dangers("je dors dans la rue, mon mari me frappe et je n'arrive plus à respirer")
    assert kinds == ("medical", "violences", "rue")


def test_every_kind_has_its_emergency_numbers_and_every_danger_its_rules(data: Path) -> None:
    assert set(PATTERNS) == set(load_emergencies(data / "urgences.yml").dangers)


def test_a_danger_at_the_end_of_the_longest_message_is_read() -> None:
    text = "bla " * 490 + "mon mari me frappe"
    assert len(text) < 2000
    assert find_dangers(text) == ("violences",)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_gives_known_kinds_without_repeats(text: str) -> None:
    kinds = find_dangers(text)
    assert set(kinds) <= set(PATTERNS)
    assert len(set(kinds)) == len(kinds)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the best of three runs, processor time: other programs do not count."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    "piece",
    [
        "mon mari ",
        "mon ma le ",
        "il me m a ",
        "je veux ",
        "peur de la ",
        "enfant ",
        "mon enfant petit fils ",
        "suis est ",
        "plus ",
        "a ",
        "ab",
        "e",
        "pris des boites de ",
        "il y a ans ",
        "dehors il y a ",
        "ma ma ",
        "j j j ",
        "on quelqu un mon fils ",
        "é",
        "œ",
    ],
)
def test_no_message_makes_the_rules_slow(piece: str) -> None:
    half, full = (piece * (size // len(piece) + 1) for size in (MAX_READ // 2, MAX_READ))
    # Twice the text takes about twice the time; a quadratic pattern would take four times.
    assert cpu_seconds(lambda: find_dangers(full)) < 3.2 * cpu_seconds(lambda: find_dangers(half)) + 0.2


def test_what_is_beyond_the_bound_costs_nothing() -> None:
    assert find_dangers("x " * MAX_READ + "mon mari me frappe") == ()
