"""Settings: read once from BOT_* environment variables; each has a sentence and a default that works."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from opening_hours import validate
from pydantic import BaseModel, Extra, Field, HttpUrl, ValidationError, validator

from bot.model.mail import read_mail_server, read_sender
from bot.model.server_url import check_server_url
from bot.model.validation_french import french_message

ENV_PREFIX = "BOT_"
_SECRETS_OF_THE_CORE = frozenset(("database_url", "redis_url", "smtp_url"))
_SECRET_ENDINGS = ("_secret", "_password", "_token")


def is_secret(name: str) -> bool:
    """Tell whether a setting is a secret, or an address that holds one: it is never shown."""
    return name in _SECRETS_OF_THE_CORE or name.endswith(_SECRET_ENDINGS)


MIN_SECRET = 24
"""Characters of a secret that stands in an address: fewer could be guessed."""


_HTTPS_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_LOCAL_ORIGIN = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::\d{1,5})?")
"""A trial on one's own machine."""
_RASA_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")


class SettingsError(Exception):
    """A setting is unknown or wrong; the message names it, in French."""


class Settings(BaseModel):
    """The settings of the core. Each channel adds its own; docs/reglages.md lists them for whoever installs it."""

    public_host: str = Field("127.0.0.1", description="Adresse où la page et l'API sont servies.")
    public_port: int = Field(8080, description="Port où la page et l'API sont servies.", ge=1, le=65535)
    rasa_port: int = Field(
        5005, description="Port local de Rasa, jamais ouvert à l'extérieur.", ge=1, le=65535
    )
    actions_port: int = Field(5055, description="Port local du serveur d'actions.", ge=1, le=65535)
    actions_url: str = Field(
        "",
        description="Adresse du serveur d'actions pour Rasa, quand il est sur une autre machine ; vide : le port local.",
    )
    var: Path = Field(Path("var"), description="Dossier des données : base, clés, journaux.")
    keys: str = Field(
        "",
        description="Dossier des clés, à mettre à part de la base (coffre de secrets monté, autre disque) ; vide : cles, dans le dossier des données.",
    )
    data: Path = Field(Path("data"), description="Dossier des connaissances et des textes.")
    models: Path = Field(Path("models"), description="Dossier des modèles Rasa entraînés.")
    database_url: str = Field(
        "",
        description="Base : sqlite+aiosqlite:///… ou postgresql+asyncpg://compte:motdepasse@serveur/base ; vide : SQLite, dans le dossier des données.",
    )
    redis_url: str = Field(
        "",
        description="Redis (redis://… ou rediss://…), pour plusieurs processus : événements, limites, verrous de Rasa ; vide : en mémoire.",
    )
    rasa_workers: int = Field(
        1,
        description="Processus Rasa que lance bot run, sur BOT_RASA_PORT et les ports suivants.",
        ge=1,
        le=16,
    )
    rasa_urls: str = Field(
        "",
        description="Adresses de Rasa, séparées par une espace, quand bot run ne le lance pas lui-même ; vide : les ports locaux.",
    )
    channel_workers: int = Field(
        1,
        description="Processus canaux que lance bot run sur le même port ; plus d'un demande PostgreSQL.",
        ge=1,
        le=16,
    )
    metrics_port: int = Field(
        0,
        description="Port local des mesures (/metrics) et de l'état du processus canaux, jamais ouvert à l'extérieur ; avec plusieurs processus, les ports suivants ; 0 : aucun.",
        ge=0,
        le=65535,
    )
    log_format: str = Field(
        "logfmt", description="Forme des journaux : logfmt ou json, une ligne par événement."
    )
    territoire: str = Field(
        "saint-meen-montauban", description="Territoire servi (dossier de data/territoires)."
    )
    editeur: str = Field("", description="Nom de l'organisme qui édite le service ; vide : non renseigné.")
    hebergeur: str = Field("", description="Nom et adresse de l'hébergeur du service ; vide : non renseigné.")
    dpd: str = Field(
        "",
        description="Comment joindre le délégué à la protection des données : e-mail, adresse ou téléphone ; vide : non renseigné.",
    )
    base_legale: str = Field(
        "mission d'intérêt public (RGPD, article 6-1-e)",
        description="Base légale du traitement, choisie par l'organisme et dite sur la page « Vie privée ».",
    )
    public_url: str = Field(
        "",
        description="Adresse publique du service (https://…) : les formulaires venus d'ailleurs sont refusés.",
    )
    quit_url: HttpUrl = Field(
        HttpUrl("https://meteofrance.com/", scheme="https"),
        description="Site ouvert par « Quitter vite » : banal, sans rapport avec les droits.",
    )
    embed_origins: str = Field(
        "",
        description="Sites qui peuvent intégrer l'assistant, séparés par une espace (https://www.mairie.example) ; vide : aucun.",
    )
    kiosk_seconds: int = Field(
        120,
        description="Borne : secondes sans toucher l'écran avant l'avertissement ; 30 secondes après, tout est effacé.",
        ge=20,
        le=900,
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
    received_per_day: int = Field(80, description="Messages lus par jour, par numéro ou par compte.", ge=1)
    sent_per_day: int = Field(100, description="Messages envoyés par jour, par numéro ou par compte.", ge=1)
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

    @validator("database_url")
    def _database_is_one_we_know(cls, value: str) -> str:
        if value and not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError(
                "écrivez sqlite+aiosqlite:///fichier ou postgresql+asyncpg://compte@serveur/base"
            )
        if value.startswith("postgresql"):
            check_server_url(value)
        return value

    @validator("redis_url")
    def _redis_is_readable(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("écrivez redis://serveur:6379/0 ou rediss://…")
        if value:
            check_server_url(value)
        return value

    @validator("rasa_urls")
    def _rasa_addresses_are_readable(cls, value: str) -> str:
        urls = value.split()
        if not all(_RASA_URL.fullmatch(url) for url in urls):
            raise ValueError("écrivez des adresses comme http://127.0.0.1:5005, sans barre à la fin")
        return " ".join(urls)

    @validator("actions_url")
    def _action_server_is_readable(cls, value: str) -> str:
        if value and not _RASA_URL.fullmatch(value):
            raise ValueError("écrivez une adresse comme http://127.0.0.1:5055, sans barre à la fin")
        return value

    @validator("channel_workers")
    def _several_processes_share_a_server(cls, value: int, values: dict[str, Any]) -> int:
        if value > 1 and not str(values.get("database_url", "")).startswith("postgresql"):
            raise ValueError("plusieurs processus canaux demandent PostgreSQL : réglez BOT_DATABASE_URL")
        return value

    @validator("log_format")
    def _log_format_is_known(cls, value: str) -> str:
        if value not in ("logfmt", "json"):
            raise ValueError("écrivez logfmt ou json")
        return value

    @validator("office_hours")
    def _hours_are_readable(cls, value: str) -> str:
        if not validate(value):
            raise ValueError("écrivez des horaires OpenStreetMap, par exemple Mo-Fr 09:00-12:00,14:00-17:00")
        return value

    @validator("embed_origins")
    def _origins_are_as_browsers_write_them(cls, value: str) -> str:
        origins = value.split()
        if not all(_HTTPS_ORIGIN.fullmatch(word) or _LOCAL_ORIGIN.fullmatch(word) for word in origins):
            raise ValueError("écrivez des adresses comme https://www.mairie.example, sans barre à la fin")
        return " ".join(origins)

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

    def __repr_args__(self) -> Sequence[tuple[str | None, Any]]:
        """Return what stands in a printed form: no secret does."""
        return [
            (name, "…" if is_secret(name or "") and value else value)
            for name, value in super().__repr_args__()
        ]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the settings of the whole as those of one channel, which are among them."""
        if not isinstance(settings, cls):
            raise TypeError(f"{type(settings).__name__} has not the settings of {cls.__name__}")
        return settings

    @property
    def local_url(self) -> str:
        """Return the address at which this machine reaches the pages and the API."""
        host = "127.0.0.1" if self.public_host in {"0.0.0.0", "::", ""} else self.public_host  # noqa: S104
        return f"http://{host}:{self.public_port}"

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL of the store (async driver)."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'assistant.db'}"

    @property
    def keys_folder(self) -> Path:
        """Return where the keys are."""
        return Path(self.keys) if self.keys else self.var / "cles"

    @property
    def rasa_addresses(self) -> tuple[str, ...]:
        """Return where each Rasa answers."""
        local = (f"http://127.0.0.1:{self.rasa_port + rank}" for rank in range(self.rasa_workers))
        return tuple(self.rasa_urls.split()) or tuple(local)

    @property
    def is_shared(self) -> bool:
        """Tell whether several processes of the channels may work on the same database."""
        return self.database.startswith("postgresql")

    @property
    def rasa_tracker_db(self) -> Path:
        """Return the SQLite file of Rasa's tracker store."""
        return self.var / "rasa.db"


AnySettings = TypeVar("AnySettings", bound=Settings)


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of the core alone. Raises SettingsError that names each wrong variable.

    The names it does not know are those of channels: whoever starts the assistant has read them all, and refused the rest.
    """
    return read_settings(Settings, env)


def refuse_unknown_settings(model: type[Settings], env: Mapping[str, str] | None = None) -> None:
    """Raise SettingsError that names each BOT_ variable which is no setting of this model."""
    known = _variables(model)
    given = os.environ if env is None else env
    unknown = sorted(name for name in given if name.startswith(ENV_PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"réglage inconnu : {', '.join(unknown)} (voir docs/reglages.md)")


def read_settings(model: type[AnySettings], env: Mapping[str, str] | None = None) -> AnySettings:
    """Read the settings of a model. Raises SettingsError that names each wrong variable."""
    given = os.environ if env is None else env
    values = {field: given[name] for name, field in _variables(model).items() if name in given}
    try:
        return model.parse_obj(values)
    except ValidationError as error:
        wrong = "; ".join(
            f"{ENV_PREFIX}{str(e['loc'][0]).upper()} ({french_message(dict(e))})" for e in error.errors()
        )
        raise SettingsError(f"réglage incorrect : {wrong}") from error


def _variables(model: type[Settings]) -> dict[str, str]:
    """Return the fields of a model by the variable that sets each."""
    return {f"{ENV_PREFIX}{name.upper()}": name for name in model.__fields__}
