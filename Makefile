# `make run` starts the assistant, `make test` checks everything; each does its own set-up.
.PHONY: run test test-lent chaos evaluate bench lint dependances verrous environnement environnement-dev outils-de-test
PYTHON := .venv/bin/python
export PYTHONWARNINGS ?= ignore

run: environnement
	@exec .venv/bin/bot run

environnement:
	@outils/environnement.sh

environnement-dev:
	@outils/environnement.sh dev

outils-de-test: environnement-dev
	@outils/outils_de_test.sh

lint: environnement-dev
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive bot channels actions outils
	@$(PYTHON) -m outils.dependances > /dev/null
	.venv/bin/bot check

# Each locked package, its licence, and what is known against it: see docs/securite.md for what this list is worth.
dependances: environnement-dev
	@$(PYTHON) -m outils.dependances

test: outils-de-test lint
	@outils/essais.sh

# Slower: each process killed in the middle of a burst, a screen reader run for real, and what else takes minutes.
test-lent: outils-de-test
	@outils/lecteur_ecran.sh
	@outils/outils_de_chaos.sh
	.venv/bin/bot train
	$(PYTHON) -m pytest -m lent -s
	$(PYTHON) -m pytest tests/bot/store tests/bot/service tests/channels -m "not lent and not modele" --moteur postgres

# Slow: faults at random over 2,000 messages on three channels, on both engines. The figures go to docs/faults.md.
chaos: outils-de-test
	@outils/outils_de_chaos.sh
	.venv/bin/bot train
	$(PYTHON) -m tests.chaos --graine 42 --messages 2000 --moteur sqlite --ecrire
	$(PYTHON) -m tests.chaos --graine 42 --messages 2000 --moteur postgres --ecrire

# How well people are understood: figures, not a pass or fail.
evaluate: environnement-dev
	.venv/bin/bot train
	$(PYTHON) -m tests.evaluation.evaluate

# What is carried and what it costs, with the machine and the date: an hour and a half on a machine that does nothing else.
# `make bench PARTIES=api,sms` measures some of it.
bench: environnement-dev
	.venv/bin/bot train
	$(PYTHON) -m tests.bench $(if $(PARTIES),--parties $(PARTIES)) $(BENCH)

# Write the locks again from pyproject.toml and the .in files.
verrous: environnement
	.outils/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header -p 3.11 --upgrade pyproject.toml -o requirements.lock
	.outils/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header -p 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	for d in uv schemathesis telemelya; do .outils/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header -p 3.11 --upgrade outils/$$d/requirements.in -o outils/$$d/requirements.lock; done
	.outils/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-deps -p 3.11 --upgrade outils/openfisca/requirements.in -o outils/openfisca/requirements.lock
