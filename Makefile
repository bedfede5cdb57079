# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
PY := "$(CURDIR)/$(VENV)/bin/python"
PIP := $(PY) -m pip --disable-pip-version-check -qq install --no-deps --require-hashes
.DEFAULT_GOAL := help

.PHONY: help
help:  ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

##@ Run
.PHONY: run manage
run: $(VENV)/.run  ## everything, with a demo world on first start (PORT=8000 VAR_DIR=var)
	@exec $(PY) manage.py up

manage: $(VENV)/.run  ## a management command beside it: make manage ARGS="sync github:ORG"
	@$(PY) manage.py $(ARGS)

##@ Check
.PHONY: test check
test: $(VENV)/.dev $(VENV)/.browser $(VENV)/.schemas $(VENV)/.lighthouse  ## all tests, in a real browser, with real services (ARGS=tests/grants)
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)  # one test at a time to whoever is free

# The settings want a secret key; with DEBUG one is made. Nothing is started or asked.
check: export DEBUG = 1
check: export DATABASE_NO_POOL = 1
check: $(VENV)/.dev  ## quick checks: style, types, templates, migrations, architecture, compose file
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@git ls-files 'templates/*.html' | xargs "$(VENV)/bin/djade" --target-version 5.2 --check
	@"$(VENV)/bin/lint-imports" --no-logo
	@$(PY) -m mypy
	@$(PY) -W ignore manage.py makemigrations --check --dry-run
	@$(PY) -m check_jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: bench
bench: $(VENV)/.dev $(VENV)/.schemas  ## benchmarks: ratios measured side by side in one run
	@$(PY) -m bench $(ARGS)

##@ Keep
.PHONY: lock
lock: $(VENV)/.dev  ## lock the newest versions that requirements/*.in allow
	@$(PY) -m pip --quiet install uv
	@cd requirements && for set in run dev; do \
		$(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-annotate --no-header --override overrides.in $$set.in -o $$set.lock; done

.PHONY: format
format: $(VENV)/.dev  ## rewrite code and templates in the house style
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .
	@git ls-files 'templates/*.html' | xargs "$(VENV)/bin/djade" --target-version 5.2 || true

.PHONY: messages
messages: export DEBUG = 1
messages: export DJANGO_SETTINGS_MODULE = mission.settings
messages: $(VENV)/.dev  ## compile the translations; list what public pages would say in English
	@$(PY) -m tests.messages

.PHONY: clean
clean:  ## remove the virtual environment (data in var/ stays)
	@rm -rf "$(VENV)"

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Choose another: make PYTHON=python3.12 run")'
	@$(PYTHON) -m venv "$(VENV)"

$(VENV)/.run: requirements/run.lock | $(VENV)/bin/python
	@echo "Installing the locked packages (about a minute the first time) ..."
	@$(PIP) -r requirements/run.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@echo "Installing the packages for checks and tests ..."
	@$(PIP) -r requirements/dev.lock
	@touch $@

# Browser tests: an installed Chromium, else Debian's by apt when root, else Playwright's own.
$(VENV)/.browser: | $(VENV)/.dev
	@sh tests/install_browser.sh $(PY)
	@touch $@

# The tests' local GitHub is held to GitHub's own schemas, from npm. They are never part of the project.
$(VENV)/.schemas: tests/local_github/package-lock.json | $(VENV)/.dev
	@sh tests/install_schemas.sh "$(VENV)"
	@touch $@

# Public pages are measured with Lighthouse, from npm. It is never part of the project.
$(VENV)/.lighthouse: tests/lighthouse/package-lock.json | $(VENV)/.dev
	@sh tests/install_lighthouse.sh "$(VENV)"
	@touch $@
