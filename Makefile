# Everything a contributor types. Each target sets up `.venv` first, once.

# The first Python that runs here; which one makes the environment is scripts/bootstrap.py's affair.
TRY := python3 python py $(wildcard $(HOME)/.pyenv/versions/3.*/bin/python3)
ANY_PYTHON := $(firstword $(foreach name,$(TRY),$(shell $(name) -c "import sys; sys.version_info >= (3, 8) and print('$(name)')" 2>&1 | grep -x '$(name)')))
SETUP := $(or $(ANY_PYTHON),uv run --no-project python) scripts/bootstrap.py
# Of the command line alone: a PORT that lies about in the environment is somebody else's.
AT := $(if $(filter command,$(firstword $(origin PORT))),--port $(PORT))

.PHONY: help demo demo-reset test quick lint messages lock wheel clean

help:  ## What there is.
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

demo:  ## Load the sample case and serve it on http://127.0.0.1:8000 (PORT=8001: there); again, keep what was entered.
	@$(SETUP) trienkhai demo --data .demo $(AT)

demo-reset:  ## The same, from the beginning.
	@$(SETUP) trienkhai demo --data .demo --reset $(AT)

test:  ## The whole suite, on SQLite and PostgreSQL, with journeys in a browser.
	@$(SETUP) --dev python scripts/test.py

quick:  ## Tests without journeys, on SQLite.
	@$(SETUP) --dev python -m pytest -q -n 2 -m "not journey"

lint:  ## Style, import order, missing migrations, translations, types.
	@$(SETUP) --dev python scripts/lint.py $(ONLY)

messages:  ## Take up new texts for translation, and compile.
	@$(SETUP) --dev python scripts/messages.py update
	@$(SETUP)

lock:  ## Write requirements/*.txt anew from pyproject.toml (needs uv; UPGRADE=1 takes the newest of everything).
	@$(SETUP) python scripts/lock.py $(if $(UPGRADE),--upgrade)

wheel:  ## Build the package into dist/.
	@$(SETUP) --dev python -m hatchling build --target wheel

clean:  ## Remove what tools left; keeps .venv and .demo.
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* htmlcov
