#!/bin/sh
# Every quick test, on both cores. The model is trained beside the tests that need none; then the whole assistant is tested by two
# runs at once, each with an assistant of its own: what people say, and what they see.
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
pytest=".venv/bin/python -m pytest"
beside=
trap 'kill $beside 2>/dev/null || true; rm -f "$log"' EXIT
status=0

.venv/bin/bot train > "$log" 2>&1 &
beside=$!
$pytest -m "not lent and not modele" -n 2 --dist loadfile || status=$?
wait "$beside" || { cat "$log"; exit 1; }
cat "$log"

$pytest -m "modele and not lent" --ignore tests/e2e > "$log" 2>&1 &
beside=$!
$pytest -m "modele and not lent" tests/e2e || status=$?
wait "$beside" || status=$?
beside=
cat "$log"
exit $status
