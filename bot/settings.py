"""Settings: read once from BOT_* environment variables; each has a sentence and a default that works."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from opening_hours import validate
from pydantic import BaseModel, Extra, Field, HttpUrl, ValidationError, validator

from bot.model.mail import read_mail_server, read_sender
from bot.model.validation_french import french_message

ENV_PREFIX = "BOT_"
TELEGRAM_API = "https://api.telegram.org"
TELEGRAM_MODES = ("", "polling", "webhook")
SMS_GATEWAYS = ("", "kannel", "twilio", "generique")
MIN_SECRET = 24
"""Characters of a secret that stands in an address: fewer could be guessed."""


class SettingsError(Exception):
    """A setting is unknown or wrong; the message names it, in French."""


class Settings(BaseModel):
    """All the settings of the assistant; docs/reglages.md lists them for the person who installs it."""

    public_host: str = Field("127.0.0.1", description="Adresse où la page et l'API sont servies.")
    public_port: int = Field(8080, description="Port où la page et l'API sont servies.", ge=1, le=65535)
    rasa_port: int = Field(
        5005, description="Port local de Rasa, jamais ouvert à l'extérieur.", ge=1, le=65535
    )
    actions_port: int = Field(5055, description="Port local du serveur d'actions.", ge=1, le=65535)
    var: Path = Field(Path("var"), description="Dossier des données : base, clés, journaux.")
    data: Path = Field(Path("data"), description="Dossier des connaissances et des textes.")
    models: Path = Field(Path("models"), description="Dossier des modèles Rasa entraînés.")
    database_url: str = Field(
        "", description="Base SQLite (sqlite+aiosqlite:///…) ; vide : dans le dossier des données."
    )
    territoire: str = Field(
        "saint-meen-montauban", description="Territoire servi (dossier de data/territoires)."
    )
    editeur: str = Field("", description="Nom de l'organisme qui édite le service ; vide : non renseigné.")
    public_url: str = Field(
        "",
        description="Adresse publique du service (https://…) : les formulaires venus d'ailleurs sont refusés.",
    )
    quit_url: HttpUrl = Field(
        HttpUrl("https://meteofrance.com/", scheme="https"),
        description="Site ouvert par « Quitter vite » : banal, sans rapport avec les droits.",
    )
    retention_days: int = Field(
        30, description="Jours pendant lesquels les messages sont gardés.", ge=1, le=365
    )
    rasa_timeout_seconds: float = Field(
        6.0, description="Temps laissé à Rasa avant de prévenir la personne.", gt=0, le=9
    )
    retry_max_seconds: float = Field(
        30.0, description="Temps le plus long entre deux essais quand Rasa ne répond pas.", gt=0, le=600
    )
    messages_per_minute: int = Field(30, description="Messages par minute et par conversation.", ge=1)
    messages_per_minute_address: int = Field(
        600,
        description="Messages par minute et par adresse ; large : 40 personnes partagent un accueil.",
        ge=1,
    )
    conversations_per_hour_address: int = Field(
        300, description="Nouvelles conversations par heure et par adresse.", ge=1
    )
    trusted_proxies: int = Field(
        0, description="Nombre de relais de confiance devant le service (X-Forwarded-For).", ge=0, le=5
    )
    cookie_secure: bool = Field(False, description="Vrai derrière https : le cookie ne part qu'en https.")
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
    telegram_mode: str = Field(
        "",
        description="Telegram : polling (essai) ou webhook (production) ; vide : pas de Telegram (voir telegram.md).",
    )
    telegram_token: str = Field("", description="Jeton du robot, donné par BotFather. À garder secret.")
    telegram_secret: str = Field(
        "", description="Secret que Telegram renvoie à chaque appel ; 24 à 256 lettres, chiffres, - ou _."
    )
    telegram_api_url: str = Field(
        TELEGRAM_API,
        description="Adresse de l'API de Telegram ; une autre pour un serveur d'essai.",
    )
    received_per_day: int = Field(
        80, description="Messages lus par jour, par numéro (SMS) ou par compte (Telegram).", ge=1
    )
    sent_per_day: int = Field(100, description="Messages envoyés par jour, par numéro ou par compte.", ge=1)
    sms_budget_segments: int = Field(
        0, description="Segments par mois à ne pas dépasser sans alerte ; 0 : pas de budget.", ge=0
    )
    workers: int = Field(8, description="Conversations traitées en même temps.", ge=1, le=64)
    office_hours: str = Field(
        "Mo-Fr 09:00-12:00,14:00-17:00",
        description="Heures où quelqu'un répond aux demandes (opening_hours d'OpenStreetMap) ; fermé les jours fériés.",
    )
    claim_minutes: int = Field(
        120, description="Minutes d'ouverture dans lesquelles quelqu'un prend une demande.", ge=1, le=6000
    )
    urgent_minutes: int = Field(30, description="La même durée pour une demande urgente.", ge=1, le=6000)
    silence_minutes: int = Field(
        240,
        description="Minutes d'ouverture sans réponse de qui l'a prise, avant qu'une demande revienne.",
        ge=1,
        le=6000,
    )
    smtp_url: str = Field(
        "",
        description="Serveur d'e-mail : smtp+starttls://compte:motdepasse@serveur:587, smtps://… ou smtp://… ; vide : pas d'e-mail.",
    )
    mail_from: str = Field(
        "",
        description="Expéditeur des e-mails : adresse, ou Nom <adresse> ; nécessaire avec un serveur d'e-mail.",
    )
    smtp_ca_file: str = Field(
        "",
        description="Fichier PEM du certificat qui garantit le serveur d'e-mail ; vide : les autorités du système.",
    )

    @validator("sms_gateway")
    def _gateway_is_known(cls, value: str) -> str:
        if value not in SMS_GATEWAYS:
            raise ValueError(f"valeurs possibles : {', '.join(name for name in SMS_GATEWAYS if name)}")
        return value

    @validator("sms_secret", always=True)
    def _secret_is_long(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("sms_gateway") and len(value) < MIN_SECRET:
            raise ValueError(f"{MIN_SECRET} caractères au moins, tirés au hasard")
        return value

    @validator("telegram_mode")
    def _mode_is_known(cls, value: str) -> str:
        if value not in TELEGRAM_MODES:
            raise ValueError(f"valeurs possibles : {', '.join(mode for mode in TELEGRAM_MODES if mode)}")
        return value

    @validator("telegram_token", always=True)
    def _robot_has_its_token(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("telegram_mode") and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
            raise ValueError("le jeton a la forme 123456:ABC…, comme BotFather le donne")
        return value

    @validator("telegram_secret", always=True)
    def _webhook_has_its_secret(cls, value: str, values: dict[str, Any]) -> str:
        is_needed = values.get("telegram_mode") == "webhook"
        if is_needed and not re.fullmatch(rf"[A-Za-z0-9_-]{{{MIN_SECRET},256}}", value):
            raise ValueError(f"{MIN_SECRET} à 256 lettres sans accent, chiffres, - ou _, tirés au hasard")
        return value

    @validator("telegram_api_url", always=True)
    def _webhook_has_an_address(cls, value: str, values: dict[str, Any]) -> str:
        calls_us = values.get("telegram_mode") == "webhook" and value == TELEGRAM_API
        if calls_us and not values.get("public_url", "").startswith("https://"):
            raise ValueError("avec webhook, BOT_PUBLIC_URL doit commencer par https://")
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

    @validator("office_hours")
    def _hours_are_readable(cls, value: str) -> str:
        if not validate(value):
            raise ValueError("écrivez des horaires OpenStreetMap, par exemple Mo-Fr 09:00-12:00,14:00-17:00")
        return value

    @validator("smtp_url")
    def _mail_server_is_readable(cls, value: str) -> str:
        if value:
            read_mail_server(value)
        return value

    @validator("mail_from", always=True)
    def _mails_have_a_sender(cls, value: str, values: dict[str, Any]) -> str:
        if value or values.get("smtp_url"):
            read_sender(value)
        return value

    @validator("smtp_ca_file")
    def _certificate_is_readable(cls, value: str) -> str:
        if value:
            try:
                ssl.create_default_context(cafile=value)
            except OSError:
                raise ValueError("ce fichier n'existe pas, ou n'est pas un certificat PEM") from None
        return value

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @property
    def local_url(self) -> str:
        """Return the address at which this machine reaches the pages and the API."""
        host = "127.0.0.1" if self.public_host in {"0.0.0.0", "::", ""} else self.public_host  # noqa: S104
        return f"http://{host}:{self.public_port}"

    @property
    def gateway_calls(self) -> str:
        """Return the address at which an SMS gateway reaches this service."""
        return (self.sms_callback_url or self.public_url or self.local_url).rstrip("/")

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL of the store (async driver)."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'assistant.db'}"

    @property
    def rasa_tracker_db(self) -> Path:
        """Return the SQLite file of Rasa's tracker store."""
        return self.var / "rasa.db"


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError that names each unknown or wrong variable."""
    env = os.environ if env is None else env
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.__fields__}
    unknown = sorted(name for name in env if name.startswith(ENV_PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"réglage inconnu : {', '.join(unknown)} (voir docs/reglages.md)")
    values = {name[len(ENV_PREFIX) :].lower(): value for name, value in env.items() if name in known}
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{ENV_PREFIX}{str(e['loc'][0]).upper()} ({french_message(dict(e))})" for e in error.errors()
        )
        raise SettingsError(f"réglage incorrect : {wrong}") from error
