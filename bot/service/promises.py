"""By when somebody looks at a request: counted in the hours of the office, less for what cannot wait."""

from __future__ import annotations

from datetime import datetime

from bot.service.office import Office
from bot.settings import Settings
from bot.store.demandes import Urgency


class Promises:
    """What may be promised. Times are UTC, without a timezone; None when the office never opens."""

    def __init__(self, office: Office, settings: Settings) -> None:
        self.office = office
        self._settings = settings

    def deadline(self, moment: datetime, urgency: Urgency) -> datetime | None:
        """Return when somebody must have taken a request made or put back at this moment."""
        return self.office.add_open_time(moment, self._minutes(urgency))

    def say(self, moment: datetime, urgency: Urgency) -> str | None:
        """Return the same in French: "aujourd'hui avant 16 h 30"."""
        return self.office.promise(moment, self._minutes(urgency))

    def silent_at(self, since: datetime) -> datetime | None:
        """Return when an operator who has not answered since this moment is held to be silent."""
        return self.office.add_open_time(since, self._settings.silence_minutes)

    def _minutes(self, urgency: Urgency) -> int:
        soon = urgency < Urgency.NORMAL
        return self._settings.urgent_minutes if soon else self._settings.claim_minutes
