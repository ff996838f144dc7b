# Everything a contributor runs. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.splitship-installed

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test bench micro lint types check-all format proto lock image clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make the virtual environment .venv with exactly the locked packages

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Splitship needs Python 3.11 or newer; "$(PYTHON)" is' "$$($(PYTHON) --version 2>/dev/null || echo 'not to be found')." >&2; \
	  echo 'Name another one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/splitship doctor --compile
	@touch $@

demo: $(STAMP) ## start a server, allocate a ready-made batch through it, show plan, bound and check
	$(BIN)/splitship demo

serve: $(STAMP) ## run the gRPC server on 127.0.0.1 with the packs of scenarios/
	$(BIN)/splitship serve --packs scenarios

test: $(STAMP) ## all tests
	$(BIN)/python -m pytest

# Times are compared as ratios to a reference job, so that another machine's baseline will do; a doubling fails.
SMOKE := build/smoke.jsonl

bench: $(STAMP) ## the smoke suite against the committed baseline (two minutes)
	rm -f $(SMOKE)
	$(BIN)/splitship bench run smoke --out $(SMOKE)
	$(BIN)/splitship bench compare benchmarks/baseline/smoke.jsonl $(SMOKE) \
	  --shift 0.1 \
	  --fail-on "sgm>1.6" --fail-on "gap>1" --fail-on "memory>1.5" --fail-on "wrong>0" --fail-on "missing>0"

micro: $(STAMP) ## micro-benchmarks of the parts of a solve (a minute)
	$(BIN)/python -m pytest benchmarks/micro -p no:cacheprovider

lint: $(STAMP) ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## strict types
	$(BIN)/mypy

check-all: lint types test bench ## what continuous integration runs

format: $(STAMP) ## rewrite the code in the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: $(STAMP) ## generate src/splitship/v1 from proto/
	$(BIN)/python proto/generate.py

# uv resolves for every platform at once; it lives in a throwaway environment and is no dependency of the project.
LOCK := build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: ## resolve both lock files anew
	rm -rf build/uv
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --upgrade pyproject.toml --extra bench --extra dask --group dev -c requirements.lock -o requirements-dev.lock
	rm -rf build/uv

image: ## build the container image
	docker build -t splitship .

clean: ## remove caches and built files (the virtual environment stays)
	rm -rf build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
	find src tests proto scenarios benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
