# One word per chore. `make run` and `make test` do all the set-up on a machine with Python 3.11+ and make.
SHELL := /bin/bash
export PYTHONTZPATH :=
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .stamps

.PHONY: setup run test test-fast test-browser test-postgres check fault bench catalogues golden migration lock clean

setup: $(STAMPS)/python $(STAMPS)/front $(STAMPS)/catalogues

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@$(PYTHON) -m venv .venv || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; } \
		|| { echo "Please install the venv module of Python (Debian: python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

$(STAMPS)/python: $(STAMPS)/venv requirements-dev.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.txt
	@touch $@

# Node from PATH if it is new enough, else the one that comes as a Python wheel.
$(STAMPS)/front: $(STAMPS)/python package.json package-lock.json $(wildcard campaign/static/css/* campaign/static/js/* campaign/static/icons/* campaign/static/*.mjs)
	@$(BIN)/python .ci/node.py npm ci --ignore-scripts --no-audit --no-fund --silent
	@$(BIN)/python .ci/node.py npm run build --silent
	@touch $@

$(STAMPS)/catalogues: $(STAMPS)/python $(wildcard campaign/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/pybabel --quiet compile -d campaign/translations
	@touch $@

run: setup
	@$(BIN)/python -m campaign.supervisor

$(STAMPS)/browser: $(STAMPS)/python
	@{ command -v chromium && command -v curl; } >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium curl >/dev/null; } \
		|| { echo "The browser tests need Chromium and curl (Debian: chromium, curl)."; exit 1; }
	@touch $@

# The parser of calendar files that many programs are built on is one of the three that read ours in the tests.
$(STAMPS)/libical: $(STAMPS)/python
	@echo '#include <libical/ical.h>' | gcc -E - >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq gcc libc6-dev libical-dev >/dev/null; } \
		|| { echo "The tests of calendar files need a C compiler and libical (Debian: gcc, libical-dev)."; exit 1; }
	@touch $@

# Both engines at once, each in a process of its own.
test: setup $(STAMPS)/browser $(STAMPS)/libical
	@$(BIN)/python -m pytest tests --numprocesses 2

test-fast: setup $(STAMPS)/libical
	@$(BIN)/python -m pytest tests --engine sqlite -m "not browser"

test-browser: setup $(STAMPS)/browser
	@$(BIN)/python -m pytest tests -m browser

test-postgres: setup $(STAMPS)/libical
	@$(BIN)/python -m pytest tests --engine postgresql -m "not browser"

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/house

fault: setup
	@$(BIN)/python -m tests.fault

# What is missing of the yardsticks' programs is reported in the table.
bench: setup
	@for p in wrk nginx; do command -v $$p >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq $$p >/dev/null; } || true; done
	@$(BIN)/python -m benchmarks

catalogues: setup
	@$(BIN)/pybabel --quiet extract -F .ci/babel.cfg -k lazy_gettext -k _l --no-location --sort-output -o $(STAMPS)/messages.pot .
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=120 -i $(STAMPS)/messages.pot -d campaign/translations

# After a change of words in letters, or of their translations: writes tests/reminders/golden/ anew, to be read.
golden: setup
	@GOLDEN=1 $(BIN)/python -m pytest -q tests/reminders/test_golden.py --engine sqlite

migration: setup
	@$(BIN)/flask --app wsgi db revision --autogenerate -m "$(m)"

lock: $(STAMPS)/venv
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:
	@rm -rf .venv $(STAMPS) node_modules campaign/static/build
