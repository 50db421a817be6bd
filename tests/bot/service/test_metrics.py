"""What is measured names nobody: every label and every value that may stand in it is listed here."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.model.answer import AnswerType
from bot.service import metrics
from bot.store.database import now
from bot.store.measures import Waiting
from channels import registry
from channels.borne.surface import KioskSurface
from channels.web.conversation import WebSurface
from channels.widget.surface import WidgetSurface

ALLOWED = {
    "canal": {"web", "api", "widget", "borne", "sms", "telegram", "autre"},
    "type": {
        "fiche", "orientation", "clarification", "escalade", "urgence", "accueil", "confidentialite", "hors_sujet",
        "incompris", "lieu", "estimation",
    },
    "etat": {
        "queued", "handing", "accepted", "buffered", "sent", "rejected", "undelivered", "delivered", "failed", "expired",
        "stopped", "autre",
    },
    "limite": {"conversation", "message", "new", "sheet", "autre"},
    "raison": {"refused", "locked"},
    "le": {
        "0.01", "0.025", "0.05", "0.1", "0.15", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "300.0",
        "3600.0", "+Inf",
    },
}  # fmt: skip
NOTHING = Waiting(0, 0, {})


def values(waiting: Waiting | None = NOTHING) -> dict[tuple[str, ...], float]:
    """Return every measure by its name and the values of its labels."""
    text = metrics.exposition(waiting).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_no_label_holds_anything_but_what_is_listed() -> None:
    metrics.note_received("+33639980001")
    metrics.note_limited("203.0.113.7")
    strange = Waiting(1, 1, {("mon mari me frappe", "0123abcd"): 3, ("sms", "queued"): 2})
    text = metrics.exposition(strange).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for label, value in sample.labels.items():
                assert value in ALLOWED[label], sample
    for word in ("33639980001", "203.0.113.7", "frappe", "0123abcd"):
        assert word not in text


def test_every_channel_has_its_name_in_the_list() -> None:
    surfaces = {surface.channel for surface in (WebSurface, WidgetSurface, KioskSurface)}
    assert surfaces | {"api"} == set(metrics.SURFACES)


@pytest.fixture(autouse=True, scope="module")
def known() -> None:
    """The channels that write to people, as the assistant gives them when it opens."""
    metrics.know_channels(channel.name for channel in registry.channels())


def test_each_thing_counted_is_counted_once() -> None:
    before = values()
    metrics.note_received("sms")
    for kind in AnswerType:
        metrics.note_answer(kind)
    metrics.note_answered(now() - timedelta(seconds=0.2))
    metrics.note_answered(now() + timedelta(hours=1))  # the clock was set back
    metrics.note_rasa_failure()
    metrics.note_sign_in_refused(locked=True)
    metrics.note_limited("message")
    after = values()
    changed = {key: round(value - before[key], 3) for key, value in after.items() if value != before[key]}
    assert 0.2 <= changed.pop(("assistant_answer_seconds_sum",)) < 60
    assert changed == {
        ("assistant_messages_total", "sms"): 1,
        **{("assistant_answers_total", kind.value): 1 for kind in AnswerType},
        ("assistant_answer_seconds_count",): 2,
        **{("assistant_answer_seconds_bucket", le): 1 for le in ("0.01", "0.025", "0.05", "0.1", "0.15")},
        **{
            ("assistant_answer_seconds_bucket", le): 2
            for le in ALLOWED["le"] - {"0.01", "0.025", "0.05", "0.1", "0.15"}
        },
        ("assistant_rasa_failures_total",): 1,
        ("assistant_sign_ins_refused_total", "locked"): 1,
        ("assistant_limited_total", "message"): 1,
    }


def test_a_store_that_does_not_answer_leaves_no_old_figure() -> None:
    assert values(Waiting(4, 5, {("sms", "queued"): 6}))[("assistant_deliveries", "sms", "queued")] == 6
    found = values(None)
    assert found[("assistant_store_up",)] == 0
    assert found[("assistant_answers_waiting",)] != found[("assistant_answers_waiting",)]  # not a number
    assert ("assistant_deliveries", "sms", "queued") not in found


def test_each_measure_is_told_to_who_installs() -> None:
    page = Path("docs/mesures.md").read_text(encoding="utf-8")
    for family in text_string_to_metric_families(metrics.exposition(NOTHING).decode()):
        if not family.name.endswith("_created"):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            assert f"| `{name}` |" in page
