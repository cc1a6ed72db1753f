# make is a convenience: `pip install -e '.[test]'`, `pytest` and `python -m evaluator demo` do the same.
UV := $(shell command -v uv 2>/dev/null)
PYTHON ?= python3
VENV := .venv
EXTRAS ?= test
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint docs build clean

demo: $(VENV)/.runs  ## make a realistic study in demo/, run it, and say where the reports are
	$(BIN)/python -m evaluator demo

# Some environments keep no bytecode, and every process of the tests would compile anew.
test: $(STAMP)  ## run every test that this machine can run
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

lint: $(VENV)/.developing  ## style and types, as in continuous integration
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

docs: $(VENV)/.documenting  ## the site, in docs/_build/html; a broken link or a docstring that cannot be read is an error
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --builder html docs docs/_build/html

build: $(VENV)/.developing  ## the wheel, in dist/
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) docs/_build docs/reference dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.runs: pyproject.toml
ifdef UV
	"$(UV)" venv --quiet --allow-existing $(VENV)
	"$(UV)" pip install --quiet --python $(BIN)/python -e .
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
endif
	@touch $@

$(STAMP): pyproject.toml
ifdef UV
	"$(UV)" venv --quiet --allow-existing $(VENV)
	"$(UV)" pip install --quiet --python $(BIN)/python -e '.[$(EXTRAS)]'
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'
endif
	@touch $@

$(VENV)/.developing: $(STAMP)
ifdef UV
	"$(UV)" pip install --quiet --python $(BIN)/python -e '.[dev]'
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
endif
	@touch $@

$(VENV)/.documenting: $(STAMP)
ifdef UV
	"$(UV)" pip install --quiet --python $(BIN)/python -e '.[docs]'
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
endif
	@touch $@
