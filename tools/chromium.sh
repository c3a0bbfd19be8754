#!/bin/sh
# Print the Chromium that the browser tests use; install Debian's when this account may.
set -eu

for name in "${WARDPOST_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && found=$(command -v "$name"); then
        printf '%s\n' "$found"
        exit 0
    fi
done

if [ "$(id -u)" = 0 ]; then
    sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    sudo="none"
fi

if [ "$sudo" != none ] && command -v apt-get >/dev/null 2>&1; then
    printf '  %-12s %s\n' chromium "installing Debian's package for the browser tests (about a minute)" >&2
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get -o DPkg::Lock::Timeout=300 install -y -qq chromium >/dev/null 2>&1 ||
        { $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq >&2 &&
            $sudo apt-get -o DPkg::Lock::Timeout=300 install -y -qq chromium >&2; } || true
    if found=$(command -v chromium); then
        printf '%s\n' "$found"
        exit 0
    fi
fi

cat >&2 <<'TEXT'

The browser tests need Chromium, and it could not be installed from here. Either
  as an administrator:  apt-get install -y chromium      (Debian, Ubuntu)
  or name yours:        WARDPOST_CHROMIUM=/path/to/chrome make test
TEXT
exit 1
