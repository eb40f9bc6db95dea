# Everything here needs only git, make and Python 3.11 or newer; the rest installs itself into .venv.
PYTHON ?= python3
BIN := .venv/bin
MINUTES ?= 5
SETUP := .venv/.installed
COMPILED := .venv/.compiled
SPARK := .venv/.spark
LOAD := .venv-load
WEB := .venv/.web
COMPILE := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

# Types are checked while the evaluator is compiled: each keeps one processor busy.
MAKEFLAGS += --jobs=2
.DEFAULT_GOAL := help
.PHONY: help demo serve web words test agree check fmt lock docs bench load browser postgresql pictures clean

help:  ## Show what can be made
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(COMPILED)  ## Make an invented force, load it, evaluate it and print what became of each right
	$(BIN)/kept demo --victims 20000

serve: $(COMPILED) $(WEB)  ## Open the web service on the invented force, with people of each role
	$(BIN)/kept serve --demo --with-worker --store demo-force/store --home demo-force/web

web: $(WEB)  ## Make the styles, scripts and translations of the web service

words: $(SETUP)  ## Put new words of the pages into the files of translations
	$(BIN)/python -m kept.web.words

test: check $(COMPILED) $(SPARK) $(WEB)  ## Run every check, then every test
	$(BIN)/python -m pytest -n 2

agree: $(COMPILED)  ## Hold the evaluators against each other on fresh random records, for MINUTES=5 or of one SEED=
	$(BIN)/python -m tests.agreement --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

check: $(SETUP)  ## Style, types and layers, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

fmt: $(SETUP)  ## Put the source into the one style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(SETUP)  ## Write the generated reference again
	$(BIN)/kept code docs

bench: $(COMPILED) $(SPARK)  ## Measure how fast the engine is and write it down; NATIONAL=1 adds the country
	$(BIN)/python -m bench --page docs/explanation/performance.md $(if $(NATIONAL),--national)

browser: $(COMPILED) $(WEB)  ## Look at every page in a real browser, in every way in which people look at pages
	$(BIN)/python -m pytest tests/browser -m "" -n 2

postgresql: $(COMPILED) $(WEB)  ## Run all that a database decides on PostgreSQL, every form with it
	$(BIN)/python -m pytest tests/integration/test_web_postgresql.py -m ""

pictures: $(COMPILED) $(WEB)  ## Take the pictures of the user guide anew, of the force that `make demo` made
	$(BIN)/python -m pytest tests/browser/test_first_jobs.py -m "" -k "wide or investigator and phone" \
		--store demo-force/store --pictures docs/guide/pictures

load: $(COMPILED) $(WEB) $(LOAD)/.installed  ## Let fifty people click through the service on a force year, and write down what pages took
	$(BIN)/python -m bench.load --locust $(LOAD)/bin/locust --page docs/explanation/performance.md

lock: $(SETUP)  ## Choose the newest allowed dependencies and write them down with their hashes
	for name in bootstrap base dev; do \
		$(COMPILE) --upgrade requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	$(COMPILE) --upgrade requirements/spark.in --constraints requirements/dev.txt -o requirements/spark.txt
	$(COMPILE) --upgrade requirements/load.in -o requirements/load.txt

clean:  ## Remove the environment and every cache
	rm -rf .venv $(LOAD) kept/web/built kept/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info

$(SETUP): requirements/bootstrap.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Kept needs Python 3.11 or newer, and '$(PYTHON)' is older or missing." \
			"Name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	$(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(COMPILED): $(SETUP) $(wildcard kept/*/compiled/*.py kept/*/*/compiled/*.py)
	@$(BIN)/python -m kept.engine.compiled
	@$(BIN)/python -m kept.measures.compiling
	@touch $@

$(WEB): $(SETUP) kept/web/package-lock.json $(wildcard kept/web/styles/* kept/web/scripts/* kept/web/locale/*/*.po)
	@$(BIN)/python -m kept.web.building
	@touch $@

# Apart from the rest, for it is large and only what runs on Spark needs it. pyspark comes as source alone: setuptools
# packs it, and that is here already.
$(SPARK): $(SETUP) requirements/spark.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --require-hashes -r requirements/spark.txt
	@touch $@


# In a place of its own: locust patches what it runs beside, and wants other versions of what Kept uses.
$(LOAD)/.installed: $(SETUP) requirements/load.txt
	$(BIN)/uv venv --quiet --clear $(LOAD)
	$(BIN)/uv pip sync --quiet --require-hashes --python $(LOAD)/bin/python requirements/load.txt
	@touch $@
