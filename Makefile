# `make demo` shows the main job, `make test` passes the tests; both set up .venv on their first run. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
WORKERS ?= auto
VENV := .venv
LOCK := requirements/dev.txt
FUZZ_EXAMPLES ?= 2000
KILLS ?= 100
LOCK_DATE ?= $(shell date -u +%F)
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --require-virtualenv
COMPILE = build/lock/bin/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
	--exclude-newer $(LOCK_DATE)T00:00:00Z --custom-compile-command 'make lock LOCK_DATE=$(LOCK_DATE)'
DEMO := build/demo
ENVIRONMENTS := $(patsubst %/groundplan.yaml,%,$(wildcard environments/*/groundplan.yaml))
TERRAFORM_FOLDERS := $(wildcard modules environments)

# An active virtual environment's pip, a user's site-packages and cloud variables must not change what runs here.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/installed ## Render, validate, plan, scan and price an example environment, offline.
	@rm -rf $(DEMO)
	$(BIN)/groundplan init $(DEMO) --blueprint gpu-training --cloud aws
	$(BIN)/groundplan build $(DEMO)/groundplan.yaml -o $(DEMO)

.PHONY: test
test: $(VENV)/installed-dev ## Run all tests, offline.
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(TESTS)

.PHONY: test-fast
test-fast: $(VENV)/installed-dev ## Run the tests without the marker `slow`: two minutes. tests/README.md has both tiers.
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow" $(TESTS)

.PHONY: fuzz
fuzz: $(VENV)/installed-dev ## Feed every reader FUZZ_EXAMPLES new inputs (2000); `make test` feeds each the same 60.
	FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(BIN)/pytest -n $(WORKERS) --dist worksteal $(or $(TESTS),tests/fuzz)

.PHONY: test-changes
test-changes: $(VENV)/installed-dev ## Rehearse every edit of tests/changes/table.yaml on both clouds; `make test` tries a dozen on each.
	ALL_EDITS=1 $(BIN)/pytest -n $(WORKERS) tests/changes

.PHONY: test-live
test-live: $(VENV)/installed-dev ## Play all of tests/live on both clouds; `make test` plays the shorter ones, each on one cloud.
	ALL_LIVE=1 $(BIN)/pytest -n $(WORKERS) --dist worksteal tests/live

.PHONY: test-pipelines
test-pipelines: $(VENV)/installed-dev ## Play the rendered pipelines from pull request to destroy; `make test` plays an apply on GitHub.
	ALL_PIPELINES=1 $(BIN)/pytest tests/pipelines

.PHONY: test-kills
test-kills: $(VENV)/installed-dev ## Kill `apply` and `destroy` at KILLS random moments (100), and go on; `make test` does it twice.
	mkdir -p build; rm -f build/kills.jsonl
	ALL_LIVE=1 KILLS=$(KILLS) KILLS_LOG=$(CURDIR)/build/kills.jsonl $(BIN)/pytest -n $(WORKERS) --dist worksteal tests/live/test_kills.py; \
		code=$$?; $(BIN)/python -m tests.live.kill_table build/kills.jsonl; exit $$code

.PHONY: test-oldest
test-oldest: ## Lint and test with the oldest versions that the ranges of pyproject.toml allow.
	$(MAKE) lint test VENV=build/oldest LOCK=requirements/oldest.txt

.PHONY: test-newest
test-newest: build/lock/installed ## Lint and test with the newest versions that the ranges of pyproject.toml allow today.
	$(COMPILE) --universal pyproject.toml --extra dev -o build/newest.txt
	$(MAKE) lint test VENV=build/newest LOCK=build/newest.txt

.PHONY: lint
lint: $(VENV)/installed-dev ## Check style and types of Python and Terraform.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --strict tools
	set -e; for folder in $(TERRAFORM_FOLDERS); do $(BIN)/groundplan-terraform fmt -check -recursive -diff $$folder; done
	$(BIN)/python tools/module_docs.py

.PHONY: bench
bench: $(VENV)/installed-dev ## Measure the time and memory budgets; exit 1 when one is exceeded.
	$(BIN)/python -m tests.benchmarks.budgets

.PHONY: golden
golden: $(VENV)/installed-dev ## Rewrite golden files, module tables and example environments with what the code gives now.
	$(BIN)/python tools/module_docs.py --write
	$(MAKE) render-environments
	$(BIN)/pytest -n $(WORKERS) --update-golden tests

.PHONY: render-environments
render-environments: $(VENV)/installed ## Render the example environments and their pipelines from their specs.
	set -e; for folder in $(ENVIRONMENTS); do $(BIN)/groundplan render $$folder/groundplan.yaml -o $$folder; done
	$(BIN)/groundplan pipelines environments

.PHONY: picture
picture: $(VENV)/installed-dev ## Draw the README's picture of a comment anew, with Chromium.
	$(BIN)/python -m tests.readme.picture

.PHONY: lock
lock: build/lock/installed ## Write requirements/ anew, with hashes: what the ranges of pyproject.toml allow as of LOCK_DATE.
	$(PYTHON) tools/lower_bounds.py > build/lock/lower-bounds.txt
	$(COMPILE) --universal --group lock -o requirements/lock.txt
	$(COMPILE) --universal --group build -o requirements/build.txt
	$(COMPILE) --universal pyproject.toml --extra dev -o requirements/dev.txt
	$(COMPILE) --universal pyproject.toml -c requirements/dev.txt -o requirements/demo.txt
	$(COMPILE) pyproject.toml --extra dev -c build/lock/lower-bounds.txt --no-annotate -o requirements/oldest.txt

build/lock/installed: requirements/lock.txt
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/pip --disable-pip-version-check install --quiet --require-hashes -r requirements/lock.txt
	@touch $@

.PHONY: clean
clean: ## Remove what make made, the virtual environment too.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find generator tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: pyproject.toml requirements/demo.txt requirements/build.txt | $(BIN)/pip
	@echo "Installing groundplan into $(VENV), once: takes a minute or two."
	$(call install,requirements/demo.txt)
	@touch $@

$(VENV)/installed-dev: pyproject.toml $(LOCK) requirements/build.txt | $(BIN)/pip
	@echo "Installing groundplan and its development tools into $(VENV), once: takes a few minutes."
	$(call install,$(LOCK))
	@touch $@ $(VENV)/installed

# Everything that pip downloads stands in a lock with its hash, build backends included (docs/decisions/locks.md). Those live
# beside the environment's packages: hatchling needs a newer `packaging` than checkov allows. A lock is complete, so nothing is
# resolved: pip before 23.3 forgets the pin of a package that another one wants with an extra.
define install
	@$(PIP) install --quiet --require-hashes --no-deps --upgrade --target $(VENV)/build-backend -r requirements/build.txt
	@PYTHONPATH="$(CURDIR)/$(VENV)/build-backend" $(PIP) install --quiet --no-build-isolation --no-deps --require-hashes \
		-r <(sed -n '/^python-terraform==/,/[^\\]$$/p' $(1))
	@$(PIP) install --quiet --require-hashes --no-deps -r $(1)
	@PYTHONPATH="$(CURDIR)/$(VENV)/build-backend" $(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@$(PIP) check
endef

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or later, or run make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: run make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install the package python3-venv (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
