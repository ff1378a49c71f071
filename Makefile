# One command surface; continuous integration only calls it. `make help` lists what there is.
PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
# what the shell has set already counts: one place to say which database and address are meant
HOST   ?= $(or $(ZHIHUAN_HOST),127.0.0.1)
PORT   ?= $(or $(ZHIHUAN_PORT),8000)
DATABASE_URL ?= $(or $(ZHIHUAN_DATABASE_URL),sqlite:///var/zhihuan.sqlite)
export ZHIHUAN_DATABASE_URL := $(DATABASE_URL)
export ZHIHUAN_HOST := $(HOST)
export ZHIHUAN_PORT := $(PORT)

.DEFAULT_GOAL := help
.PHONY: help install tools run serve worker demo migrate shipped deploy test long testpg thorough check lint types imports diagrams bpmnlint wheel pictures vendor lock crash soak bench clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

$(VENV)/.installed $(VENV)/.tools $(VENV)/.bench: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo 'installing into $(VENV), a minute or so …'
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRA)]'
	@touch $@

$(VENV)/.installed: EXTRA = postgres
$(VENV)/.tools: EXTRA = dev
$(VENV)/.bench: EXTRA = dev,bench

install: $(VENV)/.installed ## make the virtual environment and install into it

tools: $(VENV)/.tools ## the same with what tests and checks need

run: install migrate shipped demo serve ## everything for a first look: install, migrate, deploy, demo organisation, serve

migrate: install ## bring the database to the newest schema
	@$(PY) -m engine migrate

shipped: install ## publish bpmn/ as it came, over nothing that an owner published
	@$(PY) -m engine deploy

deploy: install ## publish bpmn/ as your own, which no upgrade replaces (the same content twice is no new version)
	@$(PY) -m engine deploy bpmn

demo: install ## a demo organisation with complaints at every stage; prints who can sign in
	@$(PY) -m web demo

serve: install ## serve the pages on HOST:PORT, and do due jobs
	@$(PY) -m web serve

worker: install ## do due jobs in a process of its own; any number at once
	@$(PY) -m engine worker

# Half as many workers again as cores: a browser, a server or a clock is always being waited for.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell $(PYTHON) -c 'import os; print(len(getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)) * 3 // 2)')

test: tools ## the tests, in less than ten minutes: all but the longest ones
	$(PY) -m pytest -n auto --dist worksteal -m 'not long'

long: tools ## the longest tests: whole ways through the browser in both languages, kills, all shapes and doors
	$(PY) -m pytest -n auto --dist worksteal -m long

testpg: tools ## all tests on PostgreSQL (ZHIHUAN_TEST_POSTGRES) that ask for a database, the longest ones, too
	ZHIHUAN_TEST_DATABASE=postgres $(PY) -m pytest -n auto --dist worksteal

thorough: tools ## tests that `make test` gives in smaller doses: every strange text, contrast of every element
	ZHIHUAN_STRANGE=1 ZHIHUAN_EVERY_CONTRAST=1 ZHIHUAN_SCHEMATHESIS=200 $(PY) -m pytest -n auto --dist worksteal \
	  tests/web/test_api_hostile.py tests/web/test_browser_pages.py tests/web/test_api_schemathesis.py

check: lint types imports diagrams test long ## what CI asks for, but for bpmnlint and PostgreSQL

crash: tools ## kill servers and workers a hundred times, on SQLite and PostgreSQL: nothing may be lost
	$(PY) -m tests.crash

soak: tools ## two hundred people at work for five minutes, on PostgreSQL: no error, nothing lost, memory flat
	$(PY) -m tests.soak

bench: $(VENV)/.bench ## measure against fair baselines; a table, and build/bench.json (half an hour)
	$(PY) -m tests.bench

lint: tools ## style of the code
	$(VENV)/bin/ruff check engine web tests bpmn

types: tools ## mypy, strict on engine/
	$(VENV)/bin/mypy

imports: tools ## the doors between the rooms
	$(VENV)/bin/lint-imports

diagrams: install ## our own diagrams, decisions and forms: no error, no warning, no case that gets stuck
	$(PY) -m engine lint --strict bpmn
	$(PY) -m engine sound --strict bpmn

bpmnlint: ## a second opinion on the diagrams by bpmnlint (needs Node 20)
	sh tests/bpmnlint.sh

wheel: tools ## a wheel that serves the main job from an empty folder
	$(PY) -m pip wheel --quiet --no-deps -w dist .

pictures: tools ## draw every diagram into build/diagrams with Chromium
	$(PY) tests/render_diagrams.py

vendor: tools ## fetch the diagram viewer again and check it (maintainers; needs npm)
	$(PY) -m web.vendor

lock: install ## write constraints.txt from what is installed
	$(PY) -m pip freeze --exclude-editable > constraints.txt

clean: ## remove what can be made again; the database in var/ stays
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
