# Two commands matter: `make demo` and `make test`. Both set up whatever is missing first.

LISTEN ?= 127.0.0.1:8080
DATA ?= data
REPORTS ?= 300
CARGO ?= cargo

.PHONY: demo test test-store setup build fmt check journeys pictures crash soak bench

demo: ## a made-up city on embedded SQLite, served on $(LISTEN)
	@scripts/setup.sh demo
	$(CARGO) build --locked -p dengwen
	target/debug/dengwen demo --listen $(LISTEN) --data $(DATA) --reports $(REPORTS)

test: ## everything: format, lints, units, properties, both databases, a real browser
	@scripts/setup.sh test
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) test --locked --workspace
	# All targets: another choice would choose other features and build every dependency once more.
	$(CARGO) build --locked --workspace --all-targets
	node --test --test-concurrency=1 tests/verify/*.test.mjs tests/journeys/*.test.mjs
	node --test --test-concurrency=1 tests/others/*.test.mjs tests/crash/*.test.mjs tests/soak/*.test.mjs
	target/debug/bench --smallest
	@node scripts/skipped.mjs

journeys: ## only the browser journeys
	@scripts/setup.sh test
	$(CARGO) build --locked -p dengwen
	node --test --test-concurrency=1 tests/journeys/*.test.mjs
	@echo "All journeys passed."

pictures: ## the pictures of the README, made anew from a living city
	@scripts/setup.sh test
	$(CARGO) build --locked -p dengwen
	node tests/journeys/pictures.mjs
	@echo "Look at docs/images before they are committed."

test-store: ## the store's suite against a given server: DATABASE_URL=postgres://user@host (a database a test, dropped again)
	@test -n "$(DATABASE_URL)" || { echo "Say which server: make test-store DATABASE_URL=postgres://user@host"; exit 1; }
	DENGWEN_TEST_POSTGRES="$(DATABASE_URL)" $(CARGO) test --locked -p store

crash: ## the real server killed 300 times on each database (DENGWEN_CRASHES=600)
	@scripts/setup.sh test
	$(CARGO) build --locked -p dengwen
	DENGWEN_CRASHES=$${DENGWEN_CRASHES:-600} node --test --test-concurrency=1 tests/crash/*.test.mjs

soak: ## half an hour of mixed load with flat memory and file handles (DENGWEN_SOAK=30, in minutes)
	@scripts/setup.sh test
	$(CARGO) build --locked -p dengwen
	DENGWEN_SOAK=$${DENGWEN_SOAK:-30} node --test tests/soak/*.test.mjs

bench: ## rows of docs/performance.md, e.g. make bench ROWS="intake import"; BENCH=--smallest for a look
	@scripts/setup.sh demo
	$(CARGO) build --locked --release -p dengwen -p bench
	target/release/bench $(BENCH) $(ROWS)

setup: ## npm and Debian packages, nothing else
	@scripts/setup.sh test
	@echo "Everything needed is here."

build:
	$(CARGO) build --locked --workspace

fmt:
	$(CARGO) fmt --all

check: ## format and lints only
	@scripts/setup.sh demo
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	@echo "Format and lints are clean."
