# Two commands on a fresh machine: `make run` and `make test`. Everything lives in .venv; remove it to start anew.

PORT ?= 8000
# The first of these that is new enough and can make a virtual environment is used.
PYTHONS ?= python3.14 python3.13 python3.12 python3.11 python3
PYTEST_ARGS ?=

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet install
INSTALL_LOCKED := $(PIP) --require-hashes --no-build-isolation --use-pep517

# A virtual environment whose Python has gone (an upgrade, a moved checkout) is made again.
$(shell [ -x $(PYTHON) ] || rm -f $(VENV)/*.done)

.DEFAULT_GOAL := help
.PHONY: run install test e2e pictures lint strings transcripts bench bench-data chaos fuzz lock help

run: $(VENV)/run.done ## start everything with demo data on http://localhost:8000 (PORT= changes the port)
	@DEMO=1 PORT=$(PORT) exec $(VENV)/bin/kunnafoni run

install: $(VENV)/run.done ## install what a live desk needs, and start nothing

test: $(VENV)/test.done ## install what the tests need, then run all of them
	@$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist worksteal $(PYTEST_ARGS)

e2e: $(VENV)/test.done ## only the tests in a real browser
	@$(PYTHON) -m pytest tests/e2e $(PYTEST_ARGS)

pictures: $(VENV)/test.done ## draw the pages in docs/pictures anew
	@$(PYTHON) -m pytest tests/e2e/test_story.py --pictures $(PYTEST_ARGS)

lint: $(VENV)/test.done ## style, types, the direction of imports, the catalogues
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy --strict bot flows
	@$(VENV)/bin/lint-imports --no-logo
	@$(PYTHON) -m bot.languages.strings --check

strings: $(VENV)/run.done ## collect the sentences of the code into the catalogues
	@$(PYTHON) -m bot.languages.strings

transcripts: $(VENV)/test.done ## write the talks in tests/flows/transcripts anew
	@$(PYTHON) -m tests.flows.transcripts

bench: $(VENV)/test.done ## speed: our turn against the floor, as ratios
	@$(PYTHON) -m bench

bench-data: $(VENV)/test.done ## fill a database for the benchmark
	@$(PYTHON) -m bench.data

chaos: $(VENV)/test.done ## kill workers and databases and count what is lost
	@$(PYTHON) -m tests.chaos

fuzz: $(VENV)/test.done ## bad input without end
	@$(PYTHON) -m tests.fuzz

lock: ## choose versions anew and write the locks with their hashes
	@python3 -m venv build/lock && build/lock/bin/pip install --quiet uv
	@build/lock/bin/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	@build/lock/bin/uv pip compile $(LOCK_OPTIONS) --constraint requirements.lock --extra test pyproject.toml -o requirements-test.lock
	@echo 'setuptools>=77' | build/lock/bin/uv pip compile $(LOCK_OPTIONS) - -o requirements-build.lock

LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --exclude-newer "7 days"

help: ## this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

$(PYTHON):
	@found=; \
	for each in $(PYTHONS); do \
	    "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    found="$$each"; \
	    "$$each" -c 'import ensurepip, venv' 2>/dev/null && break; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Kunnafoni needs Python 3.11 or newer; the newest Debian package python3 has it." >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "Python can't make virtual environments here: install the Debian package python3-venv." >&2; exit 1; \
	fi; \
	"$$found" -m venv --clear $(VENV)

$(VENV)/run.done: requirements.lock requirements-build.lock pyproject.toml | $(PYTHON)
	@echo "Installing into $(VENV), once; this takes about a minute." >&2
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(INSTALL_LOCKED) -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/test.done: requirements-test.lock $(VENV)/run.done
	@echo "Installing what the tests need into $(VENV), once." >&2
	@$(INSTALL_LOCKED) -r requirements-test.lock
	@touch $@
