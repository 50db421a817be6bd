"""Phone numbers as gateways write them, brought to E.164; only those that a person can answer from."""

from __future__ import annotations

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


def read_sender(raw: str) -> str | None:
    """Return the sender as E.164, or None for a short number, a name or a number that costs more: nobody reads there."""
    written = raw.strip()
    digits = written.lstrip("+")
    if digits.startswith("00"):
        digits, written = digits[2:], f"+{digits[2:]}"
    if digits.isdigit() and not written.startswith("+") and len(digits) > _NATIONAL_LENGTH:
        written = f"+{digits}"  # gateways often leave the plus of an international number out
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _PERSONAL:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
