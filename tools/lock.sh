#!/bin/sh
# Resolve pyproject.toml into requirements/*.txt, with hashes and without any index's address.
set -eu
cd "$(dirname -- "$0")/.."

[ -f .run/uv-path ] || { rm -f .venv/.wardpost-*; sh tools/bootstrap.sh dev; }
uv=$(cat .run/uv-path)

resolve() {
    "$uv" pip compile --quiet --python .venv/bin/python --universal --generate-hashes \
        --no-emit-index-url --no-annotate --no-header "$@" pyproject.toml
}

resolve -o requirements/base.txt "$@"
resolve -o requirements/dev.txt -c requirements/base.txt --group dev "$@"
if grep -nE '://|index-url|find-links' requirements/*.txt; then
    echo "The lock files must not name an index." >&2
    exit 1
fi
