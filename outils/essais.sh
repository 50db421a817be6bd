#!/bin/sh
# Every quick test. The model is trained beside those that need none, on both cores; then come those of the whole assistant.
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
.venv/bin/bot train > "$log" 2>&1 &
training=$!
trap 'kill "$training" 2>/dev/null || true; rm -f "$log"' EXIT
status=0
.venv/bin/python -m pytest -m "not lent and not modele" -n 2 --dist loadfile || status=$?
wait "$training" || { cat "$log"; exit 1; }
cat "$log"
.venv/bin/python -m pytest -m "modele and not lent" || status=$?
exit $status
