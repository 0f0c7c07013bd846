# Everything here works in .venv, made on first use and again when a dependency changes.

.DELETE_ON_ERROR:
.PHONY: help demo test check audit bench torture screenshots

BIN := .venv/bin
INSTALLED := .venv/.installed

help:
	@echo 'make demo    a look around, without an account (plays by itself when there is no terminal); TEAM=1: for a team'
	@echo 'make test    the tests'
	@echo 'make check   format, lint, types and the arrows between the rooms'
	@echo 'make audit   known holes in what is installed, where advisories can be had'
	@echo 'make bench   the benchmarks'
	@echo 'make screenshots  draw every screen into docs/screens'
	@echo 'make torture everything fails that can, for some half an hour: make torture SEED=1 MESSAGES=10000 (ENGINE=postgresql: on a server)'

demo: $(INSTALLED)
	@$(BIN)/python -m contacts_tui demo --folder .demo $(if $(TEAM),--team)

# The programs that tests start find their modules compiled, whatever this shell says.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(INSTALLED)
	$(BIN)/pytest --numprocesses 4 --dist worksteal --reruns 1 -r fE

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(INSTALLED)
	@$(BIN)/python .ci/audit.py

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

screenshots: $(INSTALLED)
	@$(BIN)/python -m screenshots

SEED ?= 1
MESSAGES ?= 10000

torture: $(INSTALLED)
	@$(BIN)/python -m tests.torture --seed $(SEED) --messages $(MESSAGES) $(if $(ENGINE),--engine $(ENGINE)) $(if $(ONLY),--only $(ONLY))

$(INSTALLED): pyproject.toml constraints.txt
	@python=$$(for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; \
	done); \
	if [ -z "$$python" ]; then \
		echo 'contacts-tui needs Python 3.11 or newer: install it so that python3 or python3.11 is found' >&2; \
		exit 1; \
	fi; \
	[ -x $(BIN)/python ] || "$$python" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
