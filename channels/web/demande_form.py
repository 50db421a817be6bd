"""The fields of a request to a person: read, cleaned, and each error told beside its field."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answers.compose import Composer
from bot.answers.request_answers import NEEDS_PHONE
from bot.intake.masking import mask_identifiers
from bot.language.normalise import clean_text
from bot.service.demande_flow import AFTERNOON, MAX_COMMUNE, MAX_NAME, MORNING, read_phone
from bot.service.intake import MAX_TEXT
from bot.store.demandes import CALL, HERE, HOME, MEETING, TEXT, WITH_PHONE, DemandeDetails

WAYS = {
    HERE: "Je reviendrai ici, par écrit",
    CALL: "Qu'on m'appelle",
    TEXT: "Par SMS",
    MEETING: "Un rendez-vous, sur place",
    HOME: "Un rendez-vous chez moi : je ne peux pas me déplacer",
}
"""What the page offers, in its words."""
WHEN = {"": "Peu importe", MORNING: "Le matin", AFTERNOON: "L'après-midi"}
WITH_WHEN = (CALL, MEETING, HOME)
WITH_COMMUNE = (MEETING, HOME)
JOIN = "oui"
_FIELDS = ("moyen", "telephone", "commune", "quand", "nom", "mots", "joindre")


@dataclass(frozen=True)
class DemandeForm:
    """What the person typed, as typed: an error never loses a word of it."""

    moyen: str = ""
    telephone: str = ""
    commune: str = ""
    quand: str = ""
    nom: str = ""
    mots: str = ""
    joindre: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> tuple[str, ...]:
        """Return everything typed: the same form sent twice is one request."""
        return tuple(getattr(self, name) for name in _FIELDS)


def ways_of(composer: Composer) -> dict[str, str]:
    """Return the ways to be answered that the service has; by SMS only where it sends some."""
    return {way: words for way, words in WAYS.items() if way != TEXT or composer.can_text}


def read_demande_form(fields: dict[str, str], composer: Composer) -> DemandeForm:
    """Return the form with its errors, each a sentence that says what to do."""
    typed = {name: clean_text(fields.get(name, "")) for name in _FIELDS}
    errors: dict[str, str] = {}
    if typed["moyen"] not in ways_of(composer):
        errors["moyen"] = "Choisissez comment recevoir la réponse."
    is_needed = typed["moyen"] in NEEDS_PHONE
    is_wrong = typed["moyen"] in WITH_PHONE and typed["telephone"] and read_phone(typed["telephone"]) is None
    if is_wrong or (is_needed and not typed["telephone"]):
        errors["telephone"] = "Écrivez un numéro de 10 chiffres, par exemple 06 12 34 56 78."
    if len(typed["commune"]) > MAX_COMMUNE:
        errors["commune"] = f"Écrivez le nom d'une commune, en {MAX_COMMUNE} caractères au plus."
    if typed["quand"] not in WHEN:
        errors["quand"] = "Choisissez un moment parmi les 3."
    if len(typed["nom"]) > MAX_NAME:
        errors["nom"] = f"Écrivez un nom de {MAX_NAME} caractères au plus."
    if len(typed["mots"]) > MAX_TEXT:
        errors["mots"] = f"Écrivez {MAX_TEXT} caractères au plus. Vous en avez écrit {len(typed['mots'])}."
    return DemandeForm(**typed, errors=errors)


def masked_in(form: DemandeForm, composer: Composer) -> tuple[str, ...]:
    """Return the kinds of identifiers masked in the words kept."""
    return mask_identifiers(f"{form.nom}\n{form.mots}", public=composer.knowledge.public_contacts).kinds


def details_of(form: DemandeForm, composer: Composer, *, may_join: bool) -> DemandeDetails:
    """Return what is kept: identifiers masked, and nothing that the way chosen has no use for."""
    commune = composer.commune_named(form.commune) if form.commune else ""
    public = composer.knowledge.public_contacts
    return DemandeDetails(
        moyen=form.moyen,
        telephone=read_phone(form.telephone) if form.moyen in WITH_PHONE else None,
        nom=mask_identifiers(form.nom, public=public).text or None,
        mots=mask_identifiers(form.mots, public=public).text or None,
        quand=(form.quand or None) if form.moyen in WITH_WHEN else None,
        commune=(mask_identifiers(commune, public=public).text or None)
        if form.moyen in WITH_COMMUNE
        else None,
        joindre=may_join and form.joindre == JOIN,
    )
