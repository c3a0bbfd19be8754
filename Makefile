# Wardpost. `make demo` shows it, `make test` proves it, `make help` lists the rest.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
SHELL := /bin/sh
# Not named PYTHON: that one is the visitor's, and tools/bootstrap.sh reads it.
PY := .venv/bin/python
ARGS ?=
# Compiled Python is kept under .run, also where the environment forbids it beside the sources: otherwise every process
# of the house compiles three thousand files again when it starts.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/.run/pycache

.PHONY: help demo setup serve test lint bench stop lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: ## Play the demo day and open the house (ARGS=--check prints the day as JSON and ends)
	@sh tools/bootstrap.sh base
	@WARDPOST_LOCAL_SECRETS=1 $(PY) manage.py demo $(ARGS)

serve: ## Open the house without playing the demo day
	@sh tools/bootstrap.sh base
	@WARDPOST_LOCAL_SECRETS=1 $(PY) manage.py serve $(ARGS)

setup: ## Prepare Python, packages and translations for development
	@sh tools/bootstrap.sh dev

test: setup ## Run every test, browser journeys included (ARGS=… goes to pytest)
	@$(PY) -m tools.run_tests $(ARGS)

lint: setup ## Check style, types and import contracts
	@sh tools/lint.sh

bench: setup ## Measure speed and memory
	@WARDPOST_LOCAL_SECRETS=1 $(PY) -m bench $(ARGS)

screenshots: setup ## Take the README's pictures from a demo that runs in another window
	@$(PY) -m tools.screenshots $(ARGS)

stop: ## Stop a run that was started elsewhere
	@if [ -x $(PY) ]; then $(PY) -m config.runtime.stop; fi

lock: setup ## Resolve pyproject.toml into requirements/*.txt again
	@sh tools/lock.sh

clean: stop ## Remove everything that running has made
	@rm -rf .venv .run .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
