# Two commands need nothing but Python 3.11 and make: `make test` and `make demo`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help test demo check format clean

help:
	@echo "make test    run the tests"
	@echo "make demo    play 2013 for three teams on a real Temporal server"
	@echo "make check   style, types and generated files"
	@echo "make format  let ruff format and sort"
	@echo "make clean   remove .venv and caches"
	@echo "make deploy-test  build the worker's image and run it for real (root, Debian, 5 minutes)"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; this is " + sys.version.split()[0] + ". Say which one with: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal

demo: $(STAMP)
	$(BIN)/bst demo

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix-only --quiet . || true
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

.PHONY: deploy-test
# Not part of `make test`: needs root and Debian, installs an engine, takes about 5 minutes.
deploy-test: $(STAMP)
	PYTHON=$(BIN)/python deploy/try.sh
