"""A small API with one operation, to see how every API of the house reads, refuses and remembers."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, UploadedFile
from ninja.throttling import AnonRateThrottle
from pydantic import Field, field_validator

from agents.auth import EVERY_ROLE, allow
from shared import work
from shared.api import Asked, Dong, In, Out, Paragraphs, WardpostAPI, WardpostRequest, idempotent, wrong
from shared.errors import Conflict, FieldError, Invalid
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.problems import told
from shared.transactions import operation

api = WardpostAPI(title="Sample", urls_namespace="sample", auth=allow(roles=EVERY_ROLE, scopes={"dossiers:write"}))


class PersonIn(In):
    name: Annotated[str, Field(min_length=2, max_length=120)]
    phones: list[str] = []
    born: date | None = None

    @field_validator("born")
    @classmethod
    def born_in_the_past(cls, born: date | None) -> date | None:
        if born is not None and born.year > 2026:
            raise wrong("born-in-the-future", _("This must be at most {le}."), le=2026)
        return born


class ThingIn(In):
    reference: Annotated[str, Field(min_length=1, max_length=40)]
    amount: Dong = 0
    copies: Annotated[int, Field(ge=1, le=200)] = 1
    at: datetime | None = None
    id: UUID | None = None
    person: PersonIn | None = None
    note: Paragraphs = ""


class ThingOut(Out):
    id: int
    reference: str


class ThingTaken(Conflict):
    code = "thing-taken"
    title = _("Not found")


@operation
def open_thing(*, reference: str, at: datetime, crash: str = "") -> WorkItem:
    """Open a work item; `crash` says what goes wrong after the effect and before the commit."""
    if WorkItem.objects.filter(reference=reference).exists():
        raise ThingTaken("taken", reference=reference, amount=Money(5), day=date(2025, 7, 3), places={"b", "a"})
    work.open_item(kind="sample", reference=reference, owner_role="administrator", owner_place="", at=at, due_at=at)
    if crash == "connection":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    if crash == "fault":
        raise ZeroDivisionError(f"secret of {reference}")
    return WorkItem.objects.get(reference=reference)


_AT = datetime.fromisoformat("2025-07-03T10:00:00+07:00")
CRASH: dict[str, str] = {"next": ""}


@api.post("/things", response={201: ThingOut})
def create_thing(request: WardpostRequest, body: ThingIn) -> HttpResponse:
    crash, CRASH["next"] = CRASH["next"], ""
    return idempotent(request, status=201, schema=ThingOut,
                      call=lambda: open_thing(reference=body.reference, at=_AT, crash=crash))


@api.post("/files", response={201: ThingOut})
def create_file(request: WardpostRequest, reference: Form[str], file: File[UploadedFile]) -> HttpResponse:
    return idempotent(request, status=201, schema=ThingOut,
                      call=lambda: open_thing(reference=f"{reference} {file.size}", at=_AT))


@api.post("/echo", auth=None)
def echo(request: HttpRequest, body: ThingIn) -> Any:
    return body.model_dump(mode="json")


class Filters(Asked):
    near: float = 0.0
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    is_open: bool = False
    on: date | None = None


@api.get("/things", auth=None)
def things(request: HttpRequest, asked: Query[Filters]) -> Any:
    return asked.model_dump(mode="json")


@api.get("/things/{thing_id}", auth=None)
def thing(request: HttpRequest, thing_id: UUID) -> Any:
    return {"id": str(thing_id)}


@api.get("/fault", auth=None)
def fault(request: HttpRequest) -> Any:
    raise ZeroDivisionError("SELECT secret FROM /home/quay")


@api.get("/throttled", auth=None, throttle=[AnonRateThrottle("1/h")])
def throttled(request: HttpRequest) -> Any:
    return {}


@api.get("/refused", auth=None)
def refused(request: HttpRequest) -> Any:
    raise Invalid(told(_("This must be at most {le}."), le=2026),
                  errors=(FieldError("/person/born", "too-large", told(_("This must be at most {le}."), le=2026)),),
                  until=_AT + timedelta(days=1), status=418)


urlpatterns = [path("api/v1/", api.urls)]
