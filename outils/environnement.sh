#!/bin/sh
# Make or bring up to date the Python environment from a committed lock.
#   outils/environnement.sh            what runs (requirements.lock)
#   outils/environnement.sh dev        what checks as well (requirements-dev.lock)
# uv comes from the package registry, with pip, into .outils when it is missing. Nothing needs root.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" = dev ] && lock=requirements-dev.lock

fail() { printf '%s\n' "$1" >&2; exit 3; }

python=
for name in python3.11 python3 python; do
  if command -v "$name" >/dev/null 2>&1 &&
     [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = 3.11 ]; then
    python=$name
    break
  fi
done
[ -n "$python" ] || fail "Il faut Python 3.11. Sur Debian 12 : apt-get install python3.11 python3.11-venv"

uv=.outils/bin/uv
if [ ! -x "$uv" ]; then
  echo "Installation de uv…"
  rm -rf .outils
  "$python" -m venv .outils || fail "Python 3.11 est sans le module venv. Sur Debian 12 : apt-get install python3.11-venv"
  .outils/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r outils/uv/requirements.lock
fi

export UV_PYTHON_DOWNLOADS=never
[ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv

# The development lock holds everything of the other: an environment made from it also runs.
wanted=$(sha256sum "$lock" | cut -d' ' -f1)
both=$(sha256sum requirements-dev.lock | cut -d' ' -f1)
installed=$(cat .venv/verrou 2>/dev/null || true)
if [ "$installed" != "$wanted" ] && [ "$installed" != "$both" ]; then
  echo "Installation des bibliothèques ($lock)…"
  rm -f .venv/verrou
  "$uv" pip sync --quiet --python .venv/bin/python --require-hashes "$lock"
  # The project itself, as it stands here: `.venv/bin/bot` then is the command.
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  pwd > "$site/assistant.pth"
  printf '#!%s/.venv/bin/python\nimport sys\nfrom bot.cli import main\nsys.exit(main())\n' "$(pwd)" > .venv/bin/bot
  chmod +x .venv/bin/bot
  echo "$wanted" > .venv/verrou
fi
