"""Settings: read once from BOT_* environment variables; each has a sentence and a default that works."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, Extra, Field, HttpUrl, ValidationError

from bot.model.validation_french import french_message

ENV_PREFIX = "BOT_"


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
    workers: int = Field(8, description="Conversations traitées en même temps.", ge=1, le=64)

    class Config:
        extra = Extra.forbid
        allow_mutation = False

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
