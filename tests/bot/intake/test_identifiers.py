"""NIR, IBAN and cards are found by their own controls; numbers that people need are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.fr import nir

from bot.intake.masking import mask_identifiers

NIR = "[numéro de sécurité sociale masqué]"
IBAN = "[IBAN masqué]"
CARD = "[numéro de carte masqué]"

nirs = st.builds(
    lambda sex, year, month, department, rest: f"{sex}{year:02d}{month:02d}{department}{rest:06d}",
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.one_of(st.integers(1, 95).map("{:02d}".format), st.sampled_from(["2A", "2B", "2a", "2b", "99"])),
    st.integers(1000, 999999),
).map(lambda number: number + nir.calc_check_digits(number.upper()))
french_ibans = st.text("0123456789", min_size=23, max_size=23).map(
    lambda account: "FR" + iban.calc_check_digits("FR00" + account) + account
)
cards = st.text("0123456789", min_size=14, max_size=14).map(
    lambda digits: "4" + digits + luhn.calc_check_digit("4" + digits)
)


def spaced(number: str, sizes: tuple[int, ...], separator: str) -> str:
    """Return the number written in groups."""
    groups, start = [], 0
    for size in sizes:
        groups.append(number[start : start + size])
        start += size
    return separator.join(group for group in (*groups, number[start:]) if group)


@given(nirs, st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"]))
def test_a_nir_with_its_key_is_masked_corsica_included(number: str, separator: str) -> None:
    written = spaced(number, (1, 2, 2, 2, 3, 3), separator)
    masked = mask_identifiers(f"mon numéro est {written}, merci")
    assert masked.text == f"mon numéro est {NIR}, merci"
    assert masked.kinds == ("nir",)


@given(nirs)
def test_a_number_whose_key_is_not_that_of_a_nir_is_no_nir(number: str) -> None:
    wrong_key = f"{(int(number[-2:]) + 1) % 97:02d}"
    assert "nir" not in mask_identifiers(f"dossier {number[:-2]}{wrong_key}").kinds


@given(french_ibans, st.sampled_from(["", " ", "-", "\u00a0"]), st.booleans())
def test_an_iban_is_masked_however_it_is_written(number: str, separator: str, is_lower: bool) -> None:
    written = spaced(number, (4, 4, 4, 4, 4, 4), separator)
    masked = mask_identifiers(f"RIB : {written.lower() if is_lower else written} pour le loyer")
    assert masked.text == f"RIB : {IBAN} pour le loyer"
    assert masked.kinds == ("iban",)


@pytest.mark.parametrize(
    "number", ["BE71 0961 2345 6769", "DE89 3704 0044 0532 0130 00", "ES91 2100 0418 4502 0005 1332"]
)
def test_an_iban_of_another_country_is_masked(number: str) -> None:
    assert mask_identifiers(number).text == IBAN


@given(cards, st.sampled_from(["", " ", "-", "."]))
def test_a_bank_card_is_masked(number: str, separator: str) -> None:
    written = spaced(number, (4, 4, 4), separator)
    masked = mask_identifiers(f"carte {written} ok")
    assert masked.text == f"carte {CARD} ok"
    assert masked.kinds == ("carte",)


@pytest.mark.parametrize("length", [13, 15, 16, 18, 19])
def test_a_card_of_any_length_in_use_is_masked(length: int) -> None:
    digits = "6304" + "1357902468024680"[: length - 5]
    assert mask_identifiers(digits + luhn.calc_check_digit(digits)).text == CARD


def test_every_identifier_of_a_message_is_masked_and_told() -> None:
    masked = mask_identifiers(
        "nir 185057800608491, encore 1 85 05 78 006 084 91 ; iban FR7630006000011234567890189 ; 4111 1111 1111 1111."
    )
    assert masked.text == f"nir {NIR}, encore {NIR} ; iban {IBAN} ; {CARD}."
    assert masked.kinds == ("iban", "nir", "carte")


@given(st.integers(1, 12).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_a_case_number_of_up_to_twelve_digits_is_left_alone(number: str) -> None:
    text = f"mon dossier n° {number} est bloqué"
    assert mask_identifiers(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "le 01/04/2026 à 14h30, 35290 Saint-Méen-le-Grand",
        "numéro d'allocataire 1234567",
        "Cerfa 15481*01",
        "je touche 651,69 € et je paie 1 200,50 €",
        "0000000000000000",
        "32 30",
    ],
)
def test_what_people_need_to_say_is_left_alone(text: str) -> None:
    masked = mask_identifiers(text)
    assert (masked.text, masked.kinds) == (text, ())


def test_the_siret_of_a_firm_is_left_alone() -> None:
    text = "mon employeur a le SIRET 732 829 320 00074"
    assert mask_identifiers(text).text == text


@given(nirs, st.sampled_from([" ", ".", "-", "\u00a0", "\u202f"]))
def test_a_nir_without_its_key_is_masked_where_it_is_written_in_its_groups(
    number: str, separator: str
) -> None:
    written = spaced(number[:13], (1, 2, 2, 2, 3), separator)
    masked = mask_identifiers(f"mon numéro est {written}, merci")
    assert (masked.text, masked.kinds) == (f"mon numéro est {NIR}, merci", ("nir",))


@pytest.mark.parametrize(
    "text", ["mon numéro de sécu : {}", "numéro de sécurité sociale {}", "{} c'est sur ma carte vitale"]
)
def test_thirteen_digits_in_one_piece_are_a_nir_where_the_words_beside_say_so(text: str) -> None:
    assert mask_identifiers(text.format("1850578006084")).text == text.format(NIR)


@pytest.mark.parametrize(
    "text",
    [
        "mon dossier 1850578006084 est bloqué",
        "numéro fiscal 1850578006084, et la sécu ?",
        "numéro de sécu 1851378006084",  # there is no thirteenth month
        "1 85 05 78 006 084 92",  # a wrong key: a mistake, or another number
    ],
)
def test_thirteen_digits_that_may_be_something_else_are_left_alone(text: str) -> None:
    assert mask_identifiers(text).text == text
