"""The least a carrier's webhook can be: one typed body, one statement. What the project's own is compared with."""

from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema

from bench.delivery import FLOOR_ONE

api = NinjaAPI(docs_url=None, openapi_url=None, urls_namespace="floor")


class Scan(Schema):
    event_id: str
    number: str
    code: str
    occurred_at: datetime
    office: str


@api.post("/")
def webhook(request: HttpRequest, body: Scan) -> dict[str, bool]:
    """Keep the event and the newest status."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_ONE, body.dict())
    return {"ok": True}


urlpatterns = [path("", api.urls)]
