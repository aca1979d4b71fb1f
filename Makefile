PYTHON ?= python3
BIN = .venv/bin
export TF_CPP_MIN_LOG_LEVEL = 2
export TF_ENABLE_ONEDNN_OPTS = 0

.PHONY: book serve test test-old lint bench lock clean

book: .venv/.ready _build/.rendered ## build the book: every notebook runs, a warning is an error
	@$(BIN)/jupyter-book build -W -n --keep-going . || { rm -rf _build/.doctrees; exit 1; }
	@echo "The book: _build/html/index.html. To read it: make serve"

serve: book ## show the book at http://localhost:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

test: lint book ## run every test, in a browser as well
	$(BIN)/python tests/browser.py
	$(BIN)/pytest -n 2 --dist loadfile --nbval-lax tests book

test-old: ## run the notebooks on the oldest IPython and ipywidgets supported
	$(PYTHON) -m venv .venv-old
	.venv-old/bin/python -m pip install --quiet -r tests/requirements-old.txt
	.venv-old/bin/python -m pip install --quiet --editable .
	.venv-old/bin/python -m pytest --nbval-lax --noconftest tests/test_widgets.py book

lint: .venv/.ready ## check the style of code and text
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/codespell

bench: book ## measure how fast, side by side
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/site.py

lock: ## choose versions anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-package softmaxlab \
	  --custom-compile-command "make lock" requirements.txt -o requirements.lock

clean: ## remove what was built, not what was installed
	rm -rf _build .cache

.venv/.locked: requirements.lock
	$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f'Python 3.11 to 3.13 is needed, {sys.version.split()[0]} came. Try: make PYTHON=python3.12')"
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements.lock
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	@touch $@

.cache/web: book/_ext/web_assets.py | .venv/.ready
	$(BIN)/python book/_ext/web_assets.py
	@touch $@

# The cache of executed notebooks knows nothing of the package, nor that of pages of the look.
_build/.executed: .venv/.locked $(shell find src -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*')
	rm -rf _build
	@mkdir -p _build && touch $@

_build/.rendered: _build/.executed .cache/web _config.yml _toc.yml $(shell find book/_ext book/_static book/_templates -type f -not -path '*/__pycache__/*')
	rm -rf _build/.doctrees _build/html
	@touch $@
