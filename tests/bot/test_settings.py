"""Settings: each has a sentence and a default that works; an unknown or wrong one fails by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings, refuse_unknown_settings


def test_without_any_variable_the_defaults_work() -> None:
    settings = load_settings({})
    assert (settings.public_port, settings.retention_days) == (8080, 30)


def test_a_variable_that_is_not_ours_is_left_alone() -> None:
    assert load_settings({"PATH": "/bin", "ROBOT_PORT": "x"}) == load_settings({})


@pytest.mark.parametrize("name", sorted(Settings.__fields__))
def test_every_setting_has_a_sentence(name: str) -> None:
    sentence = Settings.__fields__[name].field_info.description
    assert sentence
    assert len(sentence.split()) >= 3
    assert sentence.endswith(".")


@pytest.mark.parametrize("name", sorted(Settings.__fields__))
def test_every_setting_is_read_from_its_own_variable(name: str) -> None:
    default = getattr(load_settings({}), name)
    given = f"{default}-autre" if isinstance(default, str) else str(default)
    given = "vrai-dossier" if isinstance(default, Path) else given
    given = {
        "office_hours": "Mo 09:00-12:00",
        "embed_origins": "https://www.mairie.example https://agglo.example:8443",
        "smtp_url": "smtp://localhost",
        "mail_from": "droits@mairie.example",
        "smtp_ca_file": "",
        "database_url": "postgresql+asyncpg://assistant@base.example/assistant",
        "redis_url": "redis://redis.example:6379/1",
        "log_format": "json",
        "rasa_urls": "http://10.0.0.1:5005 http://10.0.0.2:5005",
        "actions_url": "http://10.0.0.3:5055",
    }.get(name, given)
    needed = {"BOT_MAIL_FROM": "droits@mairie.example"} if name == "smtp_url" else {}
    read = getattr(load_settings({f"BOT_{name.upper()}": given, **needed}), name)
    assert str(read) == given


def test_a_part_that_reads_the_core_alone_leaves_the_names_of_channels() -> None:
    assert load_settings({"BOT_WORKERS": "2", "BOT_PIGEON_VOYAGEUR": "gris"}).workers == 2


def test_unknown_settings_are_all_named() -> None:
    with pytest.raises(SettingsError) as caught:
        refuse_unknown_settings(Settings, {"BOT_RETENTION": "3", "BOT_COULEUR": "bleu", "BOT_WORKERS": "2"})
    assert "BOT_COULEUR, BOT_RETENTION" in str(caught.value)
    assert "BOT_WORKERS" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_RASA_PORT", "cinq mille"),
        ("BOT_DATABASE_URL", "mysql://base"),
        ("BOT_REDIS_URL", "localhost:6379"),
        ("BOT_LOG_FORMAT", "xml"),
        ("BOT_RASA_URLS", "127.0.0.1:5005"),
        ("BOT_CHANNEL_WORKERS", "2"),
        ("BOT_PUBLIC_PORT", "0"),
        ("BOT_PUBLIC_PORT", "65536"),
        ("BOT_RETENTION_DAYS", "0"),
        ("BOT_RETENTION_DAYS", "366"),
        ("BOT_RASA_TIMEOUT_SECONDS", "10"),
        ("BOT_RASA_TIMEOUT_SECONDS", "0"),
        ("BOT_WORKERS", "0"),
        ("BOT_TRUSTED_PROXIES", "-1"),
        ("BOT_COOKIE_SECURE", "peut-être"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"réglage incorrect : {name} "):
        load_settings({name: value})


def test_several_wrong_values_are_told_together() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"BOT_WORKERS": "beaucoup", "BOT_RASA_PORT": "-1"})
    assert "BOT_WORKERS" in str(caught.value)
    assert "BOT_RASA_PORT" in str(caught.value)


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(TypeError):
        load_settings({}).workers = 2


def test_the_store_is_a_file_of_the_data_folder_unless_a_database_is_named() -> None:
    assert load_settings({"BOT_VAR": "/tmp/v"}).database == "sqlite+aiosqlite:////tmp/v/assistant.db"
    named = load_settings({"BOT_DATABASE_URL": "postgresql+asyncpg://localhost/bot"})
    assert named.database == "postgresql+asyncpg://localhost/bot"


def test_rasa_keeps_its_trackers_in_the_data_folder() -> None:
    assert load_settings({"BOT_VAR": "/tmp/v"}).rasa_tracker_db == Path("/tmp/v/rasa.db")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BOT_OFFICE_HOURS": "du lundi au vendredi"}, "BOT_OFFICE_HOURS"),
        ({"BOT_OFFICE_HOURS": ""}, "BOT_OFFICE_HOURS"),
        ({"BOT_SMTP_URL": "relais.example", "BOT_MAIL_FROM": "a@mairie.example"}, "BOT_SMTP_URL"),
        ({"BOT_SMTP_URL": "smtp://a:secret@relais.example", "BOT_MAIL_FROM": "a@b.example"}, "BOT_SMTP_URL"),
        ({"BOT_SMTP_URL": "smtps://a:secret@relais.example"}, "BOT_MAIL_FROM"),
        ({"BOT_MAIL_FROM": "le secrétariat"}, "BOT_MAIL_FROM"),
        ({"BOT_SMTP_CA_FILE": "rien.pem"}, "BOT_SMTP_CA_FILE"),
        ({"BOT_SMTP_CA_FILE": __file__}, "BOT_SMTP_CA_FILE"),
    ],
)
def test_hours_and_mail_that_would_not_work_are_refused_without_a_password(
    given: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named) as refusal:
        load_settings(given)
    assert "secret" not in str(refusal.value)
    assert str(refusal.value).count("BOT_") == 1
