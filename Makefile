# make help shows what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export VENV ?= .venv
PYTHON := $(VENV)/bin/python
# tests and checks choose their own servers, whatever the shell exports
PLAIN := env -u DATABASE_URL -u DATABASE_OWNER_URL -u REDIS_URL -u MOYAI_HOME -u MOYAI_HOST
PYTEST := -m pytest -q --no-header
# pip leaves compiling to the first import, which must then be allowed to keep it
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## this menu
	@awk 'BEGIN {FS = ":.*## "; print "Moyai: the ledger of a consortium that trains one foundation model together\n"} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use
.PHONY: run serve demo verifier witness
run: install-packages ## set up what is missing, seed the demo, serve http://127.0.0.1:8000 (PORT=8001 for another)
	@$(PYTHON) -m config.prepare --demo
	@exec $(PYTHON) -m config.serve

serve: ## serve only: no set-up, no demo
	@exec $(PYTHON) -m config.serve

demo: install ## write the demo's papers and bundles to var/demo
	@$(PYTHON) manage.py demo --out var/demo

verifier: ## var/verify.pyz: the offline verifier as one file
	@rm -rf var/verifier && mkdir -p var/verifier/contributions var/verifier/licensing
	@for wing in contributions licensing; do cp $$wing/__init__.py var/verifier/$$wing/; cp -r $$wing/core var/verifier/$$wing/; done
	@find var/verifier -name __pycache__ -prune -exec rm -rf {} +
	@printf 'from licensing.core.verify import main\n\nraise SystemExit(main())\n' > var/verifier/__main__.py
	@python3 -m zipapp var/verifier --compress --python '/usr/bin/env python3' --output var/verify.pyz
	@rm -rf var/verifier && ls -l var/verify.pyz

witness: ## var/witness.pyz: the witness for a member's own machine as one file
	@rm -rf var/witness && mkdir -p var/witness/contributions/adapters
	@cp contributions/__init__.py var/witness/contributions/ && cp -r contributions/core var/witness/contributions/
	@cp contributions/adapters/__init__.py contributions/adapters/witness.py var/witness/contributions/adapters/
	@find var/witness -name __pycache__ -prune -exec rm -rf {} +
	@printf 'from contributions.adapters.witness import main\n\nraise SystemExit(main())\n' > var/witness/__main__.py
	@python3 -m zipapp var/witness --compress --python '/usr/bin/env python3' --output var/witness.pyz
	@rm -rf var/witness && ls -l var/witness.pyz

##@ Prove
.PHONY: test test-unit test-slow test-postgres test-journeys test-alone check check-lint check-format check-types check-imports check-migrations check-messages bench bench-full
test: install-dev ## everything: SQLite, then PostgreSQL, then whole stories with Redis, Celery and Chromium
	@$(MAKE) --keep-going --no-print-directory test-unit test-slow test-postgres test-journeys test-alone

test-unit: install-dev ## all but what is slow and the journeys, on SQLite
	@echo "== unit tests, SQLite"
	@$(PLAIN) $(PYTHON) $(PYTEST) -n auto -m "not journey and not slow"

test-slow: install-dev ## real papers, the whole demo, long random histories, on SQLite
	@echo "== slow tests, SQLite"
	@$(PLAIN) $(PYTHON) $(PYTEST) -n auto -m "slow and not journey"

test-postgres: install-dev ## what touches the database, again on a throw-away PostgreSQL (the demo is told there by the journeys)
	@echo "== database tests, PostgreSQL"
	@$(PLAIN) $(PYTHON) tests/servers.py postgres -- $(PYTHON) $(PYTEST) -n auto -m "not journey" --only-database --ignore tests/licensing/management/test_demo.py

test-journeys: install-dev ## whole stories: PostgreSQL, Redis, Celery, Chromium
	@echo "== journeys, PostgreSQL, Redis, Celery, Chromium"
	@$(PLAIN) $(PYTHON) tests/servers.py postgres redis -- $(PYTHON) $(PYTEST) -n auto --dist loadfile -m "journey and not alone"

test-alone: install-dev ## journeys that measure how long a writer waits, with nothing beside them
	@echo "== journeys alone"
	@$(PLAIN) $(PYTHON) tests/servers.py postgres redis -- $(PYTHON) $(PYTEST) -m "journey and alone"

check: install-dev ## lint, format, types, import law, migrations, translations
	@$(MAKE) --keep-going --no-print-directory check-lint check-format check-types check-imports check-migrations check-messages

check-lint:
	@$(VENV)/bin/ruff check

check-format:
	@$(VENV)/bin/ruff format --check

check-types:
	@$(VENV)/bin/mypy

check-imports:
	@$(PLAIN) $(VENV)/bin/lint-imports

check-migrations:
	@$(PLAIN) DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run

check-messages:
	@$(PYTHON) -m config.messages check

bench: install-dev ## how fast we are, beside a named peer, in one run (SIZE=10000 for a quick one, PEERS=1 for all peers)
	@if [ -n "$(PEERS)" ]; then $(PYTHON) -m pip install --quiet -r bench/requirements.txt; fi
	@$(PLAIN) $(PYTHON) -m bench $(if $(SIZE),--size $(SIZE))
	@$(PLAIN) $(PYTHON) tests/servers.py postgres -- $(PYTHON) -m bench posting balances proofs growth verification allocation metering imports $(if $(SIZE),--size $(SIZE))

bench-full: install-dev ## the figures to publish, on a quiet machine (an hour): peers, 1,000,000 entries, 10,000,000 accounting lines
	@$(MAKE) --no-print-directory bench PEERS=1
	@$(PLAIN) $(PYTHON) -m bench verification balances proofs --size 1000000 --rounds 3
	@$(PLAIN) $(PYTHON) tests/servers.py postgres -- $(PYTHON) -m bench verification balances proofs --size 1000000 --rounds 3
	@$(PLAIN) $(PYTHON) tests/servers.py postgres -- $(PYTHON) -m bench allocation --size 1000000 --rounds 1
	@$(PLAIN) BENCH_LINES=10000000 $(PYTHON) -m bench metering --rounds 1

##@ Keep
.PHONY: install install-packages install-dev messages lock format clean
install: install-packages ## set-up for the site only: no demo, nothing served
	@$(PYTHON) -m config.prepare

install-packages:
	@config/install system run
	@config/install python run

install-dev: ## set-up for tests and checks
	@config/install system test
	@config/install python test
	@$(PYTHON) -m config.messages compile

messages: ## take new texts into the translations, drop those that are gone
	@$(PYTHON) -m config.messages update
	@$(PYTHON) -m config.messages compile

lock: ## requirements*.in → hashed requirements*.txt (needs uv)
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt

format: ## ruff, with what it can mend
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

clean: ## remove what set-up made, except var (the data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
