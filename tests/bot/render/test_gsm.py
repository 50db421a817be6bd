"""SMS text in the GSM-7 alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.gsm import count_segments, count_septets, foreign_characters, sms_room, to_gsm

FRENCH = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 éèàùçêâîôûëïÿœæÉÈÀÙÇÊÂÎÔÛËÏŒ.,;:!?'’«»…–—•°²€@#%&()/+-*=\u00a0\u202f"


@given(st.text(FRENCH))
def test_french_always_fits_the_alphabet(text: str) -> None:
    assert foreign_characters(to_gsm(text)) == []


@given(st.text(FRENCH))
def test_writing_it_twice_changes_nothing(text: str) -> None:
    assert to_gsm(to_gsm(text)) == to_gsm(text)


@pytest.mark.parametrize(
    ("text", "sms"),
    [
        ("déjà là, où ? è é ù à", "déjà là, où ? è é ù à"),
        ("ça reçoit, bientôt, âge, île, Noël", "ca recoit, bientot, age, ile, Noel"),
        ("« Oui »", '"Oui"'),
        ("«\u00a0Oui\u00a0»", '"Oui"'),
        ("l’aide…", "l'aide..."),
        ("1\u202f200,50\u00a0€", "1 200,50 €"),
        ("cœur À Ê n° 5", "coeur A E no 5"),
    ],
)
def test_only_what_the_alphabet_lacks_is_changed(text: str, sms: str) -> None:
    assert to_gsm(text) == sms


@pytest.mark.parametrize(
    ("text", "septets"),
    [("", 0), ("abc", 3), ("é", 1), ("€", 2), ("5 €", 4), ("[a]", 5), ("a\nb", 3), ("~|^", 6)],
)
def test_extended_characters_count_twice(text: str, septets: int) -> None:
    assert count_septets(text) == septets


def test_a_foreign_character_is_named_once() -> None:
    assert foreign_characters("Ж ok Ж 🙂 ç") == ["ç", "Ж", "🙂"]
    assert foreign_characters("Bonjour, ça va") == ["ç"]


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("", 306),
        ("ça", 304),
        ("5 €", 302),
        ("привіт", 128),
        ("é привіт", 126),
        ("مرحبا 🙂", 128),  # a drawing is left out: half of it could end a segment
        ("я" * 134, 0),
    ],
)
def test_the_room_left_is_counted_in_the_alphabet_the_text_needs(text: str, room: int) -> None:
    assert sms_room(text) == room


def test_a_sign_that_the_end_of_a_segment_would_cut_takes_a_third_one() -> None:
    text = f"{'a' * 152}[{'a' * 152}"
    assert count_septets(text) == 306
    assert count_segments(text) == 3
    assert sms_room(text) < 0
    assert sms_room(text[:-1]) >= 0
