"""What identifies somebody is masked before it is stored; what people need to say is left as they wrote it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.masking import (
    CONTACTS,
    MASKS,
    PHONE,
    contacts_in,
    is_only_masks,
    mask_identifiers,
    without_masks,
)

MINE, OTHER = "06 39 98 00 01", "+33639980002"
EVERYTHING = (
    "iban FR7630006000011234567890189, nir 185057800608491, carte 4111 1111 1111 1111, tel 06 39 98 00 01, "
    "mail moi@exemple.fr"
)
ALL_MASKED = "iban {iban}, nir {nir}, carte {carte}, tel {telephone}, mail {courriel}".format(**MASKS)


def test_every_kind_of_a_message_is_masked_and_named() -> None:
    masked = mask_identifiers(EVERYTHING)
    assert masked.text == ALL_MASKED
    assert masked.kinds == tuple(MASKS)


def test_digits_before_an_at_sign_are_an_address_and_not_a_phone_number() -> None:
    masked = mask_identifiers("0639980001@exemple.fr")
    assert (masked.text, masked.kinds) == (MASKS["courriel"], ("courriel",))


@pytest.mark.parametrize("written", ["02 96 60 47 87", "0296604787", "+33 2 96 60 47 87"])
def test_a_public_number_stays_readable_however_it_is_written(written: str) -> None:
    text = f"c'est quoi le {written} ?"
    assert mask_identifiers(text, public=contacts_in("02 96 60 47 87")).text == text


def test_a_public_address_stays_readable_and_another_beside_it_is_masked() -> None:
    masked = mask_identifiers("Mairie@Exemple.fr ou moi@exemple.fr", public=contacts_in("mairie@exemple.fr"))
    assert masked.text == f"Mairie@Exemple.fr ou {MASKS['courriel']}"


def test_what_is_asked_for_is_kept_and_nothing_else() -> None:
    assert mask_identifiers(EVERYTHING, asked=CONTACTS).kinds == ("iban", "nir", "carte")
    kept = mask_identifiers(f"{MINE} ou moi@exemple.fr", asked=[PHONE])
    assert kept.text == f"{MINE} ou {MASKS['courriel']}"


def test_an_identifier_nobody_needs_is_masked_even_where_somebody_asks_for_it() -> None:
    assert mask_identifiers("185057800608491", asked=["nir", "iban", "carte"]).text == MASKS["nir"]


def test_the_words_of_a_mask_are_not_those_of_the_person() -> None:
    assert without_masks(f"combien pour le rsa {MASKS['nir']} ?") == "combien pour le rsa ?"
    assert without_masks(ALL_MASKED) == "iban, nir, carte, tel, mail"
    assert without_masks("un [texte] à moi") == "un [texte] à moi"


@pytest.mark.parametrize(
    ("text", "is_alone"),
    [
        (MINE, True),
        ("Bonjour, voici mon numéro : 06 39 98 00 01 merci", True),
        ("rappelez-moi au 06 39 98 00 01 svp", True),
        ("mon mail c'est moi@exemple.fr", True),
        ("06 39 98 00 01 combien pour le rsa", False),
        ("c'est qui ce numéro 06 39 98 00 01", False),
        ("mon numéro", False),
        ("", False),
    ],
)
def test_a_message_that_says_nothing_but_a_number_is_told_apart(text: str, is_alone: bool) -> None:
    assert is_only_masks(mask_identifiers(text).text) is is_alone


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_identifiers(text).text
    assert mask_identifiers(once).text == once


@given(st.text(st.characters(exclude_categories=["Nd", "Nl", "No"], exclude_characters="@")))
def test_a_text_without_any_digit_nor_at_sign_is_left_alone(text: str) -> None:
    masked = mask_identifiers(text)
    assert masked.text == text or "courriel" in masked.kinds  # "arobase" in letters


def mask_and_read(text: str) -> bool:
    """Do all that a message goes through before it is stored."""
    return is_only_masks(mask_identifiers(text).text)


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
        "1",
        "12 ",
        "FR76",
        "a",
        "F R 7 6 ",
        "1.2-3 ",
        "2A",
        "٣",
        " ",
        "-",
        "FR76 3000 ",
        "4111 1111 1111 1112 ",
        "06 ",
        "06 12 34 56 7",
        "0612345678 ",
        "00 33 6 ",
        "+33 ",
        "+(0)",
        "(0)",
        "+44 7911 123456 ",
        "1 85 05 78 006 084 ",
        "tel 0612345678 ",
        "@",
        "a@",
        "a@b.",
        "a@b.fr",
        "a.",
        "a @ ",
        "(at)",
        "arobase ",
        "a point ",
        "x arobase y point ",
        "[IBAN masqué] ",
    ],
)
def test_no_message_makes_masking_slow(piece: str) -> None:
    size = 800
    short, long = piece * (size // len(piece)), piece * (4 * size // len(piece))
    assert len(long) > 2000  # longer than a message may be
    # Four times the text takes about four times the time; a quadratic pattern would take sixteen.
    assert cpu_seconds(lambda: mask_and_read(long)) < 9 * cpu_seconds(lambda: mask_and_read(short)) + 0.25


def test_random_keyboard_mashing_is_read_fast() -> None:
    source = random.Random(7)
    text = "".join(source.choice("0123456789 FRab-.") for _ in range(2000))
    half = cpu_seconds(lambda: mask_identifiers(text[:1000]))
    assert cpu_seconds(lambda: mask_identifiers(text)) < 5 * half + 0.25
