"""From a directive to an answer: every one composes, offers a person, and fits in two SMS."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pytest

import actions
from bot.answers import labels
from bot.answers.compose import Composer
from bot.answers.request_answers import Reading
from bot.dialogue import decide
from bot.knowledge.fiche import RUBRIQUES, Simple
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer, AnswerType, BlockKind
from bot.model.directive import Directive
from bot.render.gsm import MAX_SEPTETS, count_septets, foreign_characters, to_gsm
from bot.settings import Settings
from bot.store.demandes import MOYENS, Demande, DemandeDetails, Ticket
from bot.store.own_data import Held

ACTS = (
    "saluer", "remercier", "dire_au_revoir", "demander_aide", "demander_personne", "chercher_lieu",
    "estimer_droits", "confidentialite", "dire_decouragement", "hors_sujet", "autre_langue",
)  # fmt: skip
CALL = DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "Mon dossier est bloqué depuis deux mois.")
BACK = DemandeDetails("retour", None, None, None)
MEETING = DemandeDetails("rdv")
TICKET = Ticket("BC-2345", "BCDF2345")
NIGHT = Reading("mercredi 30 décembre avant 16 h 45", "mercredi 30 décembre à 14 h 30")
LONG_NAME = "Marie-Françoise de France services"
LONG_SUBJECT = "allocations-familiales"
ASKED = Demande("BC-2345", None, "web", "essai", datetime(2026, 11, 23), "waiting", BACK)
STATES = (
    ("waiting", ASKED, False),
    ("late", ASKED, True),
    ("taken", replace(ASKED, status="taken"), False),
    ("answered", replace(ASKED, status="taken", replied_at=datetime(2026, 11, 24)), False),
    ("closed", replace(ASKED, status="closed"), False),
)
_DAY = datetime(2026, 11, 2, 9)
HELD = (
    Held("web", _DAY, _DAY, 0, None, (), ()),
    Held("sms", _DAY, _DAY, 12345, _DAY, (ASKED, ASKED), (), "+33639980001"),
    Held("telegram", _DAY, _DAY, 12345, _DAY, (replace(ASKED, status="taken"),), (), "42"),
    Held("borne", _DAY, _DAY, 2, _DAY, (replace(ASKED, details=CALL),), (), form={"question": "nom"}),
)


def plain_answers(composer: Composer) -> dict[str, Answer]:
    """Return every answer that is not of a fiche."""
    return {
        **{act: composer.compose(Directive(act), "") for act in ACTS},
        "incompris": composer.compose(Directive("incompris", misses=1), ""),
        "incompris_encore": composer.compose(Directive("incompris_encore", misses=2), ""),
        "corriger": composer.compose(Directive("corriger"), ""),
        "accord": composer.compose(Directive("accord"), ""),
        "rien_en_cours": composer.compose(Directive("rien_en_cours"), ""),
        "sans_sujet": composer.compose(Directive("sans_sujet", rubrique="montant"), ""),
        "clarification": composer.compose(Directive("clarification", fiches=("apl", "rsa", "fsl")), ""),
        "welcome": composer.welcome(),
        "help": composer.help(),
        "publisher": composer.publisher(),
        "privacy": composer.privacy(),
        "stop": composer.stop(),
        **{f"own data {number}": composer.own_data(held) for number, held in enumerate(HELD)},
        "erase_question": composer.erase_question(),
        "erase_cancelled": composer.erase_cancelled(),
        "erased": composer.erased(),
        "masked": composer.masked(("nir", "iban", "carte")),
        "delayed": composer.delayed(),
        "places": composer.places(),
        "places near": composer.places("Gaël"),
        "places far": composer.places("La Guerche-de-Bretagne"),
        "phone": composer.demande_question("telephone", BACK),
        "phone again": composer.demande_phone_again(BACK),
        "where": composer.demande_question("ou", MEETING),
        "join": composer.demande_question("joindre", BACK, subject="allocations-familiales"),
        "commune": composer.demande_question("commune", MEETING),
        "when": composer.demande_question("quand", CALL),
        "name": composer.demande_question("nom", CALL),
        "words": composer.demande_question("mots", CALL),
        "confirm call": composer.demande_question("confirmer", CALL),
        "confirm back": composer.demande_question("confirmer", BACK),
        "cancelled": composer.demande_cancelled(),
        **{f"recorded {way}": composer.demande_recorded(TICKET, replace(CALL, moyen=way)) for way in MOYENS},
        **{
            f"recorded {way} at night": composer.demande_recorded(TICKET, replace(CALL, moyen=way), NIGHT)
            for way in MOYENS
        },
        **{
            f"state {name}": composer.demande_state(demande, LONG_NAME, NIGHT, is_late=is_late)
            for name, demande, is_late in STATES
        },
        "no request": composer.no_demande(),
        "withdraw": composer.withdraw_question("BC-2345"),
        "withdrawn": composer.withdrawn(),
        "not withdrawn": composer.withdraw_cancelled(),
        "answered?": composer.ask_answered("apl"),
        "answered": composer.answered_yes(),
        "ask later?": composer.ask_to_ask_later(21),
        "asked later": composer.ask_later_answered(21),
        "not asked later": composer.ask_later_answered(None),
        "not answered": composer.answered_no("apl"),
        "not answered yet": composer.answered_no(None, not_yet=True),
        "received?": composer.ask_received(LONG_SUBJECT),
        "received": composer.received_yes(),
        "not received": composer.received_no("apl"),
        "not received yet": composer.received_no("apl", not_yet=True),
    }


def words_of(answer: Answer) -> str:
    return "\n".join(item for block in answer.blocks for item in block.items)


def assert_fits_in_two_sms(answer: Answer) -> None:
    text = to_gsm(answer.sms)
    assert foreign_characters(text) == []
    assert 0 < count_septets(text) <= MAX_SEPTETS, text


def kinds_sent() -> set[str]:
    """Return the kinds of directive that the dialogue and the actions name."""
    kinds: set[str] = set()
    files = [Path(decide.__file__), *Path(actions.__path__[0]).glob("*.py")]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in {"Directive", "decide_again"} and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        kinds.add(str(first.value))
    return kinds | {"incompris", "incompris_encore"}


@pytest.mark.parametrize("kind", sorted({*kinds_sent(), *ACTS} - {"sonde"}))
def test_whatever_is_decided_composes(composer: Composer, kind: str) -> None:
    answer = composer.compose(Directive(kind, fiche="rsa", rubrique="montant", fiches=("apl", "css")), "Gaël")
    assert answer.blocks


def test_every_act_of_the_domain_composes(composer: Composer) -> None:
    rules = (Path(actions.__path__[0]).parent / "data" / "stories" / "regles.yml").read_text(encoding="utf-8")
    acts = re.findall(r"intent: (\w+)\}, \{action: action_acte\}", rules)
    assert sorted(acts) == sorted(ACTS)


# -- a person, always


@pytest.mark.parametrize("kind", ["fiche", "fiche_doute"])
def test_every_answer_of_a_fiche_offers_a_person(composer: Composer, knowledge: Knowledge, kind: str) -> None:
    for fiche in knowledge.taxonomy.subjects:
        directive = Directive(kind, fiche=fiche, rubrique="apercu", fiches=("rsa",))
        assert labels.PERSON in composer.compose(directive, "").choices, fiche


WAYS = {labels.PERSON, labels.CALL_ME, labels.WRITE_HERE}
# These are the way to a person itself, half done, or a notice that goes before another answer.
ON_THE_WAY = {
    "phone",
    "phone again",
    "where",
    "join",
    "commune",
    "when",
    "name",
    "words",
    "confirm call",
    "confirm back",
    *(f"recorded {way}{when}" for way in MOYENS for when in ("", " at night")),
    "state waiting",
    "state late",
    "state taken",
    "state answered",
    "withdraw",
    "not withdrawn",
    "answered?",
    "ask later?",
    "received?",
}
WITHOUT = {"erased", "masked", "erase_question"}


def test_after_stop_a_person_is_still_offered(composer: Composer) -> None:
    assert WAYS & set(composer.stop().choices)


def test_every_other_answer_offers_a_person(composer: Composer) -> None:
    lonely = {name for name, answer in plain_answers(composer).items() if not WAYS & set(answer.choices)}
    assert lonely - ON_THE_WAY - WITHOUT <= {"stop"}


def test_every_danger_offers_a_person_and_numbers(composer: Composer, knowledge: Knowledge) -> None:
    for danger in knowledge.emergencies.dangers:
        answer = composer.urgence((danger,))
        assert answer.type is AnswerType.URGENCE
        assert answer.choices == (labels.PERSON,)
        numbers = [block for block in answer.blocks if block.kind is BlockKind.LIST]
        assert numbers[0].items == tuple(knowledge.emergencies.lines(danger))
        assert answer.blocks.index(numbers[0]) == 1


def test_two_dangers_give_each_number_once_and_a_word_for_each(composer: Composer) -> None:
    answer = composer.urgence(("violences", "rue"))
    lines = answer.blocks[1].items
    assert [line.split(" : ")[0] for line in lines] == ["17", "SMS au 114", "3919", "115", "112"]
    assert len(lines) == len(set(lines))
    for text in (composer.urgence(("rue",)).blocks[2:-1], composer.urgence(("violences",)).blocks[2:-1]):
        assert set(text) <= set(answer.blocks)


# -- SMS


def test_the_sms_of_every_plain_answer_fits(composer: Composer) -> None:
    for answer in plain_answers(composer).values():
        assert_fits_in_two_sms(answer)


def test_the_sms_of_every_rubrique_fits(composer: Composer, knowledge: Knowledge) -> None:
    for fiche in knowledge.fiches:
        for rubrique in RUBRIQUES:
            assert_fits_in_two_sms(composer.fiche(fiche, rubrique))


def test_the_sms_of_a_subject_without_fiche_fits(composer: Composer, knowledge: Knowledge) -> None:
    composer.knowledge = replace(knowledge, fiches={})
    for subject in knowledge.taxonomy.subjects:
        assert_fits_in_two_sms(composer.fiche(subject, "apercu"))


def test_the_sms_of_every_danger_fits(composer: Composer, knowledge: Knowledge) -> None:
    for count in (1, 2, 3):
        for dangers in permutations(knowledge.emergencies.dangers, count):
            assert_fits_in_two_sms(composer.urgence(dangers))


def test_the_sms_of_a_question_between_the_longest_titles_fits(
    composer: Composer, knowledge: Knowledge
) -> None:
    longest = sorted(knowledge.taxonomy.subjects, key=lambda subject: -len(composer._title(subject)))[:3]
    assert_fits_in_two_sms(composer.compose(Directive("clarification", fiches=tuple(longest)), ""))


def test_the_sms_of_places_fits_for_the_longest_names(composer: Composer, knowledge: Knowledge) -> None:
    for commune in sorted({lieu.commune for lieu in knowledge.lieux}, key=len)[-30:]:
        assert_fits_in_two_sms(composer.places(commune))


def test_the_sms_of_a_doubtful_answer_fits(composer: Composer, knowledge: Knowledge) -> None:
    for fiche in knowledge.fiches:
        for rubrique in RUBRIQUES:
            assert_fits_in_two_sms(
                composer.compose(Directive("fiche_doute", fiche=fiche, rubrique=rubrique), "")
            )


def test_the_sms_of_a_fiche_past_its_review_fits(knowledge: Knowledge, settings: Settings) -> None:
    late = max(fiche.a_revoir_le for fiche in knowledge.fiches.values())
    composer = Composer(knowledge, settings, lambda: late)
    for fiche in knowledge.fiches:
        for rubrique in RUBRIQUES:
            assert_fits_in_two_sms(composer.fiche(fiche, rubrique))


def test_the_sms_that_sums_up_a_long_request_fits(composer: Composer) -> None:
    details = DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "Mon dossier est bloqué. " * 20)
    assert_fits_in_two_sms(composer.demande_question("confirmer", details))


# -- what is said


def test_nothing_is_left_to_fill(composer: Composer) -> None:
    for name, answer in plain_answers(composer).items():
        assert not re.search(r"[{}]", words_of(answer) + answer.sms), name


def test_the_retention_in_force_is_said(knowledge: Knowledge, settings: Settings) -> None:
    composer = Composer(knowledge, settings.copy(update={"retention_days": 17}))
    for answer in (composer.welcome(), composer.privacy()):
        assert "17 jours" in words_of(answer)
        assert "17 jours" in answer.sms


def test_the_welcome_says_that_it_is_a_machine(composer: Composer) -> None:
    assert "pas une personne" in words_of(composer.welcome())
    assert "automatique" in composer.welcome().sms


def test_the_publisher_is_named_when_known(knowledge: Knowledge, settings: Settings) -> None:
    assert "non renseigné" in words_of(Composer(knowledge, settings).publisher())
    named = Composer(knowledge, settings.copy(update={"editeur": "Commune d'essai"}))
    assert "Commune d'essai" in words_of(named.publisher())


def before_fiche(knowledge: Knowledge, fiche: str) -> Knowledge:
    """Return the knowledge before a fiche was written."""
    written = {key: value for key, value in knowledge.fiches.items() if key != fiche}
    return replace(knowledge, fiches=written)


def test_a_subject_without_fiche_is_not_guessed_and_says_who_knows(
    composer: Composer, knowledge: Knowledge
) -> None:
    subject = knowledge.taxonomy.subjects["retraite"]
    composer.knowledge = before_fiche(knowledge, "retraite")
    answer = composer.fiche(subject.id, "montant")
    assert (answer.type, answer.fiche, answer.fiches) == (AnswerType.HORS_SUJET, None, (subject.id,))
    assert subject.titre in words_of(answer)
    assert subject.organisme in words_of(answer)
    assert answer.places


def test_a_fiche_past_its_review_says_so_first(knowledge: Knowledge, settings: Settings) -> None:
    review = knowledge.fiches["rsa"].a_revoir_le
    day_before = date.fromordinal(review.toordinal() - 1)
    late = Composer(knowledge, settings, lambda: review).fiche("rsa", "apercu")
    before = Composer(knowledge, settings, lambda: day_before).fiche("rsa", "apercu")
    assert late.blocks[0].kind is BlockKind.WARNING
    assert "devaient être revues" in late.blocks[0].items[0]
    assert "devaient être revues" not in words_of(before)
    assert "A vérifier avec une personne" in late.sms


def test_a_doubtful_answer_says_its_doubt_first_and_offers_the_others(composer: Composer) -> None:
    answer = composer.compose(
        Directive("fiche_doute", fiche="rsa", rubrique="montant", fiches=("apl", "css")), ""
    )
    assert answer.blocks[0].items[0].startswith("Si j'ai bien compris")
    assert (answer.type, answer.fiche, answer.fiches) == (AnswerType.FICHE, "rsa", ("rsa", "apl", "css"))
    values = [choice.value for choice in answer.choices]
    assert values[-3:] == ["fiche:apl:montant", "fiche:css:montant", "personne"]


def test_said_again_is_the_same_answer(composer: Composer) -> None:
    again = composer.compose(Directive("repeter", fiche="rsa", rubrique="montant"), "")
    assert again == composer.fiche("rsa", "montant")


def test_two_rubriques_asked_are_two_answers_in_their_order(composer: Composer) -> None:
    directive = Directive("fiche", fiche="rsa", rubrique="pieces", also="montant")
    assert composer.answers(directive, "") == (
        composer.fiche("rsa", "pieces"),
        composer.fiche("rsa", "montant"),
    )
    assert len(composer.answers(Directive("fiche", fiche="rsa", rubrique="pieces"), "")) == 1


def test_what_asking_for_another_takes_is_said_first_and_once(composer: Composer) -> None:
    directive = Directive("fiche", fiche="rsa", rubrique="pieces", also="montant")
    first, second = composer.answers(directive, "c'est pour ma mère")
    assert "pour quelqu'un d'autre" in first.blocks[0].items[0]
    assert first.blocks[1:] == composer.fiche("rsa", "pieces").blocks
    assert first.sms == composer.fiche("rsa", "pieces").sms
    assert second == composer.fiche("rsa", "montant")


def test_asking_for_another_changes_no_answer_that_is_not_of_a_fiche(composer: Composer) -> None:
    for kind in ("saluer", "incompris", "rien_en_cours", "demander_personne"):
        assert composer.compose(Directive(kind), "c'est pour ma mère") == composer.compose(
            Directive(kind), ""
        )


def test_a_danger_perhaps_told_gets_its_two_first_numbers(composer: Composer, knowledge: Knowledge) -> None:
    for danger, numbers in knowledge.emergencies.dangers.items():
        warned = composer.perhaps_danger(danger)
        assert (warned.type, warned.fiche, warned.choices) == (AnswerType.URGENCE, None, ())
        assert warned.blocks[0].kind is BlockKind.WARNING
        called = [number for number in numbers if not knowledge.emergencies.numeros[number].sms][:2]
        assert called
        for number in called:
            assert number in warned.blocks[0].items[0]
            assert number in warned.sms
        assert count_septets(warned.sms) <= 160


def test_simpler_words_are_the_short_text(composer: Composer) -> None:
    plain = composer.fiche("rsa", "montant")
    simple = composer.compose(Directive("simplifier", fiche="rsa", rubrique="montant"), "")
    assert words_of(simple) == plain.sms
    assert simple.choices == plain.choices


def test_simpler_words_about_the_whole_are_the_simple_version(composer: Composer) -> None:
    fiche = composer.knowledge.fiches["rsa"]
    simple = Simple(phrases=["Un.", "Deux.", "Trois."], sms="Un. Deux. Trois.", sources=[fiche.sources[0].id])
    fiches = {**composer.knowledge.fiches, "rsa": fiche.copy(update={"simple": simple})}
    composer.knowledge = replace(composer.knowledge, fiches=fiches)
    answer = composer.compose(Directive("simplifier", fiche="rsa"), "")
    assert [block.items[0] for block in answer.blocks] == ["Un.", "Deux.", "Trois."]
    assert (answer.sms, answer.fiche, answer.rubrique) == ("Un. Deux. Trois.", "rsa", "apercu")
    assert [source.title for source in answer.sources] == [fiche.sources[0].titre]
    assert answer.choices == composer.fiche("rsa", "apercu").choices


def test_a_clarification_offers_its_choices_for_the_rubrique_asked(composer: Composer) -> None:
    answer = composer.compose(Directive("clarification", fiches=("apl", "rsa"), rubrique="montant"), "")
    assert [choice.value for choice in answer.choices] == [
        "fiche:apl:montant",
        "fiche:rsa:montant",
        "personne",
    ]
    assert answer.fiches == ("apl", "rsa")


def test_a_place_is_sought_in_the_words_of_the_person(composer: Composer) -> None:
    found = composer.compose(Directive("chercher_lieu"), "où aller près de Gaël ?")
    assert found.type is AnswerType.LIEU
    assert found.places
    asked = composer.compose(Directive("chercher_lieu"), "où aller ?")
    assert asked.places == ()
    assert "commune" in words_of(asked)


def test_the_way_to_a_person_names_the_places_of_the_territory(composer: Composer) -> None:
    answer = composer.person()
    assert answer.type is AnswerType.ESCALADE
    assert "Saint-Méen-le-Grand" in answer.places[0].address
    assert answer.choices == (labels.WRITE_HERE, labels.CALL_ME, labels.MEETING, labels.PLACES)


def test_the_estimate_offers_the_main_rights(composer: Composer, knowledge: Knowledge) -> None:
    answer = composer.estimate()
    assert answer.type is AnswerType.ESTIMATION
    assert set(answer.fiches) <= set(knowledge.fiches)


def test_a_request_is_summed_up_before_it_is_sent(composer: Composer) -> None:
    words = words_of(composer.demande_question("confirmer", CALL))
    for part in ("06 12 34 56 78", "Mme Essai", "Mon dossier est bloqué"):
        assert part in words
    assert "répondre ici" in words_of(composer.demande_question("confirmer", BACK))


def test_the_words_of_a_request_are_never_read_as_a_text_of_ours(composer: Composer) -> None:
    details = DemandeDetails("retour", mots="{lieu} {inconnu} {jours}")
    assert "{lieu} {inconnu} {jours}" in words_of(composer.demande_question("confirmer", details))


def test_a_request_recorded_gives_its_reference_and_code(composer: Composer) -> None:
    for details in (CALL, BACK):
        answer = composer.demande_recorded(TICKET, details)
        assert answer.reference == "BC-2345"
        for text in (words_of(answer), answer.sms):
            assert "BC-2345" in text
            assert "BCDF2345" in text


def test_what_was_masked_is_named(composer: Composer) -> None:
    words = words_of(composer.masked(("iban", "nir")))
    assert "un IBAN (numéro de compte) et un numéro de sécurité sociale" in words


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("personne", "Parler à une personne"),
        ("fiche:rsa:montant", "Revenu de solidarité active (RSA) : Combien ?"),
        ("fiche:fsl", "Fonds de solidarité logement (FSL)"),
    ],
)
def test_a_choice_has_words_for_the_transcript(composer: Composer, value: str, label: str) -> None:
    assert composer.label_of(value) == label


def test_who_speaks_another_language_is_told_in_another_language(composer: Composer) -> None:
    answer = composer.compose(Directive("autre_langue"), "")
    assert [block.lang for block in answer.blocks[:2]] == [None, "en"]
    assert "I answer in French only" in words_of(answer)


def test_the_day_is_asked_each_time(knowledge: Knowledge, settings: Settings) -> None:
    day = [date(2026, 11, 23)]
    composer = Composer(knowledge, settings, today=lambda: day[0])
    before = composer.fiche("rsa", "montant")
    day[0] = date(2040, 1, 1)
    assert composer.fiche("rsa", "montant") != before
