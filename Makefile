# Sets up, runs, tests and packages DiffSeg on Linux and macOS. GNU make 3.81, which macOS has, is enough.

# pydensecrf's C++ does not compile from Python 3.13 on.
SUPPORTED := import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && { echo $$p; break; }; done)

# Passed on to pip. For a torch without CUDA, which is far smaller:
#   make PIP_ARGS="--extra-index-url https://download.pytorch.org/whl/cpu"
PIP_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
PACKAGE_STAMP := $(VENV)/.stamp-package
SAMPLE := resources/samples/melanoma.jpg

# pydensecrf ships C++ that an old Cython generated: the variable has it generated afresh.
INSTALL = CYTHON_FORCE_REGEN=1 $(BIN)/python -m pip install $(PIP_ARGS) \
	--constraint requirements/constraints.txt \
	--build-constraint requirements/build-constraints.txt

.PHONY: help setup run check test package clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## install everything into .venv; a second time only what has changed
	@$(BIN)/python packaging/check_system.py qt

# pip 25.3 is the first that knows --build-constraint.
$(STAMP): pyproject.toml $(wildcard requirements/*)
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { echo "DiffSeg needs Python 3.11 or 3.12:" \
		"install one, or name one, as in make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) packaging/check_system.py compiler
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install $(PIP_ARGS) --upgrade "pip>=25.3"
	$(INSTALL) -e '.[dev]'
	@touch $@

$(PACKAGE_STAMP): $(STAMP)
	$(INSTALL) -e '.[package]'
	@touch $@

run: setup ## open the window on a sample, or without a display analyse it into out/
	@if [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(BIN)/diffseg-gui $(SAMPLE); \
	else \
		echo "There is no display here, so the sample is analysed without a window." && \
		mkdir -p out && \
		QT_QPA_PLATFORM=offscreen $(BIN)/diffseg-gui $(SAMPLE) --screenshot out/window.png && \
		$(BIN)/diffseg segment $(SAMPLE) -o out && \
		echo "A picture of the window lies in out/window.png, the masks lie in out/melanoma/."; \
	fi

check: setup ## lint and check the types
	$(BIN)/ruff check .
	$(BIN)/mypy --strict

test: check ## lint, check the types and run the tests
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest --numprocesses auto

package: setup $(PACKAGE_STAMP) ## build the stand-alone program in dist/diffseg and prove that it works
	$(BIN)/pyinstaller --noconfirm --log-level ERROR diffseg.spec
	$(BIN)/python packaging/prove.py

clean: ## remove what was built and the caches; .venv and out/ stay
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find engine diffseg_gui tests packaging resources -name __pycache__ -prune -exec rm -rf {} +
