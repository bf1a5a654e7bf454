# The menu of daily commands. PORT= and HOST= choose where `make run` listens; GROUP= what `make bench` measures.
# SECONDS= of the processor that `make fuzz` throws made-up texts at the parser of addresses.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin

.PHONY: run test lint bench demo fuzz setup setup-tests python
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/veche run

test: setup-tests
	@$(BIN)/python -m pytest -n 2 --maxschedchunk 4

lint: setup-tests
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/lint-imports && $(BIN)/djlint --lint veche \
	&& $(BIN)/python -m pytest -q config/tests/test_architecture.py config/tests/test_translations.py \
	config/tests/test_docs.py config/tests/test_events.py

bench: setup
	@$(BIN)/veche bench $(GROUP)

demo: setup
	@$(BIN)/veche demo

fuzz: SECONDS = 3600
fuzz: python
	@$(PYTHON) -m config.running.setup --fuzz
	@PYTHONPATH=. $(BIN)/python veche/addresses/tests/fuzz_parsing.py $(SECONDS)

setup: python
	@$(PYTHON) -m config.running.setup

setup-tests: python
	@$(PYTHON) -m config.running.setup --tests

python:
	@test -n "$(PYTHON)" || { case "$${LC_ALL:-$$LANG}" in \
	ru*) echo "Нужен Python 3.11 или новее: поставьте его, команда python3." ;; \
	*) echo "Python 3.11 or newer is needed: install it as python3." ;; esac >&2; exit 1; }
