"""Words on buttons: short, and the same everywhere."""

from __future__ import annotations

from bot.answers import choices
from bot.model.answer import Choice

RUBRIQUE_LABELS = {
    "apercu": "En bref",
    "conditions": "Y ai-je droit ?",
    "montant": "Combien ?",
    "pieces": "Quels papiers ?",
    "demarche": "Comment faire ?",
    "sans_internet": "Sans internet",
    "delai": "En combien de temps ?",
    "probleme": "J'ai un problème",
    "recours": "Contester une décision",
    "contact": "Qui contacter ?",
    "changement": "Ma situation change",
    "numerique": "Faire en ligne, avec de l'aide",
}
# What people ask next, most often first: the ways to act before the rest.
NEXT_RUBRIQUES = (
    "demarche",
    "conditions",
    "montant",
    "pieces",
    "sans_internet",
    "probleme",
    "contact",
    "delai",
    "changement",
    "recours",
    "numerique",
    "apercu",
)

PERSON = Choice("Parler à une personne", choices.PERSON)
ERASE = Choice("Effacer ma conversation", choices.ERASE)
OWN_DATA = Choice("Voir mes données", choices.OWN_DATA)
CALL_ME = Choice("Être rappelé", choices.PERSON_CALL)
WRITE_HERE = Choice("Ici, par écrit", choices.PERSON_HERE)
TEXT_ME = Choice("Par SMS", choices.PERSON_TEXT)
MEETING = Choice("Un rendez-vous", choices.PERSON_MEETING)
AT_PLACE = Choice("Sur place, avec une personne", choices.PERSON_AT_PLACE)
AT_HOME = Choice("Chez moi, sans me déplacer", choices.PERSON_AT_HOME)
JOIN = Choice("Oui, elle peut lire", choices.PERSON_JOIN)
NOT_JOIN = Choice("Non, elle ne peut pas lire", choices.PERSON_NOT_JOIN)
MORNING = Choice("Le matin", choices.PERSON_MORNING)
AFTERNOON = Choice("L'après-midi", choices.PERSON_AFTERNOON)
ANY_TIME = Choice("Peu importe", choices.PERSON_ANY_TIME)
STATE = Choice("Où en est ma demande ?", choices.PERSON_STATE)
WITHDRAW = Choice("Retirer ma demande", choices.PERSON_WITHDRAW)
WITHDRAW_YES = Choice("Oui, retirer ma demande", choices.PERSON_WITHDRAW_YES)
WITHDRAW_NO = Choice("Non, garder ma demande", choices.PERSON_WITHDRAW_NO)
ANSWERED_YES = Choice("Oui, j'ai ma réponse", choices.ANSWERED_YES)
ANSWERED_NO = Choice("Non, pas de réponse", choices.ANSWERED_NO)
ANSWERED_NOT_YET = Choice("Pas encore", choices.ANSWERED_NOT_YET)
ASK_LATER_YES = Choice("Oui, demandez-moi", choices.ASK_LATER_YES)
ASK_LATER_NO = Choice("Non merci", choices.ASK_LATER_NO)
RECEIVED_YES = Choice("Oui, je l'ai reçu", choices.RECEIVED_YES)
RECEIVED_NO = Choice("Non, je ne l'ai pas", choices.RECEIVED_NO)
RECEIVED_NOT_YET = Choice("Pas encore reçu", choices.RECEIVED_NOT_YET)
THIS_PHONE = Choice("Oui, à ce numéro", choices.PERSON_THIS_PHONE)
PLACES = Choice("Trouver un lieu près de chez moi", choices.PLACES)
HELP = Choice("Que savez-vous faire ?", choices.HELP)
SKIP = Choice("Passer", choices.PERSON_SKIP)
SEND = Choice("Envoyer ma demande", choices.PERSON_SEND)
CANCEL = Choice("Annuler", choices.PERSON_CANCEL)
ERASE_YES = Choice("Oui, tout effacer", choices.ERASE_YES)
ERASE_NO = Choice("Non, garder", choices.ERASE_NO)
WRITE_TO_OPERATOR = Choice("Lui répondre", choices.TALK_OPERATOR)
BACK_TO_ASSISTANT = Choice("Revenir à l'assistant", choices.TALK_ASSISTANT)
WAIT = Choice("J'attends encore", choices.PERSON_WAIT)
AGREE = Choice("Oui, je suis d'accord", choices.HAND_YES)
REFUSE = Choice("Non, ne rien transmettre", choices.HAND_NO)

PLAIN = {
    choice.value: choice.label
    for choice in (
        PERSON,
        ERASE,
        OWN_DATA,
        CALL_ME,
        WRITE_HERE,
        TEXT_ME,
        MEETING,
        AT_PLACE,
        AT_HOME,
        JOIN,
        NOT_JOIN,
        MORNING,
        AFTERNOON,
        ANY_TIME,
        STATE,
        WITHDRAW,
        WITHDRAW_YES,
        WITHDRAW_NO,
        ANSWERED_YES,
        ANSWERED_NO,
        ANSWERED_NOT_YET,
        ASK_LATER_YES,
        ASK_LATER_NO,
        RECEIVED_YES,
        RECEIVED_NO,
        RECEIVED_NOT_YET,
        WRITE_TO_OPERATOR,
        BACK_TO_ASSISTANT,
        WAIT,
        AGREE,
        REFUSE,
        THIS_PHONE,
        PLACES,
        HELP,
        SKIP,
        SEND,
        CANCEL,
        ERASE_YES,
        ERASE_NO,
        Choice("Ma vie privée", choices.PRIVACY),
        Choice("À quoi ai-je droit ?", choices.ESTIMATE),
    )
}
