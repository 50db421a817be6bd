"""Phone numbers as gateways write them, brought to E.164; only those that a person can answer from."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_PERSONAL = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)
_NATIONAL_LENGTH = 10
_FRENCH_MOBILE = re.compile(r"\+33[67]\d{8}")
"""The numbering plan gives these first digits to mobile phones; the library's tables learn each new range later."""


def read_sender(raw: str) -> str | None:
    """Return the sender as E.164, or None for a short number, a name or a number that costs more: nobody reads there."""
    written = raw.strip()
    if any(char.isalpha() for char in written):
        return None  # a name; its letters must not be read as those of a keypad
    digits = written.lstrip("+")
    if digits.startswith("00"):
        digits, written = digits[2:], f"+{digits[2:]}"
    if digits.isdigit() and not written.startswith("+") and len(digits) > _NATIONAL_LENGTH:
        written = f"+{digits}"  # gateways often leave the plus of an international number out
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    as_e164 = str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    if _FRENCH_MOBILE.fullmatch(as_e164):
        return as_e164
    is_personal = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _PERSONAL
    return as_e164 if is_personal else None
