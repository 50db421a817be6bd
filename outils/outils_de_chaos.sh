#!/bin/sh
# What `make chaos` needs beside the tools of the tests: a C compiler (Debian), for the clock that tests/chaos moves.
set -eu
cd "$(dirname "$0")/.."
if ! command -v cc >/dev/null 2>&1; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Il manque un compilateur C. Installez d'abord : apt-get install -y --no-install-recommends gcc libc6-dev" >&2
    exit 3
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
fi
mkdir -p .outils/chaos
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o .outils/chaos/horloge.so outils/chaos/horloge.c -ldl
