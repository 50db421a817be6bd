"""The public API against its own OpenAPI file, on the whole assistant, by schemathesis."""

from __future__ import annotations

import subprocess

from tests.running import ROOT, RunningBot


def test_the_api_keeps_to_its_openapi_file(running_bot: RunningBot) -> None:
    command = [
        str(ROOT / ".outils/schemathesis/bin/schemathesis"),
        "run", f"{running_bot.base_url}/api/v1/openapi.json", "--url", running_bot.base_url,
        "--checks", "all", "--max-examples", "25", "--seed", "1", "--no-color", "--request-timeout", "20",
        "--exclude-path-regex", "events$",  # a stream never ends: tests/channels/api holds it
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=running_bot.var, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
