"""The HTTP floors: the least that granian, Django, django-ninja and one SQL statement need for the same effect.

No middleware, no session, no permission, no audit logic. Started by bench.web with BENCH_FLOOR naming a folder of JSON
files, the statement of each job; the database is the project's own.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import django
from django.conf import settings

from config.runtime import addresses, environment

environment.fill()
settings.configure(
    DEBUG=False, SECRET_KEY=os.environ["WARDPOST_SECRET_KEY"], ALLOWED_HOSTS=["*"], ROOT_URLCONF="bench.floor_app",
    MIDDLEWARE=[], INSTALLED_APPS=[], USE_TZ=True, LOGGING_CONFIG=None,
    DATABASES={"default": addresses.database(os.environ["DATABASE_URL"], session={"app.scope": "all"})
               | {"CONN_MAX_AGE": None}})
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  # Django has to be configured first
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402

from bench.filing_rows import Filing, Statement, values_of  # noqa: E402

_FOLDER: Final = Path(os.environ["BENCH_FLOOR"])
api = NinjaAPI(docs_url=None, openapi_url=None)


@cache
def _statement(job: str) -> Statement:
    """What a job's floor runs; written before its first request."""
    return Statement(**json.loads((_FOLDER / f"floor-{job}.json").read_text()))


class Paper(Schema):
    component: str
    document_id: UUID


class Submit(Schema):
    client_ref: UUID
    citizen_id: UUID
    procedure_code: str
    channel: str
    session_id: UUID
    documents: list[Paper]


@api.post("/submissions")
def submit(request: HttpRequest, body: Submit) -> Any:
    statement = _statement("submit")
    filing = Filing(str(body.client_ref), str(body.citizen_id), str(body.session_id),
                    (str(body.documents[0].document_id), str(body.documents[1].document_id)),
                    request.headers["Idempotency-Key"])
    values = values_of(filing)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, {**statement.constants, **values})
        cursor.fetchone()
    return {"id": values["dossier"]}


@api.get("/nearest")
def nearest(request: HttpRequest, latitude: float, longitude: float) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_statement("nearest").sql, {"latitude": latitude, "longitude": longitude})
        return [dict(zip(("code", "name", "metres"), row, strict=True)) for row in cursor.fetchall()]


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [path("healthz", healthz), path("api/", api.urls)]
application = WSGIHandler()
