"""PostgreSQL's own programs: pg_dump, pg_restore and psql. The password goes by the environment, never by the command."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings


class ToolFailed(Exception):
    """A program is missing or failed; the message, in French, says which and gives its own words."""


def dump(settings: Settings, target: Path) -> None:
    """Write the database, Rasa's schema too, as of one moment, in pg_dump's own compressed format."""
    _run(settings, ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def restore(settings: Settings, source: Path) -> None:
    """Put a dump in the place of what the database holds of ours: all of it in one transaction, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        # By a file, not by a pipe: cut short, a script would be committed as far as it goes.
        script = Path(folder) / "assistant.sql"
        _run(
            settings,
            ["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source)],
            connects=False,
        )
        _run(
            settings,
            ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction",
             f"--command={_EMPTY}", f"--file={script}"],
        )  # fmt: skip


def others_connected(settings: Settings) -> int:
    """Return how many connections the assistant, running somewhere, has to the database."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'assistant'"
    answer = _run(settings, ["psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={asked}"])
    return int(answer.strip())


_EMPTY = """
DROP SCHEMA IF EXISTS rasa CASCADE;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
  END LOOP;
END $$;
"""


def _run(settings: Settings, command: list[str], *, connects: bool = True) -> str:
    environment = {**os.environ, **(_connection(settings) if connects else {}), "LC_MESSAGES": "C"}
    try:
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise ToolFailed(
            f"Le programme {command[0]} manque : installez le paquet postgresql-client, de la version du serveur."
        ) from error
    if done.returncode != 0:
        raise ToolFailed(f"{command[0]} a échoué : {done.stderr.strip()[-600:]}")
    return done.stdout


def _connection(settings: Settings) -> dict[str, str]:
    """Return the database of the settings as libpq reads it from the environment."""
    url = make_url(settings.database)
    given = {
        "PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
        "PGDATABASE": url.database, "PGSSLMODE": url.query.get("ssl") or url.query.get("sslmode"),
    }  # fmt: skip
    return {name: str(value) for name, value in given.items() if value}
