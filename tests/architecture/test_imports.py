import os
import subprocess
import sys

from config.runtime.paths import PROJECT

LINT = 'import sys; from importlinter.cli import lint_imports_command as c; sys.argv = ["lint-imports", "--no-cache"]; c()'


def test_imports_run_one_way_and_apps_are_entered_by_their_front_door():
    done = subprocess.run([sys.executable, "-c", LINT], cwd=PROJECT, env=os.environ, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
