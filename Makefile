# The two commands of the README: `make demo` and `make test`. Both need Python 3.11 or later, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# One more than there are processors: a test waits for other programs a quarter of its time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# What installs into the virtual environment: .ci/run names a faster one.
INSTALL ?= $(BIN)/python -m pip install --quiet
TOOLS ?= $(or $(GATE_E2E_TOOLS),$(HOME)/.cache/gate-e2e)

# Byte code that is not kept is made anew by each of the hundreds of processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint fast e2e nightly bytecode e2e-tools fuzz bench bench-check docs site pictures snapshots clean

demo: $(VENV)/installed
	$(BIN)/python examples/storefront/build_image.py
	@$(BIN)/gate run examples/storefront; status=$$?; \
	echo "gate run ended with status $$status: 1 means that the policy fails it, as it must for this example"; \
	test $$status -eq 1

test: lint fast e2e

lint: $(VENV)/installed-tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

fast: $(VENV)/installed-tests bytecode
	$(BIN)/pytest --ignore tests/e2e -n $(WORKERS) --dist worksteal -q

e2e: $(VENV)/installed-tests bytecode
	$(BIN)/pytest tests/e2e -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -q

# What .ci/run makes a part of: every random comparison and kill (docs/decisions/0030-nightly-counts.md), and all tests
# on the newest Python (0028-the-second-python.md).
nightly:
	GATE_NIGHTLY=true $(MAKE) e2e
	.ci/newest-python

# A worker of the gate is sealed and cannot write it: what workers alone import would be compiled by each of them.
bytecode: $(VENV)/installed
	$(BIN)/python -m compileall -q gate

e2e-tools:
	GATE_E2E_TOOLS=$(TOOLS) .ci/e2e-tools

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(INSTALL) --compile --editable .
	touch $@

# Most modules of what tests and lint need are never imported.
$(VENV)/installed-tests: $(VENV)/installed
	$(INSTALL) --no-compile --editable ".[test,e2e,lint]"
	touch $@

# FUZZ_SECONDS for all targets together; TARGETS names some of them: make fuzz TARGETS="dockerfile bake"
fuzz: $(VENV)/installed-tests
	$(BIN)/python -m pip install --quiet --editable ".[fuzz]"
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),1200) $(BIN)/python -m tests.fuzz.run $(TARGETS)

# The gate beside what people use instead: docs/explanation/performance.md. PARTS names some of it: make bench PARTS=whole
bench: $(VENV)/installed bytecode
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	$(BIN)/python -m benchmarks.bench $(PARTS)

# Fails if a piece of work takes more instructions than before. Needs valgrind.
bench-check: $(VENV)/installed-tests
	$(BIN)/python -m benchmarks.bench.check $(if $(BASE),--base $(BASE))

snapshots: $(VENV)/installed-tests
	GATE_WRITE_SNAPSHOTS=1 $(BIN)/pytest -q tests/reports/test_snapshots.py

docs: $(VENV)/installed
	$(BIN)/gate rules --format markdown > docs/reference/rules.md

# The documentation as a site, in site/: read it there, or put the folder on any web server.
site: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/python docs/build_site.py --zensical $(BIN)/zensical

pictures: $(VENV)/installed
	$(BIN)/python docs/pictures/make.py

clean:
	rm -rf $(VENV) .demo build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz examples/storefront/build
