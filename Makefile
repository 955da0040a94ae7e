# The two commands of the README, and what developers need. Everything is installed into .venv/ and nowhere else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help install install-dev demo test check endurance bench lock catalogs clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/installed  ## install the hotline into .venv/

install-dev: $(VENV)/installed-dev  ## the same with everything that tests need

demo: install  ## run the hotline with a local Telegram and print the address of a page
	$(BIN)/hotline demo

check: install-dev  ## lint, types, import contract, knowledge with its flows and talks
	$(BIN)/ruff check bot tests benchmarks
	$(BIN)/ruff format --check bot tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hotline kb check

test: check  ## run all checks and tests
	$(BIN)/pytest -n 3 --dist loadfile

endurance: install-dev  ## long runs: crashes, faults, memory; writes what docs/benchmarks.md reports
	$(BIN)/pytest -m endurance

bench: install-dev  ## measure; prints machine, versions, peers and ratios
	$(BIN)/python -m benchmarks

lock:  ## renew the lock files from pyproject.toml
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

clean:  ## remove what was installed and made
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
