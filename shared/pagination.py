"""Pages of long lists: at most 100 at a time, and a cursor that stays right while rows come and go."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shared.errors import FieldError
from shared.schemas import Asked, Out
from shared.validation import InvalidRequest

MOST_ON_A_PAGE: Final = 100


class PageAsked(Asked):
    """Filters of a list inherit this."""

    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE, description="How many at most.")] = 50
    cursor: Annotated[str, Field(max_length=300, description="`next` of the page before.")] = ""


class Page[T](Out):
    items: list[T]
    next: str = Field(default="", description="Send it as `cursor` for what follows; empty: this was the last page.")


def page_of[M: Model](rows: QuerySet[M], *, asked: PageAsked, order: Sequence[str]) -> tuple[list[M], str]:
    """The rows after the cursor and the cursor of the next page.

    `order` names columns that are never null, the last one unique, all in one direction: `("-submitted_at", "-id")`.

    Raises:
        InvalidRequest: the cursor is none of ours.
    """
    names = [name.removeprefix("-") for name in order]
    ordered = rows.order_by(*order)
    if asked.cursor:
        ordered = ordered.filter(_after(names, _decode(rows, names, asked.cursor), descending=order[0].startswith("-")))
    found = list(ordered[: asked.limit + 1])
    if len(found) <= asked.limit:
        return found, ""
    return found[: asked.limit], _encode([getattr(found[asked.limit - 1], name) for name in names])


def _after(names: Sequence[str], values: Sequence[Any], *, descending: bool) -> Q:
    """(a, b) beyond (x, y): a beyond x, or a = x and b beyond y."""
    look = "lt" if descending else "gt"
    condition = Q()
    for depth, name in enumerate(names):
        same = Q(**{names[i]: values[i] for i in range(depth)})
        condition |= same & Q(**{f"{name}__{look}": values[depth]})
    # The bound on the first column alone lets its index be used.
    return Q(**{f"{names[0]}__{look}e": values[0]}) & condition


def _encode(values: Sequence[Any]) -> str:
    # orjson writes moments, days and ids by itself.
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _decode(rows: QuerySet[Any], names: Sequence[str], cursor: str) -> list[Any]:
    try:
        values = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        return [_read(rows, name, value) for name, value in zip(names, list(values), strict=True)]
    except (ValueError, TypeError, ValidationError) as error:
        message = _("This cursor is not one that was given out; begin again without it.")
        raise InvalidRequest(errors=(FieldError("/query/cursor", "unknown-cursor", message),)) from error


def _read(rows: QuerySet[Any], name: str, value: Any) -> Any:
    read = rows.model._meta.get_field(name).to_python(value)
    if read is None or isinstance(value, list | dict) or (isinstance(read, datetime) and read.tzinfo is None):
        raise ValueError("not a value of this column")
    return read
