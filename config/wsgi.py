"""The web application, for Granian or any other WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WARDPOST_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
