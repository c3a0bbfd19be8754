"""The web application, for Granian or any other WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WARDPOST_PROCESS", "web")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings read the two lines above

application = get_wsgi_application()
