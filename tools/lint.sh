#!/bin/sh
# Run every checker, then say whether one of them objected.
set -u
cd "$(dirname -- "$0")/.."
failed=""

check() {
    name="$1"
    shift
    printf '  %-12s ' "$name" >&2
    if out=$("$@" 2>&1); then
        echo ok >&2
    else
        echo "objects:" >&2
        printf '%s\n' "$out" >&2
        failed="$failed $name"
    fi
}

check ruff .venv/bin/python -m ruff check --quiet .
check mypy .venv/bin/python -m mypy .
check imports .venv/bin/python -c 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))'
templates=$(find . -path ./.venv -prune -o -path ./.run -prune -o -path '*/templates/*.html' -print)
if [ -n "$templates" ]; then
    check djade sh -c 'find . -path ./.venv -prune -o -path ./.run -prune -o -path "*/templates/*.html" -print0 | xargs -0 .venv/bin/djade --check --target-version 6.1'
fi

if [ -n "$failed" ]; then
    echo "Not clean:$failed" >&2
    exit 1
fi
