"""E-mail addresses are found written or said aloud, and only where it is clearly one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.emails import find_emails


def values(text: str) -> list[str]:
    return [found.value for found in find_emails(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jean.petit@exemple.fr", "jean.petit@exemple.fr"),
        ("Mon mail : Jean.Petit@Exemple.FR.", "jean.petit@exemple.fr"),
        ("<jean-petit+caf@mail.exemple.co.uk>", "jean-petit+caf@mail.exemple.co.uk"),
        ("renée@exemple.fr, merci", "renée@exemple.fr"),
        ("j_p%35@exemple.museum", "j_p%35@exemple.museum"),
        ("écrivez à jp@gmail", "jp@gmail"),
        ("jean.petit @ exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit@ exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit @exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit\u00a0@\u00a0exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit(at)exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit [at] exemple.fr", "jean.petit@exemple.fr"),
        ("jean.petit arobase exemple.fr", "jean.petit@exemple.fr"),
        ("jean point petit arobase gmail point com merci", "jean.petit@gmail.com"),
        ("petit tiret j Arrobase orange", "petit-j@orange"),
        ("jp@exemple . fr", "jp@exemple.fr"),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, address: str) -> None:
    assert values(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "je suis @ la mairie",
        "je suis @ rennes. Je veux partir",
        "suivez @mairie",
        "c'est quoi une arobase ?",
        "où est l'arobase du clavier point fr",
        "j'habite at home",
        "@",
        "@exemple.fr",
        "jean.petit@",
        "jean\n@\nexemple.fr",
        "www.exemple.fr",
        "3 @ 4",
    ],
)
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert values(text) == []


def test_two_addresses_are_two() -> None:
    assert values("a@exemple.fr,b@exemple.fr ou c@exemple.fr") == [
        "a@exemple.fr",
        "b@exemple.fr",
        "c@exemple.fr",
    ]


locals_ = st.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?", fullmatch=True)
domains = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]{1,10})?\.[a-z]{2,6}", fullmatch=True)


@given(locals_, domains)
def test_any_address_is_found_and_nothing_of_it_left(local: str, domain: str) -> None:
    (found,) = find_emails(f"au {local}@{domain} svp")
    assert (found.start, found.end) == (3, 4 + len(local) + len(domain))
