# The commands of TransferHub. `make run` and `make test` work on a fresh checkout with git, python3 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: run dev test drills check bench elasticsearch lock clean

run: $(VENV)/.installed
	@$(BIN)/python deploy/run.py

dev: $(VENV)/.installed-dev
	@$(BIN)/python manage.py migrate --verbosity=0
	@$(BIN)/python manage.py prepare
	@$(BIN)/python manage.py runserver $(or $(PORT),8000)

test: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py

drills: $(VENV)/.installed-dev
	@DRILLS=1 $(BIN)/python tests/run.py

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=for-the-deployment-check-only-0123456789abcdefghijklmnop BASE_URL=https://praxis.example.org \
		EMAIL_URL=smtp+tls://user:password@mail.example.org:587 \
		DJANGO_SETTINGS_MODULE=transferhub.settings.production \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m tests.translations

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench.run

elasticsearch: $(VENV)/.installed
	@$(BIN)/python deploy/elasticsearch.py

lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --upgrade --output-file requirements.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --upgrade --constraints requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "TransferHub needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V`."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python can not make virtual environments here. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/pip
	@echo "Installing packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing packages for development …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
