"""Reading by ear: what was meant comes out, what needs no change and what means nothing is left alone."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import fold
from bot.language.phonemes import WORD, load_phonemes
from bot.language.spelling import MAX_WORD, Speller, load_abbreviations
from tests.bot.conftest import ROOT

SENTENCES = """
je n'ai plus droit au rsa comment faire
j'ai plus droit au rsa que faire
j'ai plus droit à rien comment faire
je n'ai plus droit à l'aide au logement
est-ce que j'ai droit au rsa
est-ce que j'ai droit à une aide
j'ai perdu ma carte vitale comment faire
j'ai perdu ma carte d'identité que faire
j'ai perdu mes papiers comment faire
je veux refaire ma carte d'identité
je veux refaire ma carte vitale
comment faire une demande de rsa
comment faire une demande d'aide au logement
comment faire pour avoir le rsa
comment faire pour avoir une aide
comment avoir une carte vitale
combien pour le rsa
combien je touche avec le rsa
combien je touche pour mon loyer
combien de temps pour avoir une réponse
quand est-ce que je serai payé
quand est-ce que le rsa est payé
je ne peux plus payer mon loyer
je ne peux plus payer ma facture
j'ai une facture que je ne peux pas payer
mon loyer est trop cher
ma facture est trop chère
je suis au chômage depuis deux mois
je suis au chômage et je veux une aide
je suis seule avec mes enfants
je suis seul avec mon enfant
quels papiers pour la demande
quels papiers pour le rsa
il faut quoi pour la carte d'identité
il faut quoi pour le passeport
je veux un passeport pour mon enfant
où faire un passeport
où faire ma demande
où aller pour ma demande de logement
je cherche un logement pour mes enfants
je cherche un logement pas cher
j'attends une réponse depuis deux mois
depuis deux mois j'attends le rsa
je n'ai pas de réponse à ma demande
je n'ai pas reçu ma carte vitale
je n'ai pas reçu de réponse
j'ai reçu une lettre et je ne comprends pas
je ne comprends pas la lettre
je ne comprends rien à ma demande
qui peut m'aider pour ma demande
qui peut m'aider à payer mon loyer
je veux parler à une personne
je veux parler à quelqu'un
bonjour je veux faire une demande de logement
bonjour comment avoir un rendez-vous
il faut prendre rendez-vous où
je veux prendre rendez-vous pour ma carte
merci beaucoup pour votre aide
merci pour votre réponse
aujourd'hui je n'ai rien reçu
est-ce que je peux avoir une aide aujourd'hui
il fait chaud et mon logement est froid
""".strip().splitlines()
ABBREVIATIONS = {
    "rdv": ["rendez vous"],
    "pr": ["pour"],
    "dmd": ["demande"],
    "rep": ["repondre", "reponse"],
    "jé": ["j ai"],
    "pu": ["plus"],
    "kelke1": ["quelqu un"],
}


def learn(sentences: list[str]) -> Speller:
    speller = Speller(ABBREVIATIONS)
    speller.learn(sentences)
    return speller


SPELLER = learn(SENTENCES)
SEEN_MUCH = learn(SENTENCES * 20)
"""Only of words seen much is it believed that others were run together with them."""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jé pu droi o rsa koman fer", "j ai plus droit au rsa comment faire"),
        ("JÉ PERDU MA KART VITAL !!!", "j ai perdu ma carte vitale"),
        ("g perdu ma kart vital", "j ai perdu ma carte vitale"),
        ("fer un passepor", "faire un passeport"),
        ("lojement pa cher", "logement pas cher"),
        ("il fo koi pour le passpor", "il faut quoi pour le passeport"),
        ("kombyin pour mon loiyé", "combien pour mon loyer"),
        ("depuis deu moi", "depuis deux mois"),
    ],
)
def test_what_was_written_by_ear_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert SPELLER.read(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("depuis deu mwa", "depuis deux mois"), ("une aide pour mwa", "une aide pour moi")],
)
def test_the_words_around_decide_between_words_that_sound_alike(written: str, meant: str) -> None:
    speller = learn([*SENTENCES, *["depuis deux mois", "une aide pour moi"] * 5])
    assert speller.read(written) == meant


@pytest.mark.parametrize("sentence", [text for text in SENTENCES if text != "ma facture est trop chère"])
def test_a_plain_sentence_is_read_as_it_is_written(sentence: str) -> None:
    assert SPELLER.read(sentence) == fold(sentence)


def test_a_word_that_is_known_is_not_replaced_without_reason() -> None:
    # "prix" was never learnt, and "suis", "seule" and "lettre" have neighbours that sound alike.
    for text in ("le prix du passeport", "je suis seule", "une personne seule au chomage"):
        assert SPELLER.read(text) == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jai perdu ma carte", "j ai perdu ma carte"),
        ("jatten une reponse", "j attends une reponse"),
        ("carte didentite", "carte d identite"),
        ("ki peu maider", "qui peut m aider"),
    ],
)
def test_a_word_run_together_with_an_elided_one_is_two(written: str, meant: str) -> None:
    assert SPELLER.read(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("monloyer", "mon loyer"),
        ("pourle rsa", "pour le rsa"),
        ("ledroit", "le droit"),
        ("macarte", "ma carte"),
    ],
)
def test_words_run_together_are_two_when_the_first_is_very_common(written: str, meant: str) -> None:
    assert SEEN_MUCH.read(written) == meant
    rare = written.split(maxsplit=1)[0]
    assert rare in SPELLER.read(written).split()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("je cherche un loge ment", "je cherche un logement"),
        ("pass port", "passeport"),
        ("ou fer ma deman de", "ou faire ma demande"),
    ],
)
def test_a_word_cut_in_the_middle_is_one(written: str, meant: str) -> None:
    assert SPELLER.read(written) == meant


def test_two_words_that_mean_something_each_are_not_put_together() -> None:
    # Seen so often as one, it would be the likelier reading if it were looked for.
    speller = learn([*SENTENCES, *["je veux un passeport"] * 50, *["je passe", "le port"] * 2])
    assert speller.read("je veux un passe port") == "je veux un passe port"
    assert speller.read("je veux un passe porre") == "je veux un passeport"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("rdv pr dmd", "rendez vous pour demande"),
        ("RDV", "rendez vous"),
        ("jé pas de rep a ma dmd", "j ai pas de reponse a ma demande"),
        ("parler a kelke1", "parler a quelqu un"),
    ],
)
def test_an_abbreviation_is_read_as_what_it_means_there(written: str, meant: str) -> None:
    assert SPELLER.read(written) == meant


def test_without_abbreviations_they_are_left_as_written() -> None:
    speller = Speller()
    speller.learn(SENTENCES)
    assert speller.read("dmd rsa") == "dmd rsa"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("j'ai 2 enfants et 450,50 euros", "j ai 2 enfants et 450 50 euros"),
        ("mon numero 0612345678", "mon numero 0612345678"),
        ("2mois", "2mois"),
        ("35290", "35290"),
    ],
)
def test_figures_are_left_as_they_are(written: str, meant: str) -> None:
    assert SPELLER.read(written) == meant


@pytest.mark.parametrize("text", ["xqzvk wplt", "je suis zorglub au chomage", "bzzkt"])
def test_what_means_nothing_is_left_as_written(text: str) -> None:
    assert SPELLER.read(text) == text


@pytest.mark.parametrize("text", ["", "   ", "!!! ???", "🙂"])
def test_a_message_without_a_word_has_an_empty_reading(text: str) -> None:
    assert SPELLER.read(text) == ""


def test_who_learnt_nothing_reads_what_is_written() -> None:
    assert Speller().read("Koman fer ?") == "koman fer"


def test_a_word_seen_once_is_not_proposed() -> None:
    assert learn([*SENTENCES, "un kangourou"]).read("cangourou") == "cangourou"
    assert learn([*SENTENCES, *["un kangourou"] * 2]).read("cangourou") == "kangourou"


def test_a_name_that_no_lexicon_holds_must_be_seen_often() -> None:
    assert learn([*SENTENCES, *["le kéliprax"] * 4]).read("kelliprax") == "kelliprax"
    assert learn([*SENTENCES, *["le kéliprax"] * 5]).read("kelliprax") == "keliprax"


def test_a_frequent_mistake_is_not_learnt_as_a_word() -> None:
    speller = learn([*SENTENCES, *["koman fer", "un rdv"] * 30])
    assert speller.read("koman") == "comment"
    assert speller.read("un rdv") == "un rendez vous"


def test_what_was_learnt_is_kept_when_it_is_stored_and_read_again() -> None:
    again = pickle.loads(pickle.dumps(SPELLER))
    for text in ("jé pu droi o rsa koman fer", "rdv pr dmd", "loge ment", "zorglub", "2mois"):
        assert again.read(text) == SPELLER.read(text)


def test_the_sound_of_a_very_long_word_is_not_looked_for() -> None:
    before = load_phonemes().keys.cache_info().misses
    long = "abcde" * 400
    assert SPELLER.read(long) == long
    assert SPELLER.read(f"{'x' * 9}{long} rsa") == f"xx{long} rsa"
    assert load_phonemes().keys.cache_info().misses == before


def test_the_longest_word_looked_at_is_still_read_and_one_letter_more_is_not() -> None:
    longest = "konplement" + "a" * 2 + "ir" * ((MAX_WORD - 12) // 2) + "e" * (MAX_WORD % 2)
    before = load_phonemes().keys.cache_info().misses
    SPELLER.read("q" + longest)
    assert load_phonemes().keys.cache_info().misses == before
    SPELLER.read(longest)
    assert load_phonemes().keys.cache_info().misses == before + 1


def test_a_long_message_is_read_to_its_end() -> None:
    assert SPELLER.read("koman fer " * 200) == " ".join(["comment faire"] * 200)


words = st.lists(
    st.sampled_from(
        [*"aeoyjlm", "jé", "fer", "koman", "2", "450", "rsa", "bzzkt", "dmd", "loge", "ment", "ça"]
    )
    | st.text("abcdeéèijklmnorstuzç0123456789", min_size=1, max_size=8),
    max_size=8,
)


@given(words)
def test_any_message_is_read_without_losing_a_figure(written: list[str]) -> None:
    text = " ".join(word for word in written if word not in ABBREVIATIONS)
    reading = SPELLER.read(text)
    assert reading == fold(reading)
    assert bool(reading) == bool(text)
    numbers = [
        [word for word in part.split() if any(c.isdigit() for c in word)] for part in (fold(text), reading)
    ]
    assert numbers[0] == numbers[1]


@given(st.text(max_size=60))
def test_whatever_is_written_has_a_reading(text: str) -> None:
    reading = SPELLER.read(text)
    assert bool(reading) == bool(WORD.search(text.lower()))


def test_every_abbreviation_means_words_that_can_be_read() -> None:
    abbreviations = load_abbreviations(ROOT / "data")
    assert len(abbreviations) > 100
    for word, meanings in abbreviations.items():
        assert WORD.fullmatch(word), word
        assert meanings, word
        assert [fold(meaning) for meaning in meanings] == meanings, word
