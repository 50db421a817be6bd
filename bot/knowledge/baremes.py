"""Amounts: value, unit, date of effect, legal reference. A text names a key, never an amount."""

from __future__ import annotations

from datetime import date

from pydantic import Field, HttpUrl

from bot.knowledge.fiche import Strict
from bot.model.french import format_date, format_number

UNIT_TEXTS = {
    "€/mois": "{} € par mois",
    "€/an": "{} € par an",
    "€/jour": "{} € par jour",
    "€/h": "{} € de l'heure",
    "€": "{} €",
    "%": "{} %",
    "ans": "{} ans",
}


class Bareme(Strict):
    """One amount, ceiling or rate, in force from `depuis` until replaced."""

    valeur: float
    unite: str = Field(..., regex="^(" + "|".join(UNIT_TEXTS) + ")$")
    nom: str
    depuis: date
    reference: str
    lien: HttpUrl
    verifie_le: date
    a_revoir_le: date
    openfisca: str | None = Field(None, description="parameter path when openfisca-france fills it")
    facteur: float = Field(1.0, description="multiplies the openfisca value, 100 for a fraction in %")
    calcul: str | None = Field(None, description="how the value follows from the text, when computed")
    ou_verifier: str = Field(..., description="where a person finds the amount when ours is old")

    def is_current(self, today: date) -> bool:
        """Tell whether the amount may be shown as current on that day."""
        return self.depuis <= today < self.a_revoir_le

    def text(self) -> str:
        """Return the amount as French text: `651,69 € par mois`."""
        return UNIT_TEXTS[self.unite].format(format_number(self.valeur))

    def dated_text(self) -> str:
        """Return the amount with its date of effect: `651,69 € par mois (depuis le 1er avril 2026)`."""
        return f"{self.text()} (depuis le {format_date(self.depuis)})"
