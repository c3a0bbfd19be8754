import subprocess
import sys

from config.runtime.paths import PROJECT

CHECK = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_imports_run_one_way_and_apps_are_entered_by_their_front_door():
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
