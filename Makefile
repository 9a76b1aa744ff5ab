.DEFAULT_GOAL := help
SHELL := bash
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
HEADLESS := QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MPLBACKEND=agg

help:            ## show the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(STAMP): packaging/requirements-dev.txt pyproject.toml packaging/setup.sh
	@bash packaging/setup.sh

setup: $(STAMP)  ## create .venv with LeanLab and its tools

run: $(STAMP)    ## open LeanLab on the sample project
	@bash packaging/run.sh

portfolio: $(STAMP) ## look at a folder of 24 sample projects
	@bash packaging/portfolio.sh

desktop: $(STAMP) ## menu entry, and double click on .leanlab and .leanreview, for this user (Linux)
	@bash packaging/linux/desktop.sh

test: $(STAMP)   ## the whole suite, headless
	@$(HEADLESS) $(PY) -m pytest -n 2 --durations=25

lint: $(STAMP)   ## format, style, types, import contracts
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo

check: lint test ## what CI runs; run it before you land

fix: $(STAMP)    ## format, and mend what can be mended
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

shots: $(STAMP)  ## every screen, light and dark, to build/shots
	@$(HEADLESS) $(PY) tests/shots.py

bench: $(STAMP)  ## benchmarks, as ratios to a floor measured in the same run, and peers beside LeanLab
	@bash packaging/peers.sh
	@$(HEADLESS) $(PY) -m pytest tests/benchmarks --benchmark-enable --benchmark-only -q

TORTURE := kills:600 power:1000 copies:300 failed_saves:300 conflicts:300 locked:100 thinned \
	mutants:4000 hostile migrated:50 dialects workbooks:600 exported:10000 file_names:20000 \
	walked tampered:50 crashes speed:1:10:100

torture: $(STAMP) ## kills, power cuts, copies, damaged and hostile files, in full
	@failed=; for one in $(TORTURE); do \
	  $(HEADLESS) $(PY) -m tests.robustness.$${one//:/ } || failed="$$failed $${one%%:*}"; \
	done; test -z "$$failed" || { echo "promises broken:$$failed" >&2; exit 1; }

cov: $(STAMP)    ## tests with branch coverage
	@$(HEADLESS) $(PY) -m pytest -n 2 --cov --cov-report=term-missing

.PHONY: help setup run portfolio desktop test lint check fix shots bench torture cov
