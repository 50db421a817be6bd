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
CALL_ME = Choice("Être rappelé", choices.PERSON_CALL)
COME_BACK = Choice("Je reviendrai ici", choices.PERSON_BACK)
THIS_PHONE = Choice("Oui, à ce numéro", choices.PERSON_THIS_PHONE)
PLACES = Choice("Trouver un lieu près de chez moi", choices.PLACES)
HELP = Choice("Que savez-vous faire ?", choices.HELP)
SKIP = Choice("Passer", choices.PERSON_SKIP)
SEND = Choice("Envoyer ma demande", choices.PERSON_SEND)
CANCEL = Choice("Annuler", choices.PERSON_CANCEL)
ERASE_YES = Choice("Oui, tout effacer", choices.ERASE_YES)
ERASE_NO = Choice("Non, garder", choices.ERASE_NO)

PLAIN = {
    choice.value: choice.label
    for choice in (
        PERSON,
        ERASE,
        CALL_ME,
        COME_BACK,
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
