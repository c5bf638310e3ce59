# Trunkline. `make` lists the targets; `make build` and `make test` are all the set-up there is.

VENV ?= .venv
DBT_ARGS ?=
PYTEST_ARGS ?=
EVENTS ?= 10_000_000

# Debian packages that some suites need. None so far.
SYSTEM_PACKAGES :=

# No tool waits for a network that is not there.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet
DBT := $(BIN)/dbt
HERE := --project-dir . --profiles-dir .
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# Linters read a manifest of their own, so that nobody's target folder or database is touched.
LINT := .build/lint

LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --quiet
SQL := models tests

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# ---------------------------------------------------------------------------------- the two commands

.PHONY: build
build: $(INSTALLED) ## Build the warehouse from the raw data, then print the headline metrics
	$(DBT) build $(HERE) $(DBT_ARGS)
	@$(BIN)/trunkline headline

.PHONY: test
test: $(INSTALLED_DEV) ## Run every linter, then every test (pytest runs dbt's data and unit tests too)
	@failed=""; \
	$(MAKE) lint || failed="$$failed lint"; \
	$(BIN)/python -m pytest $(PYTEST_ARGS) || failed="$$failed pytest"; \
	if [ -n "$$failed" ]; then echo "make test failed in:$$failed" >&2; exit 1; fi

.PHONY: soak
soak: $(INSTALLED_DEV) ## Run the long proofs (400 worlds against the oracle, 200 incremental histories): for a nightly run
	$(BIN)/python -m pytest -m soak $(PYTEST_ARGS)

.PHONY: bench
bench: $(INSTALLED_DEV) ## Measure builds, a new day, answers and other engines (EVENTS=10_000_000)
	$(BIN)/python -m benchmarks --events $(EVENTS)

# ---------------------------------------------------------------------------------------- day to day

.PHONY: docs
docs: $(INSTALLED) ## Write the documentation site (one HTML file) and print its path
	@test -f "$${TRUNKLINE_DATABASE:-trunkline.duckdb}" || $(MAKE) build
	$(DBT) docs generate --static $(HERE)
	@echo "$(CURDIR)/target/static_index.html"

.PHONY: lint
lint: $(INSTALLED_DEV) ## Run the linters: ruff, mypy, yamllint, codespell, sqlfluff, dbt-bouncer
	@failed=""; \
	run() { name="$$1"; shift; \
		if "$$@"; then echo "lint: $$name passed"; else failed="$$failed $$name"; fi; }; \
	run ruff-check $(BIN)/ruff check --quiet .; \
	run ruff-format $(BIN)/ruff format --quiet --check .; \
	run mypy $(BIN)/mypy --no-error-summary; \
	run yamllint $(BIN)/yamllint --strict .; \
	run codespell $(BIN)/codespell; \
	run sqlfluff env PYTHONWARNINGS=ignore::UserWarning \
		$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar $(SQL); \
	run dbt $(MAKE) lint-dbt; \
	if [ -n "$$failed" ]; then echo "lint failed in:$$failed" >&2; exit 1; fi

.PHONY: lint-dbt
lint-dbt: $(INSTALLED_DEV) ## Parse the project with every warning an error, then check it with dbt-bouncer
	@TRUNKLINE_DATABASE=$(LINT)/lint.duckdb $(DBT) --quiet --warn-error parse $(HERE) \
		--target-path $(LINT)/target --log-path $(LINT)/logs
	@$(BIN)/dbt-bouncer run --show-all-failures

.PHONY: format
format: $(INSTALLED_DEV) ## Rewrite Python and SQL to the house style
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/sqlfluff fix --processes 0 --disable-progress-bar $(SQL)

.PHONY: lock
lock: $(INSTALLED_DEV) ## Write both lock files anew from pyproject.toml, keeping the versions that still fit
	$(LOCK) $(LOCK_ARGS) --all-extras --output-file requirements-dev.lock
	$(LOCK) $(LOCK_ARGS) --constraints requirements-dev.lock --output-file requirements.lock

.PHONY: upgrade
upgrade: ## As lock, with the newest versions that pyproject.toml allows
	@$(MAKE) lock LOCK_ARGS=--upgrade

.PHONY: clean
clean: ## Remove what builds and tests leave; the environment and the database stay
	rm -rf .build target logs .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: system-deps
system-deps: ## Install the Debian packages that some tests need
	@if [ -z "$(strip $(SYSTEM_PACKAGES))" ]; then \
		echo "system-deps: no Debian package is needed"; \
	elif ! command -v apt-get >/dev/null; then \
		echo "system-deps: install these by hand: $(SYSTEM_PACKAGES)" >&2; exit 1; \
	else \
		sudo=""; test "$$(id -u)" -eq 0 || sudo=sudo; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq $(SYSTEM_PACKAGES); \
	fi

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ----------------------------------------------------------------------------------- the environment

# The first interpreter that pyproject.toml allows and that can make a virtual environment.
$(BIN)/python:
	@set -e; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
			2>/dev/null; then \
			echo "creating $(VENV) with $$("$$candidate" --version)"; \
			"$$candidate" -m venv $(VENV); exit 0; \
		fi; \
	done; \
	echo "No Python 3.11, 3.12 or 3.13 with venv and pip was found; install one or say PYTHON=..." >&2; exit 1

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing requirements.lock into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	@echo "installing requirements-dev.lock into $(VENV)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
