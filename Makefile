# `make` lists the commands. Each sets up what it needs on a machine that has only some
# Python ≥ 3.10, git and make: see tools/bootstrap.py.

.DEFAULT_GOAL := help

BIN := .venv/bin
CATALOGUES := $(wildcard src/fiel/locale/*/LC_MESSAGES/*.po)
# To collect all tests takes each process a quarter of a minute.
BROWSER = $(shell grep -rl --include="test_*.py" "pytest\.mark\.browser" tests)
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -not -name icons.json -not -name texts.json -not -path "*/public/fonts/*" -print)

# The first Python on this machine that really runs: a pyenv shim may not.
PYTHON = $(shell for python in python3 python3.13 python3.12 python3.14 python3.11 python3.10 python \
	"$$HOME"/.pyenv/versions/*/bin/python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& echo "$$python" && break; done)

# A checkout that was moved or copied is set up anew: scripts in .venv name their folder.
ifneq ($(shell cat .venv/.ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/.ready
endif

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## Make .venv/bin/fiel, with all it needs

demo: setup ## Run a year of real purchases through a program, prove it, and serve it
	$(BIN)/fiel demo

test: setup ## Run the tests that need no browser, two at a time
	$(BIN)/pytest -n 2 --dist worksteal -m "not browser" $(PYTEST)

browser: setup ## Run the tests that drive a browser (needs Chromium)
	$(BIN)/pytest -n 2 --dist loadscope -m browser $(BROWSER) $(PYTEST)

check: lint types contracts ## Lint, types and import contracts

lint: setup ## Check style and form
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup ## Check the types, strictly
	$(BIN)/mypy
	$(BIN)/python tools/frontend.py types

contracts: setup ## Check that imports point one way
	$(BIN)/lint-imports

format: setup ## Put the code in its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## Measure, beside pgbench on the same machine
	$(BIN)/python -m bench $(BENCH)

messages: setup ## Collect what the code says, and list what is not translated yet
	$(BIN)/python tools/messages.py update

pictures: setup ## Take pictures of every page into pictures/, to look at them
	$(BIN)/python tools/pictures.py pictures

frontend: setup ## Build scripts and styles anew, if their sources changed
	$(BIN)/python tools/frontend.py build

reference: setup ## Write the reference and the schema of program documents into docs/
	$(BIN)/python tools/program_reference.py

clean: ## Remove what `make setup` made, and every cache
	rm -rf .venv .tools frontend/node_modules src/fiel/web/built .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.ready: uv.lock pyproject.toml tools/bootstrap.py tools/frontend.py tools/uv.txt $(CATALOGUES) $(FRONTEND)
	@test -n "$(PYTHON)" || { echo "Fiel needs some Python ≥ 3.10 to set itself up: install python3." >&2; exit 1; }
	@$(PYTHON) tools/bootstrap.py

.PHONY: help setup demo test browser check lint types contracts format bench messages pictures frontend reference clean
