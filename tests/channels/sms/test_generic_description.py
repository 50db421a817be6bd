"""Mistakes in passerelle.yml: each is told in French, with the key to mend."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.settings import SettingsError
from channels.sms.gateways.generic import open_generic, read_description
from channels.sms.settings import SmsSettings
from tests.channels.sms.conftest import DESCRIPTION

Write = Callable[[dict[str, Any]], Path]
MINIMAL = {
    "reception": {"expediteur": "de", "texte": "texte"},
    "envoi": {"adresse": "https://exemple.test/envoi", "champs": {"vers": "{numero}"}},
}
ENGLISH = re.compile(
    r"\b(value|field|required|invalid|permitted|error|unexpected|not a valid)\b", re.IGNORECASE
)


def mistake_in(path: Path) -> str:
    """Return what is said of a file, after checking that it is in French and names the setting."""
    with pytest.raises(SettingsError) as caught:
        open_generic(SmsSettings(sms_generic_file=path))
    told = str(caught.value)
    assert told.startswith("BOT_SMS_GENERIC_FILE : ")
    assert str(path) in told
    assert ENGLISH.search(told.replace(str(path), "")) is None
    return told


def changed(place: str, value: Any) -> dict[str, Any]:
    """Return the description with another value at a place (`a.b`), without it when the value is `...`."""
    description = json.loads(json.dumps(DESCRIPTION))
    *folders, last = place.split(".")
    inside = description
    for folder in folders:
        inside = inside[folder]
    if value is ...:
        del inside[last]
    else:
        inside[last] = value
    return dict(description)


@pytest.mark.parametrize("description", [MINIMAL, DESCRIPTION], ids=["minimal", "whole"])
def test_a_good_description_is_read(write_description: Write, description: dict[str, Any]) -> None:
    path = write_description(description)
    assert read_description(path).dict(exclude_unset=True).keys() == description.keys()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "ne se lit pas" in mistake_in(tmp_path / "absent.yml")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "ne se lit pas" in mistake_in(tmp_path)


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\t- a", "a: \x01", "{"])
def test_a_file_that_is_no_yaml_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "passerelle.yml"
    path.write_text(text, encoding="utf-8")
    assert "n'est pas du YAML lisible" in mistake_in(path)


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "passerelle.yml"
    path.write_bytes("reception: été".encode("latin-1"))
    mistake_in(path)


@pytest.mark.parametrize("text", ["", "- a\n- b", "bonjour", "12"])
def test_a_file_that_holds_no_keys_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "passerelle.yml"
    path.write_text(text, encoding="utf-8")
    mistake_in(path)


@pytest.mark.parametrize("key", ["12", "yes"])
def test_a_key_that_is_no_word_is_told(tmp_path: Path, key: str) -> None:
    path = tmp_path / "passerelle.yml"
    path.write_text(f"{json.dumps(MINIMAL)[:-1]}, {key}: a}}", encoding="utf-8")
    mistake_in(path)


@pytest.mark.parametrize(
    "place",
    [
        "autre",
        "reception.autre",
        "reception.parties.autre",
        "envoi.autre",
        "signature.autre",
        "accuse.autre",
    ],
)
def test_an_unknown_key_is_named(write_description: Write, place: str) -> None:
    assert f"{place} : clé inconnue" in mistake_in(write_description(changed(place, "a")))


@pytest.mark.parametrize(
    "place",
    [
        "reception",
        "reception.expediteur",
        "reception.texte",
        "reception.parties.numero",
        "envoi",
        "envoi.adresse",
        "envoi.champs",
        "signature.entete",
        "accuse.etat",
        "accuse.etats",
    ],
)
def test_a_missing_key_is_named(write_description: Write, place: str) -> None:
    assert f"{place} : cette clé est obligatoire" in mistake_in(write_description(changed(place, ...)))


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("accuse.etats", {"ok": "livré"}, "état inconnu : livré (possibles : buffered, sent, delivered"),
        ("accuse.etats", ["delivered"], "il faut des clés"),
        ("signature.algorithme", "md5", "valeurs possibles : sha1, sha256, sha512"),
        ("signature.fenetre_secondes", 0, "il faut plus de 0"),
        ("signature.fenetre_secondes", "longtemps", "écrivez un nombre entier"),
        ("envoi.adresse", "passerelle", "ce n'est pas une adresse web complète"),
        ("envoi.adresse", "ftp://exemple.test/envoi", "ce n'est pas une adresse web complète"),
        ("envoi.adresse", "", "le texte est vide"),
        ("envoi.methode", "GET", ""),
        ("envoi.format", "xml", ""),
        ("envoi.champs", "a", "il faut des clés"),
        ("reception.expediteur", None, "la valeur est vide"),
        ("reception.expediteur", ["de"], "il faut un texte"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    write_description: Write, place: str, value: Any, words: str
) -> None:
    assert f"{place} : {words}" in mistake_in(write_description(changed(place, value)))


@pytest.mark.parametrize("address", ["http://localhost:9000/envoi", "http://passerelle:9000/envoi"])
def test_an_address_on_the_local_network_is_taken(write_description: Write, address: str) -> None:
    assert (
        str(read_description(write_description(changed("envoi.adresse", address))).envoi.adresse) == address
    )


@pytest.mark.parametrize("value", ["{inconnu}", "{", "{texte!x}", "{0}"])
@pytest.mark.parametrize("place", ["envoi.champs", "envoi.entetes"])
def test_a_template_that_cannot_be_filled_is_named(write_description: Write, place: str, value: str) -> None:
    assert f"{place}" in mistake_in(write_description(changed(place, {"vers": value})))


def test_every_mistake_is_told_at_once(write_description: Write) -> None:
    description = changed("signature.algorithme", "md5")
    description["envoi"]["adresse"] = "passerelle"
    told = mistake_in(write_description(description))
    assert ("signature.algorithme" in told, "envoi.adresse" in told) == (True, True)
