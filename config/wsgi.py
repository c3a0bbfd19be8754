"""The web application, for Granian or any other WSGI server."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WARDPOST_PROCESS", "web")

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

# What loading makes lives as long as the process: to look through it for rubbish costs a sixth of every start.
gc.disable()
application = get_wsgi_application()
resolve("/healthz")  # loads all screens and routes now, not while the first citizen of this process waits
gc.freeze()
gc.enable()


def _refuse_the_wrong_house() -> None:
    """A database of the other house ends the process before it serves anybody; one that is away does not."""
    from agents.practice import house  # the applications are ready now

    house.verify()


_refuse_the_wrong_house()
