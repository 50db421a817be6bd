#!/bin/sh
# What the tests need beside Python: Chromium, Java, Kannel, PostgreSQL, Redis, nginx, openssl, curl, poppler and Pango (Debian), axe-core, vnu, an SMPP server and a Telegram server
# (npm). Installed when missing and when this runs as root; otherwise says exactly what to install, and fails: no test is skipped.
set -eu
cd "$(dirname "$0")/.."
missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
[ -x /usr/sbin/bearerbox ] || missing="$missing kannel"
[ -x /usr/lib/kannel/test/fakesmsc ] || missing="$missing kannel-extras"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -x /usr/bin/redis-server ] || missing="$missing redis-server"
[ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v curl >/dev/null 2>&1 || missing="$missing curl"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
ldconfig -p | grep -q libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
ldconfig -p | grep -q libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
ldconfig -p | grep -q libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
if [ -n "$missing" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Il manque :$missing. Installez d'abord : apt-get install -y --no-install-recommends$missing" >&2
    exit 3
  fi
  echo "Installation de$missing…"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installation de axe-core, de vnu, de smpp et de telegram-test-api…"
  npm ci --silent --no-audit --no-fund --ignore-scripts
  touch node_modules/.package-lock.json
fi
# schemathesis wants a newer jsonschema than Rasa's, telemelya a newer pydantic and redis: each has an environment of its own.
for tool in schemathesis telemelya; do
  wanted=$(sha256sum outils/$tool/requirements.lock | cut -d' ' -f1)
  if [ "$(cat .outils/$tool/verrou 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installation de $tool…"
    rm -rf .outils/$tool
    UV_PYTHON_DOWNLOADS=never .outils/bin/uv venv --quiet --python .venv/bin/python .outils/$tool
    .outils/bin/uv pip sync --quiet --python .outils/$tool/bin/python --require-hashes outils/$tool/requirements.lock
    echo "$wanted" > .outils/$tool/verrou
  fi
done
