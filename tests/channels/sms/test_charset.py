"""Bytes of an SMS, in the charset that the gateway declares."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.sms.charset import decode


@pytest.mark.parametrize("text", ["bonjour", "Noël à l'œuvre, 100 €", "😀👍🏽", "Привет", ""])
@pytest.mark.parametrize("charset", ["UTF-8", "utf8", "", ' "UTF-8" '])
def test_utf_8_is_read_and_is_what_is_meant_when_nothing_is_declared(text: str, charset: str) -> None:
    assert decode(text.encode(), charset) == text


@pytest.mark.parametrize("charset", ["UTF-16BE", "utf-16-be", "UTF-16", "UCS-2", "ucs2"])
@pytest.mark.parametrize("text", ["bonjour", "😀 Noël"])
def test_sixteen_bits_are_big_endian(text: str, charset: str) -> None:
    assert decode(text.encode("utf-16-be"), charset) == text


def test_a_mark_of_order_is_followed() -> None:
    assert decode(b"\xff\xfe" + "été".encode("utf-16-le"), "UTF-16") == "été"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (b"\xe9t\xe9", "ISO-8859-1", "été"),
        (b"\xe9t\xe9", "latin1", "été"),
        (b"\xa4", "ISO-8859-15", "€"),
        (b"\x80", "windows-1252", "€"),
        (b"\x9c", "CP1252", "œ"),
        ("été".encode("utf-16-le"), "UTF-16LE", "été"),
        (b"abc", "US-ASCII", "abc"),
    ],
)
def test_the_other_charsets_of_gateways_are_read(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b"\xe9t\xe9", "UTF-8"),
        (b"\xe9t\xe9", ""),
        (b"\x00b\x00", "UTF-16BE"),
        (b"\xd8\x3d", "UCS-2"),
        (b"\xe9", "ASCII"),
        (b"\x81", "windows-1252"),
    ],
)
def test_bytes_of_another_charset_are_not_read(data: bytes, charset: str) -> None:
    assert decode(data, charset) is None


@pytest.mark.parametrize(
    "charset",
    [
        "x-inconnu",
        "utf-7",
        "hex",
        "rot13",
        "base64",
        "zip",
        "idna",
        "unicode_escape",
        "ebcdic",
        "é",
        "..",
        "\x00",
    ],
)
def test_a_charset_that_is_not_of_sms_is_not_read(charset: str) -> None:
    assert decode(b"abcd", charset) is None


NAMES = st.one_of(st.text(), st.sampled_from(["utf-8", "utf-16", "ucs-2", "cp1252", "latin1", "ascii"]))


@settings(deadline=None, max_examples=300)
@given(st.binary(), NAMES)
def test_whatever_is_given_a_text_comes_back_or_nothing(data: bytes, charset: str) -> None:
    found = decode(data, charset)
    assert found is None or isinstance(found, str)


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_written_in_utf_8_or_sixteen_bits_is_read_back(text: str) -> None:
    assert decode(text.encode(), "utf-8") == decode(text.encode("utf-16-be"), "ucs-2") == text
