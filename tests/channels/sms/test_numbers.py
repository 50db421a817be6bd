"""Who wrote, as gateways write it."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from channels.sms.numbers import read_sender

PHONE = "+33639980001"


def example(kind: int, region: str = "FR") -> str:
    """Return the number that the numbering plan gives as an example of a kind."""
    number = phonenumbers.example_number_for_type(region, kind)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


@pytest.mark.parametrize(
    "written",
    [
        "+33639980001",
        "33639980001",
        "0033639980001",
        "0639980001",
        "06 39 98 00 01",
        "06.39.98.00.01",
        "+33 6 39 98 00 01",
        "0033 6 39 98 00 01",
        " +33639980001\n",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(written: str) -> None:
    assert read_sender(written) == PHONE


@pytest.mark.parametrize("written", ["+33639980000", "+33639985000", "+33639989999"])
def test_the_numbers_of_films_and_books_are_read(written: str) -> None:
    assert read_sender(written) == written


@pytest.mark.parametrize(
    ("kind", "region"),
    [
        (PhoneNumberType.MOBILE, "FR"),
        (PhoneNumberType.FIXED_LINE, "FR"),
        (PhoneNumberType.VOIP, "FR"),
        (PhoneNumberType.MOBILE, "BE"),
        (PhoneNumberType.MOBILE, "RE"),
        (PhoneNumberType.FIXED_LINE_OR_MOBILE, "US"),
    ],
)
def test_a_number_that_a_person_answers_from_is_read(kind: int, region: str) -> None:
    number = example(kind, region)
    assert read_sender(number) == read_sender(number[1:]) == number


@pytest.mark.parametrize(
    "kind",
    [
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
    ],
)
def test_a_number_that_costs_or_that_no_person_has_is_nobody(kind: int) -> None:
    assert read_sender(example(kind)) is None


@pytest.mark.parametrize("written", ["36000", "3639", "112", "114", "+3639", "81000"])
def test_a_short_number_is_nobody(written: str) -> None:
    assert read_sender(written) is None


@pytest.mark.parametrize(
    "written", ["CAF", "INFO CAF", "AMELI.FR", "063998ALLO", "+33 6 FLOWERS", "06ALLOCAFS"]
)
def test_a_name_is_nobody(written: str) -> None:
    assert read_sender(written) is None


@pytest.mark.parametrize("letters", ["CAFE", "ALLO"])
def test_letters_are_never_read_as_the_digits_of_a_keypad(letters: str) -> None:
    number = example(PhoneNumberType.MOBILE)
    assert read_sender(f"0{number[3:8]}{letters}") is None


@pytest.mark.parametrize(
    "written",
    ["", " ", "+", "++", "00", "0", "%&?=", "9" * 300, "063998000", "+999639980001", "\x00", "²" * 12],
)
def test_what_is_no_number_is_nobody(written: str) -> None:
    assert read_sender(written) is None


SENDERS = st.one_of(
    st.text(),
    st.text(st.sampled_from("+0123456789 .-()ext;=tel:")),
    st.from_regex(r"\A(\+|00)?33?[0-9٠-٩²]{6,14}\Z"),
)


@settings(deadline=None, max_examples=200)
@given(SENDERS)
def test_whatever_a_gateway_writes_gives_a_number_or_nobody(written: str) -> None:
    found = read_sender(written)
    assert found is None or re.fullmatch(r"\+[1-9][0-9]{6,14}", found)


@settings(deadline=None, max_examples=200)
@given(SENDERS)
def test_a_number_that_was_read_is_read_the_same_again(written: str) -> None:
    found = read_sender(written)
    assert found is None or read_sender(found) == found
