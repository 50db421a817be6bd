"""The fields of a request to a person: read, cleaned, and each error told beside its field."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.intake.masking import mask_identifiers
from bot.language.normalise import clean_text
from bot.service.demande_flow import MAX_NAME, read_phone
from bot.service.intake import MAX_TEXT
from bot.store.demandes import DemandeDetails

CALL = "rappel"
COME_BACK = "retour"


@dataclass(frozen=True)
class DemandeForm:
    """What the person typed, as typed: an error never loses a word of it."""

    moyen: str = ""
    telephone: str = ""
    nom: str = ""
    mots: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_demande_form(fields: dict[str, str]) -> DemandeForm:
    """Return the form with its errors, each a sentence that says what to do."""
    typed = {name: clean_text(fields.get(name, "")) for name in ("moyen", "telephone", "nom", "mots")}
    errors: dict[str, str] = {}
    if typed["moyen"] not in (CALL, COME_BACK):
        errors["moyen"] = "Choisissez comment recevoir la réponse."
    if typed["moyen"] == CALL and read_phone(typed["telephone"]) is None:
        errors["telephone"] = "Écrivez un numéro de 10 chiffres, par exemple 06 12 34 56 78."
    if len(typed["nom"]) > MAX_NAME:
        errors["nom"] = f"Écrivez un nom de {MAX_NAME} caractères au plus."
    if len(typed["mots"]) > MAX_TEXT:
        errors["mots"] = f"Écrivez {MAX_TEXT} caractères au plus. Vous en avez écrit {len(typed['mots'])}."
    return DemandeForm(**typed, errors=errors)


def details_of(form: DemandeForm) -> DemandeDetails:
    """Return what is kept: identifiers masked, and no number when no call is wanted."""
    return DemandeDetails(
        moyen=form.moyen,
        telephone=read_phone(form.telephone) if form.moyen == CALL else None,
        nom=mask_identifiers(form.nom).text or None,
        mots=mask_identifiers(form.mots).text or None,
    )
