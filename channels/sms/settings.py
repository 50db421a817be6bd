"""What SMS is set by."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import Field, validator

from bot.model.server_url import check_password_strength
from bot.settings import MIN_SECRET, Settings

GATEWAY_NAMES = ("", "kannel", "twilio", "generique")


class SmsSettings(Settings):
    """The gateway, the secret it calls us with, and what the month may cost."""

    sms_gateway: str = Field(
        "", description="Passerelle SMS : kannel, twilio ou generique ; vide : pas de SMS (voir sms.md)."
    )
    sms_secret: str = Field(
        "", description="Secret dans l'adresse que la passerelle appelle ; 24 caractères au moins."
    )
    sms_number: str = Field("", description="Numéro du service, celui que les personnes écrivent.")
    sms_allowed: str = Field(
        "127.0.0.1/32,::1/128", description="Adresses d'où la passerelle appelle, séparées par des virgules."
    )
    sms_callback_url: str = Field(
        "",
        description="Adresse de ce service vue de la passerelle ; vide : l'adresse publique, sinon l'adresse locale.",
    )
    sms_kannel_url: str = Field(
        "http://127.0.0.1:13013/cgi-bin/sendsms", description="Adresse d'envoi de Kannel (sendsms)."
    )
    sms_user: str = Field(
        "", description="Compte chez la passerelle (utilisateur Kannel, AccountSid de Twilio)."
    )
    sms_password: str = Field("", description="Mot de passe ou jeton de ce compte.")
    sms_generic_file: Path = Field(
        Path("passerelle.yml"), description="Description d'une passerelle générique (voir sms.md)."
    )
    sms_budget_segments: int = Field(
        0, description="Segments par mois à ne pas dépasser sans alerte ; 0 : pas de budget.", ge=0
    )

    @validator("sms_gateway")
    def _gateway_is_known(cls, value: str) -> str:
        if value not in GATEWAY_NAMES:
            raise ValueError(f"valeurs possibles : {', '.join(name for name in GATEWAY_NAMES if name)}")
        return value

    @validator("sms_secret", always=True)
    def _secret_is_long(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("sms_gateway") and len(value) < MIN_SECRET:
            raise ValueError(f"{MIN_SECRET} caractères au moins, tirés au hasard")
        return value

    @validator("sms_password")
    def _password_is_strong(cls, value: str) -> str:
        if value:
            check_password_strength(value)
        return value

    @validator("sms_allowed")
    def _networks_are_readable(cls, value: str) -> str:
        for network in filter(None, (part.strip() for part in value.split(","))):
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(
                    f"« {network} » n'est pas une adresse, ni un réseau (192.0.2.0/24)"
                ) from None
        return value

    @property
    def gateway_calls(self) -> str:
        """Return the address at which the gateway reaches this service."""
        return (self.sms_callback_url or self.public_url or self.local_url).rstrip("/")


SETTINGS = SmsSettings
