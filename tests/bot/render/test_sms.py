"""An Answer as SMS: two segments at most, what is asked for by SUITE, menus, and who speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import labels
from bot.answers.compose import Composer
from bot.knowledge.fiche import RUBRIQUES
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, paragraph
from bot.render.gsm import count_segments, to_gsm
from bot.render.sms import MAX_MENU, SmsPage, Wording, fits, menu_text, sms_pages

WORDING = Wording(
    presentation="Assistant automatique (une personne : PERSONNE). Messages gardés 30 jours.",
    person="Une personne : PERSONNE.",
    more="Plus : SUITE.",
)
MENU = (
    Choice("Comment faire ?", "fiche:rsa:demarche"),
    Choice("Combien ?", "fiche:rsa:montant"),
    Choice("Quels papiers ?", "fiche:rsa:pieces"),
    Choice("Qui contacter ?", "fiche:rsa:contact"),
)
NUMBER = "02 99 09 44 56"


def answer(sms: str, kind: AnswerType = AnswerType.ACCUEIL, **changes: object) -> Answer:
    return replace(Answer(kind, (paragraph(sms),), sms), **changes)


def sentences(count: int) -> str:
    return " ".join(f"Voici la phrase numéro {rank} de ce long texte." for rank in range(1, count + 1))


def words_without_marks(pages: tuple[SmsPage, ...], wording: Wording = WORDING) -> list[str]:
    """Return the words of the pages, without what stands around the text nor the dots where it is cut."""
    text = "\n".join(page.text for page in pages)
    for mark in (wording.presentation, wording.person, wording.more, *(menu_text(p.menu) for p in pages)):
        text = text.replace(mark, " ") if mark else text
    return text.replace("...", "").split()


def words_of(text: str) -> list[str]:
    """Return the words of a text as an SMS writes them."""
    return to_gsm(text).replace("...", "").split()


# -- one SMS


def test_a_short_answer_is_one_sms_that_names_the_way_to_a_person() -> None:
    assert sms_pages(answer("Bonjour."), WORDING) == (SmsPage("Bonjour.\nUne personne : PERSONNE."),)


def test_the_way_to_a_person_is_not_said_twice() -> None:
    (page,) = sms_pages(answer("Bonjour. Ecrivez PERSONNE."), WORDING)
    assert page.text == "Bonjour. Ecrivez PERSONNE."


def test_what_the_alphabet_lacks_is_replaced() -> None:
    (page,) = sms_pages(answer("Ça coûte 3 €, c’est bientôt. PERSONNE"), WORDING)
    assert page.text == to_gsm("Ça coûte 3 €, c’est bientôt. PERSONNE")


# -- who speaks


def test_the_first_sms_says_first_who_speaks() -> None:
    first, later = (sms_pages(answer("Bonjour."), WORDING, is_first=first)[0].text for first in (True, False))
    assert first.startswith(f"{WORDING.presentation} Bonjour.")
    assert WORDING.presentation not in later


def test_nothing_stands_before_the_numbers_of_a_danger() -> None:
    (page,) = sms_pages(answer("Danger : appelez le 15.", AnswerType.URGENCE), WORDING, is_first=True)
    assert page.text.startswith("Danger : appelez le 15.")
    assert "automatique" not in page.text


@pytest.mark.parametrize("text", ["Я робот, відповідаю лише французькою.", "أنا روبوت"])
def test_nothing_stands_before_another_script(text: str) -> None:
    (page, *_) = sms_pages(answer(text, AnswerType.HORS_SUJET), WORDING, is_first=True)
    assert page.text.startswith(text)
    assert fits(page.text)


# -- menus


def test_a_menu_holds_three_fiche_choices_and_no_other() -> None:
    (page,) = sms_pages(answer("Et ?", choices=(labels.PERSON, *MENU, labels.PLACES)), WORDING)
    assert page.menu == MENU[:MAX_MENU]
    assert "Répondez 1 Comment faire, 2 Combien, 3 Quels papiers." in page.text


def test_choices_that_are_words_are_not_numbered() -> None:
    (page,) = sms_pages(answer("Et ?", choices=(labels.CALL_ME, labels.PERSON, labels.PLACES)), WORDING)
    assert page.menu == ()
    assert "Répondez" not in page.text


def test_with_little_room_the_menu_is_shorter_rather_than_absent() -> None:
    text = ("a" * 49 + " ") * 5 + "b" * 14
    (page,) = sms_pages(answer(text, choices=MENU), WORDING)
    assert page.menu == MENU[:2]
    assert fits(page.text)


def test_a_menu_without_room_comes_when_more_is_asked_for() -> None:
    long = answer(sentences(9), choices=MENU)
    pages = sms_pages(long, WORDING)
    assert [page.menu for page in pages[:-1]] == [()] * (len(pages) - 1)
    assert pages[-1].menu == MENU[:MAX_MENU]
    assert pages[-1].text.endswith(menu_text(MENU[:MAX_MENU]))


def test_the_label_of_a_choice_is_cut_after_a_word() -> None:
    long = Choice("Allocation de solidarité aux personnes âgées et à leurs proches", "fiche:aspa")
    shown = menu_text((long, MENU[1]))
    assert shown == "Répondez 1 Allocation de solidarité aux personnes agées et..., 2 Combien."


def test_no_menu_has_no_words() -> None:
    assert menu_text(()) == ""


# -- what SUITE gives


def test_a_long_answer_is_cut_between_sentences_and_every_page_but_the_last_says_there_is_more() -> None:
    pages = sms_pages(answer(sentences(20)), WORDING)
    assert len(pages) > 2
    assert all(page.text.endswith("Plus : SUITE.") for page in pages[:-1])
    assert "SUITE" not in pages[-1].text
    for page in pages:
        assert page.text.removesuffix("\nPlus : SUITE.").endswith("de ce long texte.")


def test_a_fiche_gives_its_detail_after_its_heart_and_never_its_heart_twice() -> None:
    blocks = (
        paragraph("Le coeur."),
        Block(BlockKind.STEPS, ("Écrire", "Envoyer"), "À faire :"),
        Block(BlockKind.WARNING, ("Date limite.",)),
        Block(BlockKind.LIST, ("Une pièce",)),
    )
    heart, detail = sms_pages(Answer(AnswerType.FICHE, blocks, "Le coeur."), WORDING)
    assert heart.text.startswith("Le coeur.\n")
    assert detail.text.split("\n") == [
        "A faire :",
        "1. Écrire",
        "2. Envoyer",
        "Attention : Date limite.",
        "- Une pièce",
    ]


def test_sentences_about_buttons_are_left_out() -> None:
    blocks = (paragraph("Touchez un choix."), paragraph("Le détail."))
    fiche = Answer(AnswerType.FICHE, blocks, "Le coeur.")
    pages = sms_pages(fiche, replace(WORDING, screen_only=frozenset({"Touchez un choix."})))
    assert [page.text for page in pages[1:]] == ["Le détail."]


def test_an_answer_that_is_a_word_to_send_has_no_detail() -> None:
    escalade = Answer(AnswerType.ESCALADE, (paragraph("Tout autre chose."),), "Répondez RAPPEL. PERSONNE")
    assert len(sms_pages(escalade, WORDING)) == 1


# -- numbers


@pytest.mark.parametrize("before", range(20))
def test_a_phone_number_is_never_cut(before: int) -> None:
    words = "mot " * (55 + before)
    pages = sms_pages(answer(f"{words}appelez le {NUMBER} " + "mot " * 80), WORDING, is_first=True)
    assert sum(NUMBER in page.text for page in pages) == 1
    assert all(fits(page.text) for page in pages)


def test_a_phone_number_in_the_detail_is_never_cut() -> None:
    for before in range(60, 80):
        block = paragraph("mot " * before + f"appelez le {NUMBER} " + "mot " * 80)
        pages = sms_pages(Answer(AnswerType.FICHE, (block,), "Le coeur."), WORDING)
        assert sum(NUMBER in page.text for page in pages) == 1


# -- whatever is said

WORD = st.one_of(
    st.text("abcdeéèàêçoûïœEÀÉ'’-", min_size=1, max_size=14),
    st.sampled_from(["12", "651,69 €", "32 30", NUMBER, "n° 5", "(CAF)", "«", "»", "[a]"]),
)
SENTENCE = st.builds(
    lambda words, end: " ".join(words) + end, st.lists(WORD, min_size=1, max_size=70), st.sampled_from(".!?…")
)
TEXT = st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join)
SHOWN = st.lists(st.sampled_from([*MENU, labels.PERSON, labels.PLACES]), max_size=5, unique=True).map(tuple)


@given(TEXT, SHOWN, st.booleans(), st.sampled_from([AnswerType.ACCUEIL, AnswerType.URGENCE]))
def test_no_word_of_a_text_is_lost_and_every_page_fits(
    text: str, shown: tuple[Choice, ...], is_first: bool, kind: AnswerType
) -> None:
    pages = sms_pages(answer(text, kind, choices=shown), WORDING, is_first=is_first)
    assert all(count_segments(page.text) <= 2 for page in pages)
    assert words_without_marks(pages) == words_of(text)


@given(TEXT, st.lists(TEXT, max_size=3), SHOWN, st.booleans())
def test_no_word_of_a_detail_is_lost_and_every_page_fits(
    heart: str, details: list[str], shown: tuple[Choice, ...], is_first: bool
) -> None:
    blocks = (Block(BlockKind.TEXT, tuple(details)),) if details else ()
    pages = sms_pages(Answer(AnswerType.FICHE, blocks, heart, choices=shown), WORDING, is_first=is_first)
    assert all(count_segments(page.text) <= 2 for page in pages)
    told = [heart, *(item for item in details if to_gsm(item) != to_gsm(heart))]
    assert words_without_marks(pages) == [word for item in told for word in words_of(item)]
    assert {choice for page in pages for choice in page.menu} <= set(MENU)


@given(st.lists(st.text("абвгдежз", min_size=1, max_size=12), min_size=1, max_size=60).map(" ".join))
def test_another_script_is_cut_to_its_own_shorter_pages(text: str) -> None:
    pages = sms_pages(answer(text, AnswerType.HORS_SUJET), WORDING, is_first=True)
    assert all(count_segments(page.text) <= 2 for page in pages)
    assert words_without_marks(pages) == text.split()


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("fiche", ["rsa", "apl", "violences-conjugales", "aspa", "carte-identite"])
def test_every_rubrique_of_the_real_fiches_fits(composer: Composer, fiche: str, is_first: bool) -> None:
    wording = composer.sms_wording()
    for rubrique in RUBRIQUES:
        pages = sms_pages(composer.fiche(fiche, rubrique), wording, is_first=is_first)
        assert [page.text for page in pages if count_segments(page.text) > 2] == []
        assert pages[0].text.startswith(wording.presentation) is is_first


def test_a_word_that_no_sms_holds_is_cut_rather_than_lost() -> None:
    address = "https://exemple.fr/" + "a" * 700
    answer = Answer(AnswerType.FICHE, (paragraph("Voir."),), f"Voir {address}.")
    pages = sms_pages(answer, WORDING)
    assert all(fits(page.text) for page in pages)
    assert sum(page.text.count("a") for page in pages) >= 700
