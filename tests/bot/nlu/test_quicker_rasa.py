"""What Rasa does again at each message is done once, and refuses as before what an action must not answer."""

from __future__ import annotations

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from bot.nlu import quicker_rasa

RIGHT = {
    "events": [{"event": "slot", "name": "fiche_en_cours", "value": "rsa"}],
    "responses": [{"custom": {}}],
}


@pytest.fixture(autouse=True)
def applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    quicker_rasa.apply()


def test_what_an_action_may_answer_is_taken() -> None:
    assert RemoteAction("action_repondre", None)._validate_action_result(RIGHT)


@pytest.mark.parametrize(
    "wrong", [{"events": "rien"}, {"responses": ["texte"]}, {"events": [{"event": "slot"}]}]
)
def test_what_it_must_not_is_refused_as_by_rasa(wrong: dict[str, object]) -> None:
    schema = RemoteAction.action_response_format_spec()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_repondre", None)._validate_action_result(wrong)


def test_the_schema_itself_is_checked_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", lambda: pytest.fail("made again"))
    assert RemoteAction("action_repondre", None)._validate_action_result(RIGHT)
