"""The public API against its own OpenAPI file, on the whole assistant, by schemathesis."""

from __future__ import annotations

import json
import subprocess
import urllib.request

from tests.running import ROOT, RunningBot

COMMAND = str(ROOT / ".outils/schemathesis/bin/schemathesis")


def run_schemathesis(bot: RunningBot, *options: str, config: str = "") -> None:
    """Run schemathesis with every check; raise AssertionError with what it found."""
    settings = bot.var / "schemathesis.toml"
    settings.write_text(config, encoding="utf-8")
    command = [
        COMMAND, "--config-file", str(settings),
        "run", f"{bot.base_url}/api/v1/openapi.json", "--url", bot.base_url,
        "--checks", "all", "--seed", "1", "--no-color", "--request-timeout", "20", *options,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=bot.var, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_api_keeps_to_its_openapi_file(running_bot: RunningBot) -> None:
    # A stream of events never ends: tests/channels/test_events.py holds it.
    run_schemathesis(running_bot, "--max-examples", "25", "--exclude-path-regex", "events$")


def test_an_open_conversation_keeps_to_it_too(running_bot: RunningBot) -> None:
    request = urllib.request.Request(
        f"{running_bot.base_url}/api/v1/conversations",
        data=b'{"channel": "api"}',
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        opened = json.load(response)
    run_schemathesis(
        running_bot,
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", "15",
        "--include-path-regex", "/messages$",
        "--header", f"Authorization: Bearer {opened['token']}",
        # The right token is always sent, and a text that says EFFACER would end the run.
        "--exclude-checks", "ignored_auth,positive_data_acceptance",
        config=f'[parameters]\n"path.id" = "{opened["id"]}"\n',
    )  # fmt: skip
