"""What Rasa 3.6 does again at each message and needs to do once. Applied when the tracker store is loaded."""

from __future__ import annotations

from typing import Any

from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction


def apply() -> None:
    """Check what an action answers with a validator made once: Rasa checks the schema itself again each time (11 ms)."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate  # noqa: SLF001 - Rasa gives no other way
