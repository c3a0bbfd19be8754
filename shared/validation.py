"""What was wrong with each entry, in words that say what to do."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared.errors import FieldError, Invalid
from shared.problems import told

type Loc = tuple[str | int, ...]

# pydantic's error type: our code (stable, for machines) and the words, with pydantic's own facts in braces.
MESSAGES: Final[Mapping[str, tuple[str, Any]]] = {
    "missing": ("required", _("This is required.")),
    "extra_forbidden": ("unknown-field", _("There is no field “{field}” here; check its spelling or leave it out.")),
    "string_type": ("text-expected", _("Give this as text, in quotes.")),
    "string_too_short": ("too-short", _("At least {min_length} characters are needed.")),
    "string_too_long": ("too-long", _("At most {max_length} characters are possible.")),
    "string_pattern_mismatch": ("wrong-form", _("This is not in the form that is expected here.")),
    "int_type": ("whole-number-expected", _("Give this as a whole number, without quotes or decimals.")),
    "int_form": ("whole-number-expected", _("Give this as a whole number in digits.")),
    "int_parsing": ("whole-number-expected", _("Give this as a whole number in digits.")),
    "int_from_float": ("whole-number-expected", _("Give this as a whole number, without quotes or decimals.")),
    "float_type": ("number-expected", _("Give this as a number, without quotes.")),
    "float_form": ("number-expected", _("Give this as a number such as 16.46.")),
    "float_parsing": ("number-expected", _("Give this as a number such as 16.46.")),
    "finite_number": ("number-expected", _("Give this as a number such as 16.46.")),
    "bool_type": ("yes-or-no-expected", _("Give this as true or false.")),
    "bool_parsing": ("yes-or-no-expected", _("Give this as true or false.")),
    "greater_than": ("too-small", _("This must be more than {gt}.")),
    "greater_than_equal": ("too-small", _("This must be at least {ge}.")),
    "less_than": ("too-large", _("This must be less than {lt}.")),
    "less_than_equal": ("too-large", _("This must be at most {le}.")),
    "multiple_of": ("not-a-multiple", _("This must be a multiple of {multiple_of}.")),
    "date_form": ("date-expected", _("Give this as a date such as 2025-07-03.")),
    "date_type": ("date-expected", _("Give this as a date such as 2025-07-03.")),
    "date_parsing": ("date-expected", _("There is no such day. Give a date such as 2025-07-03.")),
    "date_from_datetime_parsing": ("date-expected", _("There is no such day. Give a date such as 2025-07-03.")),
    "datetime_form": ("moment-expected", _("Give date, time and offset, such as 2025-07-03T10:00:00+07:00.")),
    "datetime_type": ("moment-expected", _("Give date, time and offset, such as 2025-07-03T10:00:00+07:00.")),
    "datetime_parsing": ("moment-expected", _("There is no such moment. Give one such as 2025-07-03T10:00:00+07:00.")),
    "datetime_from_date_parsing": (
        "moment-expected", _("There is no such moment. Give one such as 2025-07-03T10:00:00+07:00.")),
    "time_form": ("time-expected", _("Give this as a time such as 16:30.")),
    "time_type": ("time-expected", _("Give this as a time such as 16:30.")),
    "time_parsing": ("time-expected", _("Give this as a time such as 16:30.")),
    "uuid_form": ("id-expected", _("Give this as an id such as 01980c3a-8f00-7000-8000-000000000000.")),
    "uuid_type": ("id-expected", _("Give this as an id such as 01980c3a-8f00-7000-8000-000000000000.")),
    "uuid_parsing": ("id-expected", _("Give this as an id such as 01980c3a-8f00-7000-8000-000000000000.")),
    "enum": ("not-a-choice", _("Choose one of: {expected}.")),
    "literal_error": ("not-a-choice", _("Choose one of: {expected}.")),
    "union_tag_invalid": ("not-a-choice", _("Choose one of: {expected_tags}.")),
    "union_tag_not_found": ("required", _("Say which kind this is.")),
    "list_type": ("list-expected", _("Give this as a list.")),
    "dict_type": ("object-expected", _("Give this as an object.")),
    "model_type": ("object-expected", _("Give this as an object.")),
    "model_attributes_type": ("object-expected", _("Give this as an object.")),
    "too_short": ("too-few", _("At least {min_length} entries are needed.")),
    "too_long": ("too-many", _("At most {max_length} entries are possible.")),
    "none_required": ("not-expected", _("Leave this empty.")),
}
ANYTHING_ELSE: Final = _("This entry is not acceptable; please correct it.")


class InvalidRequest(Invalid):
    code = "invalid-request"
    title = _("Some entries need correcting")


def json_pointer(loc: Iterable[str | int]) -> str:
    """RFC 6901: ("citizen", "phones", 0) is "/citizen/phones/0"."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in loc)


def field_error(*, pointer: str, kind: str, facts: Mapping[str, Any]) -> FieldError:
    """One of pydantic's errors in our words; what our own validators raised carries its words along."""
    if isinstance(words := facts.get("told"), Promise):
        return FieldError(pointer, kind, words)
    if kind not in MESSAGES:
        return FieldError(pointer, kind.replace("_", "-"), ANYTHING_ELSE)
    code, message = MESSAGES[kind]
    plain = {name: value for name, value in facts.items() if isinstance(value, str | int | float)}
    field = pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")[:80]
    return FieldError(pointer, code, told(message, **{"field": field, **plain}))


def invalid_request(errors: Iterable[Mapping[str, Any]]) -> InvalidRequest:
    """The problem of what ninja found. A body's pointers begin at the body itself, a parameter's at `/query`."""
    found = tuple(
        field_error(pointer=json_pointer(_place(each["loc"])), kind=str(each["type"]), facts=each.get("ctx") or {})
        for each in errors)
    return InvalidRequest(_("Please correct the entries named here; nothing was saved."), errors=found)


def _place(loc: Loc) -> Loc:
    """Ninja writes ("body", name of the argument, …): the argument is ours, not the caller's."""
    source, *rest = loc
    if source in {"body", "form", "file"}:
        return tuple(rest[1:]) if source == "body" else tuple(rest)
    return (source, *rest[-1:])


def is_about_path_only(errors: Iterable[Mapping[str, Any]]) -> bool:
    """Whether only the address was wrong: then there is simply nothing there."""
    return all(each["loc"][0] == "path" for each in errors)
