#!/usr/bin/env bash
# Brings what is missing for `make demo` (demo) or `make test` (test): npm packages pinned in the
# lock file, and Debian packages by apt when root. Otherwise it names in one sentence what to
# install. A second run finds everything and takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-demo}

fail() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

have cargo || fail "Rust is missing: install it from rustup.rs or your distribution (1.92 or newer), then run this again."
# The demo only fetches packages with npm; the tests run in Node's own runner.
[ "$wanted" = test ] && node_wanted=20 || node_wanted=18
have node || fail "Node.js is missing: install version $node_wanted or newer, then run this again."
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$node_wanted" ] \
  || fail "Node.js $(node --version) is too old: install version $node_wanted or newer, then run this again."
have npm || fail "npm is missing: install it with Node.js, then run this again."

# A minimal toolchain has neither the formatter nor the lints that `make test` begins with.
if [ "$wanted" = test ]; then
  for part in rustfmt clippy; do
    cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$part" >/dev/null 2>&1 \
      || fail "The Rust component $part is missing: run  rustup component add $part  and then this again."
  done
fi

# Debian packages.
packages=()
need() { packages+=("$@"); }
have cc || need build-essential
if [ "$wanted" = test ]; then
  have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
  have chromium || need chromium
  have pdftoppm || need poppler-utils
  # Another time for one process alone: a clock that jumps.
  ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || need faketime
  # Chinese letters for the browser's pictures.
  if ! have fc-list || [ -z "$(fc-list :lang=zh-cn family 2>/dev/null | head -1)" ]; then
    need fontconfig fonts-noto-cjk
  fi
fi
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && have apt-get; then
    echo "Installing ${packages[*]} …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  else
    fail "Missing Debian packages: run  sudo apt-get install ${packages[*]}  and then this again."
  fi
fi

# npm packages: only when the lock file changed since the last time.
mark=node_modules/.dengwen-lock
lock=$(cksum < package-lock.json)
if [ ! -f "$mark" ] || [ "$(cat "$mark")" != "$lock" ]; then
  echo "Installing npm packages pinned in package-lock.json …"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  printf '%s\n' "$lock" > "$mark"
fi

# The letters' font comes with the npm packages; nothing of it is downloaded at run time.
font=node_modules/@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf
[ -f "$font" ] || fail "The letters' font $font is missing: delete node_modules and run this again."
