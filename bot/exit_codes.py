"""What the `bot` command returns, for scripts to rely on."""

from __future__ import annotations

OK = 0
PROBLEMS = 1
USAGE = 2
CANNOT_START = 3
EXIT_CODES = {
    OK: "tout va bien",
    PROBLEMS: "des points sont à corriger",
    USAGE: "commande ou réglage incorrect",
    CANNOT_START: "le démarrage est impossible",
}
