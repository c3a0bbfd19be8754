#!/usr/bin/env python
"""Django's commands, on the servers the environment names or on engines of our own."""

import os
import signal
import sys
from contextlib import nullcontext

from environs import EnvError

from config.runtime import environment, practice
from config.runtime.errors import EngineError

# These change the schema or the rights on it; everything else runs with the application's rights.
OWNER_COMMANDS = {
    "flush", "grant_app_role", "makemigrations", "migrate", "prepare_database", "showmigrations", "sqlmigrate",
    "reset_practice", "squashmigrations",
}  # fmt: skip
NEED_NO_ENGINE = {
    "--help", "--version", "check", "diffsettings", "export_openapi_schema", "findstatic", "help", "version",
}  # fmt: skip


def main() -> None:
    """Run the command named on the command line."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("WARDPOST_PROCESS", "owner" if command in OWNER_COMMANDS else "manage")
    try:
        practice.refuse_command(command)
    except EngineError as error:
        sys.exit(str(error))
    environment.fill()

    from django.core.management import execute_from_command_line

    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))
    try:
        with nullcontext() if command in NEED_NO_ENGINE else environment.engines():
            execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"{error}: set it, as .env.example explains.")
    except EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
