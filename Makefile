# Every target sets up all it needs in .venv; Python 3.11 or newer is enough.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n auto --dist loadfile
LOCKED := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help demo serve test check bench lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.runtime ## Play the stories and serve them (Ctrl-C stops)
	@$(BIN)/recognition demo

serve: .venv/.runtime ## Serve the data in ./recognition-data
	@$(BIN)/recognition serve

test: .venv/.dev ## Run all tests
	@$(PYTEST)

check: .venv/.dev ## Check format, lint, types, tests and tables
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(PYTEST)
	@$(BIN)/recognition tables check

bench: .venv/.dev ## Measure speed, each figure beside a reference of the same run
	@$(BIN)/python -m benchmarks

lock: .venv/pyvenv.cfg ## Write the hashed requirement files anew
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  pyproject.toml requirements-build.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 --group dev \
	  pyproject.toml requirements-build.in -o requirements-dev.lock

clean: ## Remove the virtual environment and caches
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	@echo "Setting up .venv (once) ..." >&2
	@$(PYTHON) -m venv .venv

.venv/.runtime: .venv/pyvenv.cfg requirements.lock pyproject.toml
	@echo "Installing the service into .venv ..." >&2
	@$(LOCKED) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing the development tools into .venv ..." >&2
	@$(LOCKED) -r requirements-dev.lock
	@touch $@
