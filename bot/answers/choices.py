"""Choices: the values that come back when a person picks a reply, and what they may type instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.taxonomy import Taxonomy
from bot.language.normalise import fold
from bot.model.answer import Choice

PERSON = "personne"
PERSON_CALL = "personne:rappel"
PERSON_HERE = "personne:retour"
PERSON_TEXT = "personne:texto"
PERSON_MEETING = "personne:rdv"
PERSON_AT_PLACE = "personne:sur-place"
PERSON_AT_HOME = "personne:domicile"
PERSON_JOIN = "personne:joindre"
PERSON_NOT_JOIN = "personne:ne-pas-joindre"
PERSON_MORNING = "personne:matin"
PERSON_AFTERNOON = "personne:apres-midi"
PERSON_ANY_TIME = "personne:peu-importe"
PERSON_STATE = "personne:etat"
PERSON_WITHDRAW = "personne:retirer"
PERSON_WITHDRAW_YES = "personne:retirer-oui"
PERSON_WITHDRAW_NO = "personne:retirer-non"
PERSON_THIS_PHONE = "personne:ce-numero"
PERSON_SKIP = "personne:passer"
PERSON_SEND = "personne:envoyer"
PERSON_CANCEL = "personne:annuler"
PERSON_WAIT = "personne:attendre"
TALK_OPERATOR = "personne:repondre"
TALK_ASSISTANT = "personne:assistant"
HAND_YES = "transmettre:oui"
HAND_NO = "transmettre:non"
ERASE = "effacer"
ERASE_YES = "effacer:oui"
ERASE_NO = "effacer:non"
PLACES = "lieux"
HELP = "aide"
PRIVACY = "vie-privee"
OWN_DATA = "mes-donnees"
ESTIMATE = "droits"
PLACE_DO = "lieu:faire"
PLACE_WITH = "lieu:avec"
PLACE_LEARN = "lieu:apprendre"
ANSWERED_YES = "suivi:oui"
ANSWERED_NO = "suivi:non"
ANSWERED_NOT_YET = "suivi:pas-encore"
ASK_LATER_YES = "suivi:accord"
ASK_LATER_NO = "suivi:refus"
RECEIVED_YES = "droit:oui"
RECEIVED_NO = "droit:non"
RECEIVED_NOT_YET = "droit:pas-encore"

STARTS_A_REQUEST = frozenset(
    {PERSON_CALL, PERSON_HERE, PERSON_TEXT, PERSON_MEETING, PERSON_AT_PLACE, PERSON_AT_HOME}
)
"""Ways of being answered: each begins the form of a request, from anywhere."""
ABOUT_A_REQUEST = frozenset({PERSON_STATE, PERSON_WITHDRAW, PERSON_WITHDRAW_YES, PERSON_WITHDRAW_NO})
AFTER_ANSWER = frozenset({ANSWERED_YES, ANSWERED_NO, ANSWERED_NOT_YET, ASK_LATER_YES, ASK_LATER_NO})
AFTER_RIGHT = frozenset({RECEIVED_YES, RECEIVED_NO, RECEIVED_NOT_YET})
WITHIN_FORM = frozenset(
    {
        PERSON_THIS_PHONE,
        PERSON_SKIP,
        PERSON_SEND,
        PERSON_CANCEL,
        PERSON_JOIN,
        PERSON_NOT_JOIN,
        PERSON_MORNING,
        PERSON_AFTERNOON,
        PERSON_ANY_TIME,
    }
)
"""Choices that mean nothing outside the form of a request: a second tap on a button, say."""

PLAIN_VALUES = frozenset(
    {
        PERSON,
        *STARTS_A_REQUEST,
        *WITHIN_FORM,
        *ABOUT_A_REQUEST,
        *AFTER_ANSWER,
        *AFTER_RIGHT,
        PERSON_WAIT,
        TALK_OPERATOR,
        TALK_ASSISTANT,
        HAND_YES,
        HAND_NO,
        ERASE,
        ERASE_YES,
        ERASE_NO,
        PLACES,
        HELP,
        PRIVACY,
        OWN_DATA,
        ESTIMATE,
    }
)
_FICHE_VALUE = re.compile(r"fiche:([a-z-]{1,60})(?::([a-z_]{1,20}))?")
_PLACE_VALUE = re.compile(r"(lieu:(?:faire|avec|apprendre))(?::(\d[\dAB]\d{3}|p\d{5}))?")
"""A way to be helped, and where: an Insee code, or `p` and a postal code."""
_ORDINALS = {
    "premier": 1,
    "premiere": 1,
    "1er": 1,
    "1ere": 1,
    "un": 1,
    "deuxieme": 2,
    "second": 2,
    "seconde": 2,
    "2eme": 2,
    "2e": 2,
    "deux": 2,
    "troisieme": 3,
    "3eme": 3,
    "3e": 3,
    "trois": 3,
}
# One word for a choice, as the SMS texts say it: of several, the first that is shown.
_WORDS = {
    "rappel": (PERSON_CALL,),
    "retour": (PERSON_HERE,),
    "je reviendrai ici": (PERSON_HERE,),
    "ici": (PERSON_HERE,),
    "par ecrit": (PERSON_HERE,),
    "sms": (PERSON_TEXT, PERSON_HERE),
    "texto": (PERSON_TEXT, PERSON_HERE),
    "rdv": (PERSON_MEETING,),
    "rendez vous": (PERSON_MEETING,),
    "lieu": (PERSON_AT_PLACE,),
    "sur place": (PERSON_AT_PLACE,),
    "domicile": (PERSON_AT_HOME,),
    "a domicile": (PERSON_AT_HOME,),
    "chez moi": (PERSON_AT_HOME,),
    "matin": (PERSON_MORNING,),
    "apres midi": (PERSON_AFTERNOON,),
    "l apres midi": (PERSON_AFTERNOON,),
    "etat": (PERSON_STATE,),
    "retirer": (PERSON_WITHDRAW, PERSON_WITHDRAW_YES),
    "garder": (PERSON_WITHDRAW_NO,),
    "pas encore": (ANSWERED_NOT_YET, RECEIVED_NOT_YET),
    "passer": (PERSON_SKIP, PERSON_NOT_JOIN, PERSON_ANY_TIME),
    "envoyer": (PERSON_SEND,),
    "annuler": (PERSON_CANCEL,),
    "oui": (
        ERASE_YES,
        PERSON_THIS_PHONE,
        PERSON_SEND,
        HAND_YES,
        PERSON_JOIN,
        PERSON_WITHDRAW_YES,
        ANSWERED_YES,
        ASK_LATER_YES,
        RECEIVED_YES,
    ),
    "ok": (PERSON_THIS_PHONE, PERSON_SEND, PERSON_JOIN, ASK_LATER_YES),
    "d accord": (PERSON_THIS_PHONE, PERSON_SEND, PERSON_JOIN, ASK_LATER_YES),
    "non": (
        PERSON_NOT_JOIN,
        PERSON_WITHDRAW_NO,
        ANSWERED_NO,
        ASK_LATER_NO,
        RECEIVED_NO,
        ERASE_NO,
        PERSON_SKIP,
        PERSON_CANCEL,
        HAND_NO,
    ),
    "attendre": (PERSON_WAIT,),
    "j attends": (PERSON_WAIT,),
    "repondre": (TALK_OPERATOR,),
    "assistant": (TALK_ASSISTANT,),
    "faire": (PLACE_DO,),
    "a ma place": (PLACE_DO,),
    "avec": (PLACE_WITH,),
    "avec moi": (PLACE_WITH,),
    "apprendre": (PLACE_LEARN,),
    "m apprendre": (PLACE_LEARN,),
}


@dataclass(frozen=True)
class FicheChoice:
    """A choice that asks for a fiche, and for one of its rubriques when given."""

    fiche: str
    rubrique: str | None


def fiche_value(fiche: str, rubrique: str | None = None) -> str:
    """Return the value of a choice that asks for a fiche."""
    return f"fiche:{fiche}:{rubrique}" if rubrique else f"fiche:{fiche}"


def read_fiche_value(value: str, taxonomy: Taxonomy) -> FicheChoice | None:
    """Return the fiche a value asks for, or None when it is not such a value or names none."""
    match = _FICHE_VALUE.fullmatch(value)
    if not match or match.group(1) not in taxonomy.subjects:
        return None
    if match.group(2) and match.group(2) not in RUBRIQUES:
        return None
    return FicheChoice(match.group(1), match.group(2))


def read_place_value(value: str) -> tuple[str, str | None] | None:
    """Return (way, where) of a choice such as `lieu:avec:35236`, or None when it is not one."""
    match = _PLACE_VALUE.fullmatch(value)
    return (match.group(1), match.group(2)) if match else None


def is_known(value: str, taxonomy: Taxonomy) -> bool:
    """Tell whether the assistant gives this value out."""
    is_place = read_place_value(value) is not None
    return is_place or value in PLAIN_VALUES or read_fiche_value(value, taxonomy) is not None


def typed_choice(
    text: str, shown: tuple[Choice, ...], numbered: tuple[Choice, ...] | None = None
) -> Choice | None:
    """Return the choice a person typed: its label, its number, or "la première".

    `numbered` are the choices that were shown with a number, when they are not all of those shown.
    """
    words = fold(text)
    named = {(read_place_value(choice.value) or (choice.value,))[0]: choice for choice in shown}
    for value in _WORDS.get(words, ()):
        if value in named:
            return named[value]
    for choice in shown:
        if words == fold(choice.label):
            return choice
    bare = re.sub(r"^(?:la|le|l|numero|choix|reponse) ", "", words)
    number = int(bare) if bare.isdigit() and len(bare) == 1 else _ORDINALS.get(bare, 0)
    by_number = shown if numbered is None else numbered
    return by_number[number - 1] if 1 <= number <= len(by_number) else None
