# Sets up, runs, tests and packages DiffSeg on Linux and macOS. GNU make 3.81, which macOS has, is enough.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
PACKAGE_STAMP := $(VENV)/.stamp-package
TOOLS_STAMP := $(VENV)/.stamp-tools
SAMPLE := resources/samples/melanoma.jpg

# Options for pip can be given, as in make PIP_ARGS="--index-url …"; if not, torch_index.py chooses the build of torch.
# pydensecrf ships C++ that an old Cython generated: the variable has it generated afresh.
INSTALL = options="$${PIP_ARGS-$$($(BIN)/python packaging/torch_index.py)}" && \
	CYTHON_FORCE_REGEN=1 $(BIN)/python -m pip install $$options \
	--constraint requirements/constraints.txt \
	--build-constraint requirements/build-constraints.txt

.PHONY: help setup run check test docs tools lock audit sbom package deb clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## install everything into .venv; a second time only what has changed
	@$(BIN)/python packaging/check_system.py qt

# pip 25.3 is the first that knows --build-constraint.
$(STAMP): pyproject.toml $(wildcard requirements/*)
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { echo "DiffSeg needs Python 3.11 to 3.14:" \
		"install one, or name one, as in make PYTHON=/path/to/python3.13" >&2; exit 1; }
	@$(PYTHON) packaging/check_system.py python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --upgrade "pip>=25.3"
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

$(TOOLS_STAMP): $(STAMP)
	$(INSTALL) -e '.[docs,supply]'
	@touch $@

tools: $(TOOLS_STAMP) # what the targets below need; with it the tests make manual and bill of materials as well

docs: setup tools ## make the manual in build/docs, a warning being an error
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m sphinx -W --keep-going -q docs build/docs
	@echo "The manual begins at build/docs/index.html."

lock: tools ## pin every file that an installation may use, by its digest, in requirements/lock.txt
	CYTHON_FORCE_REGEN=1 UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal \
		--generate-hashes --python-version 3.11 --constraint requirements/constraints.txt \
		--build-constraint requirements/build-constraints.txt pyproject.toml --output-file requirements/lock.txt

audit: tools ## ask the Python package index for known vulnerabilities of the locked versions
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements/lock.txt

sbom: tools ## write the bill of materials, in CycloneDX, into dist/
	PYTHONPATH=. $(BIN)/python packaging/sbom.py

package: setup $(PACKAGE_STAMP) ## build the stand-alone program in dist/diffseg and prove that it works
	$(BIN)/pyinstaller --noconfirm --log-level ERROR diffseg.spec
	$(BIN)/python packaging/prove.py

deb: ## pack dist/diffseg, which make package builds, as a Debian package
	@test -d dist/diffseg || $(MAKE) package
	$(BIN)/python packaging/debian.py

clean: ## remove what was built and the caches; .venv and out/ stay
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find engine diffseg_gui tests packaging resources -name __pycache__ -prune -exec rm -rf {} +
