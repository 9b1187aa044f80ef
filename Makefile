# One word for each job. Everything stands on `setup`, which is quick when nothing has changed.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
WORKERS ?= 2

# Compiled modules are kept, whatever the environment says: the tests start hundreds of processes of the program.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := WORKERS=$(WORKERS) sh installer/run_tests.sh

.PHONY: help setup run test test-full check format bench gallery dist lock clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup:  ## make .venv with the program and all that the tests need
	@sh installer/setup.sh

run: setup  ## walk the sample campaign to a signed report in build/demo
	@sh installer/run_demo.sh build/demo

test: setup  ## run the tests, headless
	$(PYTEST)

test-full: setup  ## run the tests with every long loop whole
	$(PYTEST) --full --timeout 3600

check: setup  ## format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

format: setup  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## measure against the floors, side by side
	$(BIN)/python -m bench.run

gallery: setup  ## paint every page and dialog into build/gallery
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.gui.gallery build/gallery

dist: setup  ## build the bundle in dist/gengdi and let it test itself
	$(BIN)/python installer/build.py

lock:  ## settle the versions anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --upgrade --custom-compile-command "make lock" -o requirements.lock

clean:  ## remove what was built, keep .venv
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
