#!/bin/sh
# Make .venv match requirements/<set>.txt: tools/bootstrap.sh [base|dev]
#
# Finds Python 3.13 and uv wherever a machine keeps them, and does nothing in
# a few milliseconds when the environment is already right. Safe to start twice at once.
set -eu

set_name="${1:-dev}"
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here"
[ -d .run ] || mkdir -m 700 .run

say() { printf '  %-12s %s\n' "$1" "$2" >&2; }
fail() { printf '\nSet-up stopped: %s\n' "$1" >&2; exit 1; }

checksum() { cat "$@" | cksum | tr ' ' '-'; }

stamp=".venv/.wardpost-$set_name"
wanted="$(checksum .python-version "requirements/$set_name.txt")"

is_fresh() {
    [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] &&
        .venv/bin/python -c '' 2>/dev/null
}

is_python_313() {
    [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1
}

# Where pyenv may keep what it installed, one folder a line. HOME can point elsewhere than to the
# account's own folder, and the shims on PATH tell where the rest is.
pyenv_roots() {
    printf '%s\n' "${PYENV_ROOT:-}" "$HOME/.pyenv" "$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)/.pyenv"
    printf '%s\n' "$PATH" | tr ':' '\n' | sed -n 's|/shims/*$||p'
}

# Print the programs that match a pattern in any of pyenv's versions: in_pyenv '3.13*/bin/python3.13'
in_pyenv() {
    pyenv_roots | while IFS= read -r root; do
        for program in "$root"/versions/$1; do
            if [ -n "$root" ] && [ -x "$program" ]; then printf '%s\n' "$program"; fi
        done
    done
}

find_python() {
    for candidate in "${PYTHON:-}" python3.13 $(in_pyenv '3.13*/bin/python3.13') \
        "$HOME"/.local/share/uv/python/cpython-3.13*/bin/python3.13 \
        /usr/local/bin/python3.13 /opt/python/3.13*/bin/python3 /opt/homebrew/bin/python3.13 \
        python3 python; do
        if is_python_313 "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# A pyenv shim can be on PATH and still refuse to run, so every candidate is tried.
find_uv() {
    for candidate in "${UV:-}" .run/tools/bin/uv uv "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" \
        $(in_pyenv '*/bin/uv'); do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# Debian forbids pip outside a virtual environment (PEP 668), so uv gets its own.
install_uv() {
    for base in "${1:-}" python3 python /usr/bin/python3; do
        [ -n "$base" ] || continue
        if "$base" -m venv .run/tools >/dev/null 2>&1 &&
            .run/tools/bin/python -m pip install --quiet uv >&2; then
            return 0
        fi
        rm -rf .run/tools
        if "$base" -m pip --version >/dev/null 2>&1 &&
            { "$base" -m pip install --quiet --user uv >&2 2>/dev/null ||
                "$base" -m pip install --quiet --user --break-system-packages uv >&2; }; then
            return 0
        fi
    done
    return 1
}

sync_environment() {
    python=$(find_python) || python=""
    if ! uv=$(find_uv); then
        say uv "not found: installing it into .run/tools"
        install_uv "$python" || fail "uv could not be installed. Install it by hand (pipx install uv, or your package manager), then run this again."
        uv=$(find_uv) || fail "uv was installed but does not start. Set UV=/path/to/uv and run this again."
    fi
    if [ -z "$python" ]; then
        say python "3.13 not found: asking uv for it"
        "$uv" python install 3.13 >&2 ||
            fail "Python 3.13 is needed and could not be fetched. Install it (apt, pyenv install 3.13 …) or set PYTHON=/path/to/python3.13, then run this again."
        python=$("$uv" python find '>=3.13,<3.14') || fail "uv installed Python 3.13 but does not find it."
    fi
    if ! is_python_313 .venv/bin/python; then
        say python "$python"
        "$uv" venv --quiet --clear --python "$python" .venv >&2
    fi
    # The development set contains the basic one: never take tools away from a developer.
    if [ "$set_name" = base ] && [ -f .venv/.wardpost-dev ]; then
        set_name=dev
    fi
    say packages "$(grep -c '==' "requirements/$set_name.txt") packages from requirements/$set_name.txt"
    "$uv" pip sync --quiet --require-hashes --no-build --link-mode "${UV_LINK_MODE:-hardlink}" \
        --python .venv/bin/python "requirements/$set_name.txt" >&2 ||
        fail "the packages could not be installed (no network, or an index that lacks one of them?)."
    checksum .python-version requirements/base.txt >.venv/.wardpost-base
    if [ "$set_name" = dev ]; then
        checksum .python-version requirements/dev.txt >.venv/.wardpost-dev
    fi
    printf '%s\n' "$uv" >.run/uv-path
    say environment "ready in .venv"
}

if ! is_fresh; then
    if command -v flock >/dev/null 2>&1; then
        exec 9>.run/setup.lock
        flock 9
    fi
    is_fresh || sync_environment 9>&-
fi
.venv/bin/python -m tools.compile_messages
