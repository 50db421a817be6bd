"""Phone numbers are found as people write them; what only looks like one is left alone."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.phones import find_phones

MINE = "0639980001"
NBSP, NARROW = "\u00a0", "\u202f"


def values(text: str) -> list[str]:
    return [found.value for found in find_phones(text)]


def left(text: str) -> str:
    """Return what is left of a text without its phone numbers."""
    for found in reversed(list(find_phones(text))):
        text = text[: found.start] + text[found.end :]
    return text


@pytest.mark.parametrize(
    "written",
    [
        "06 39 98 00 01",
        "06.39.98.00.01",
        "06-39-98-00-01",
        "06/39/98/00/01",
        "06 - 39 - 98 - 00 - 01",
        "0639980001",
        f"06{NBSP}39{NARROW}98{NBSP}00{NBSP}01",
        "0639 98 00 01",
        "06 399 800 01",
        "0 639 980 001",
        "+33639980001",
        "+33 6 39 98 00 01",
        "+33 (0)6 39 98 00 01",
        "+33(0)639980001",
        "(+33) 6 39 98 00 01",
        "+ 33 6 39 98 00 01",
        "0033639980001",
        "0033 6 39 98 00 01",
        "00 33 (0)6 39 98 00 01",
        "33 6 39 98 00 01",
        "33639980001",
        "٠٦٣٩٩٨٠٠٠١",
        "tel0639980001",
        "TEL0639980001",
    ],
)
@pytest.mark.parametrize("around", ["{}", "appelez au {} svp", "dossier bloqué, tel : {}."])
def test_a_french_number_is_found_as_people_write_it(written: str, around: str) -> None:
    text = around.format(written)
    assert values(text) == [MINE]
    assert not any(sign.isdigit() for sign in left(text))


national = st.builds(
    lambda first, digits: f"0{first}{digits}",
    st.sampled_from("12345679"),
    st.text("0123456789", min_size=8, max_size=8),
)


@given(national, st.sampled_from(["", " ", ".", "-", "/", NBSP, NARROW]))
def test_any_french_number_is_found_by_twos(number: str, separator: str) -> None:
    written = separator.join(number[i : i + 2] for i in range(0, 10, 2))
    assert values(f"rappelez moi au {written} svp") == [number]


@pytest.mark.parametrize("region", ["BE", "GB", "MA", "DZ", "PT", "RE", "GP", "RO", "SN"])
@pytest.mark.parametrize("prefix", ["+", "00"])
def test_a_number_of_another_country_is_found_with_its_prefix(region: str, prefix: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    value = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert values(f"au {written.replace('+', prefix)} svp") == [value]


def test_two_numbers_side_by_side_are_two() -> None:
    assert values("06 39 98 00 01 06 39 98 00 02") == ["0639980001", "0639980002"]
    assert values("06 39 98 00 01\n06 39 98 00 02") == ["0639980001", "0639980002"]


@pytest.mark.parametrize(
    "text",
    [
        "le 15, le 17, le 18, le 112, le 114, le 115 et le 119",
        "3919, 39 19, 3114, 3939, 36 46, 3646, 32 30",
        "c'est quoi le 0 820 12 34 56",
        "08 92 12 34 56",
        "+33 800 12 34 56",
        "je touche 651,69 € et je paie 1 200,50 €",
        "né le 01/02/1980, à 14h30",
        "le 01/02/2024 10h30",
        "le 06 07 2024 08",
        "le 2024-01-02",
        "01000, 06000 06100 et 35290",
        "SIRET 732 829 320 00074",
        "SIRET 73282932000074",
        "SIREN 732 829 320",
        "Cerfa 15481*01",
        "numéro d'allocataire 1234567",
        "mon dossier 0123456789",
        "mon numéro de dossier est le 0123456789",
        "référence : 0123456789",
        "carte de séjour 0123456789",
        "tel du dossier 0123456789",
        "AB0123456789",
        "0123456789A",
        "FR76 3000 6000 0112 3456 7890 188",
        "1 85 05 78 006 084 92",
        "0000000000",
        "30 12 345 678 901",
        "061234567",
        "06123456789",
        "+1 200 50",
        "de 00 10 20 30 40 50 à 60",
    ],
)
def test_what_is_no_phone_number_is_left_alone(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("written", ["06 39 98 00 01", "0639980001", "06.39.98.00.01"])
def test_a_number_beside_a_postal_code_is_found(written: str) -> None:
    assert left(f"35290 {written} 2 fois") == "35290  2 fois"


def test_the_nearest_name_says_what_a_number_is() -> None:
    assert values("mon dossier est bloqué, rappelez au 0639980001") == [MINE]
    assert values("je vous appelle pour le dossier 0639980001") == []


def test_digits_spelled_in_words_are_out_of_reach() -> None:
    assert values("zéro six trente-neuf quatre-vingt-dix-huit zéro zéro zéro un") == []
