"""Rasa tracker store that keeps what the dialogue needs and no word a person wrote."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import sqlalchemy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event


class PrivateTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """SQL tracker store without the texts of users: intents, slots and actions only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            self.engine.dispose()

    def _additional_events(
        self, session: sqlalchemy.orm.Session, tracker: DialogueStateTracker
    ) -> Iterator[Any]:
        for item in super()._additional_events(session, tracker):
            yield _without_text(item) if isinstance(item, UserUttered) else item


def _without_text(uttered: UserUttered) -> UserUttered:
    """Return a copy of the event whose text, and the copy of it Rasa keeps in parse_data, are gone."""
    bare = deepcopy(uttered)
    bare.text = None
    bare.parse_data = {**bare.parse_data, "text": ""}
    bare.parse_data.pop("text_tokens", None)
    return bare


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Let readers and the writer work together, and overwrite what is deleted."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
