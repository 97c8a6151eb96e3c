# Everything a newcomer, a developer and CI need. Assumes Python 3.11+ and make, nothing else.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SYSTEM_UV := $(shell command -v uv 2>/dev/null)
UV := $(if $(SYSTEM_UV),$(SYSTEM_UV),.uv/bin/uv)
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	$$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$each && break; done)
RUN := $(UV) run --locked --no-sync
WORKERS ?= 3
# the tests start hundreds of processes; each would compile again what it imports
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo docs test checks test-thorough lint types laws sql-lint unit test-servers test-kills test-truth test-spark test-mutations dbt-docs sbom audit bench clean

help: ## show what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.uv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Luister needs Python 3.11, 3.12 or 3.13 on the PATH"; exit 1; }
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet uv

setup: $(if $(SYSTEM_UV),,.uv/bin/uv) ## install everything Luister needs into .venv
	@$(UV) sync --locked --quiet $(if $(PYTHON),--python $(PYTHON),)

demo: setup ## play three nights of the simulated world, and say where the report is
	@$(RUN) luister demo

test: setup ## everything CI runs
	@$(MAKE) --no-print-directory --jobs 2 checks
	@$(MAKE) --no-print-directory unit

checks: types lint laws sql-lint ## what reads the code without running it

lint:
	$(RUN) ruff check
	$(RUN) ruff format --check

types:
	$(RUN) mypy

laws:
	$(RUN) lint-imports

sql-lint:
	$(RUN) sqlfluff lint sql/models

unit: ## the tests alone
	$(RUN) pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not servers and not kills and not truth and not mutations and not spark and not thorough"

test-thorough: setup ## the tests with three times as many generated cases
	LUISTER_THOROUGH=1 $(RUN) pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not servers and not kills and not truth and not mutations and not spark"

test-servers: setup ## nights against real servers on loopback (npm and Debian packages)
	$(RUN) pytest -m servers

test-kills: setup ## nights killed at random moments, compared with one that was not (KILLS=200 KEPT=kills.json MINUTES=9)
	LUISTER_KILLS=$(or $(KILLS),20) LUISTER_KILLS_KEPT=$(KEPT) LUISTER_KILLS_MINUTES=$(MINUTES) $(RUN) pytest -m kills

test-truth: setup ## more seeds of the simulated world against what it knows of itself
	$(RUN) pytest -n $(WORKERS) -m truth

test-spark: setup ## every mart made by Spark beside DuckDB's, also while a worker dies (needs Java 17)
	$(UV) sync --locked --quiet --extra spark --extra stores
	$(RUN) pytest -m spark tests/spark

test-mutations: setup ## every measure with a fault in it, and which test sees it
	$(RUN) pytest -m mutations

dbt-docs: setup ## the documentation of the SQL models as one page, made offline
	@$(RUN) python -m docs.dbt

docs: setup ## the documentation as a site in build/docs
	$(RUN) sphinx-build -W --keep-going -q -b html docs build/docs
	@echo "build/docs/index.html"

sbom: setup ## every part Luister is built on, with its digest (build/luister.cdx.json)
	@mkdir -p build
	@$(UV) export --quiet --locked --no-dev --all-extras --format cyclonedx1.5 --output-file build/luister.cdx.json
	@echo "build/luister.cdx.json"

audit: setup ## known weaknesses of those parts; asks osv.dev, so it needs the network
	@.ci/audit

bench: setup ## ratios against baselines, measured in one run
	$(RUN) python -m benchmarks

clean: ## throw away what was built, keep data
	rm -rf .venv .uv .mypy_cache .ruff_cache .hypothesis sql/target sql/logs
