"""Fill the texts of data/responses with what any of them may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from bot.answers.places import one_line, own_places, short_line
from bot.knowledge.loader import Knowledge
from bot.knowledge.responses import fill, to_block
from bot.model.answer import Answer, AnswerType, Block, Choice, Place
from bot.model.french import PARIS, today_in_france
from bot.settings import Settings


class Texts:
    """The texts for one territory. `today` and `now` (Paris time) are asked each time: a process may run for weeks."""

    def __init__(
        self,
        knowledge: Knowledge,
        settings: Settings,
        today: Callable[[], date] = today_in_france,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.knowledge = knowledge
        self._settings = settings
        self._today = today
        self._now = now or (lambda: datetime.combine(today(), datetime.now(PARIS).time()))

    def say(self, kind: AnswerType, key: str, *picks: Choice, **values: str) -> Answer:
        """Return a text of data/responses as an answer with these choices: for what one channel alone has to say."""
        return self._say(kind, key, picks, values)

    def _say(
        self,
        kind: AnswerType,
        key: str,
        picks: tuple[Choice, ...],
        values: dict[str, str] | None = None,
    ) -> Answer:
        return Answer(type=kind, blocks=self._blocks(key, values), sms=self._sms(key, values), choices=picks)

    def _blocks(self, key: str, values: dict[str, str] | None = None) -> tuple[Block, ...]:
        known = self._values(values)
        blocks = (to_block(bloc) for bloc in self.knowledge.responses[key].web)
        return tuple(
            replace(block, items=tuple(fill(item, known) for item in block.items)) for block in blocks
        )

    def _sms(self, key: str, values: dict[str, str] | None = None) -> str:
        return fill(self.knowledge.responses[key].sms, self._values(values))

    def _values(self, values: dict[str, str] | None) -> dict[str, str]:
        """Return what any text may name: the retention in force, the publisher, the first place to go."""
        own = self._own_places()
        return {
            "jours": str(self._settings.retention_days),
            "editeur": self._settings.editeur or "non renseigné",
            "lieu": one_line(own[0]) if own else "votre mairie.",
            "lieu_sms": short_line(own[0]) if own else "votre mairie",
            **(values or {}),
        }

    def _own_places(self) -> tuple[Place, ...]:
        return own_places(self.knowledge, self._now())

    def _title(self, fiche_id: str) -> str:
        fiche = self.knowledge.fiches.get(fiche_id)
        return fiche.titre if fiche else self.knowledge.taxonomy.subjects[fiche_id].titre
