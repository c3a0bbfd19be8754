"""What comes in and what goes out of the API.

`In` takes nothing for granted: unknown fields are refused by name, a number is a number and not "1_000", text is
brought to one Unicode form, freed from stray spaces and bounded, hidden characters are refused by their position.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.money import Money
from shared.problems import told
from shared.text import clean, clean_lines, hidden_character

LONGEST_TEXT: Final = 2000
MOST_ITEMS: Final = 500
MOST_DONG: Final = 10**11
"""No single amount of this programme comes near; what does is a slip of the keyboard."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_CLOCK: Final = re.compile(r"\d{2}:\d{2}(?::\d{2})?", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?", re.ASCII)


def wrong(code: str, message: str | Promise, **facts: object) -> PydanticCustomError:
    """What a validator raises; `message` (lazy) reaches the reader in her language with `facts` in its braces."""
    context = {"told": told(message, **facts), **facts}
    return PydanticCustomError(code, code, context)


def _line(value: Any) -> Any:
    return _without_hidden(clean(value)) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = clean_lines(value)
    _without_hidden(text.replace("\n", " "))
    return text


def _without_hidden(text: str) -> str:
    position = hidden_character(text)
    if position is not None:
        message = _("There is an invisible character at position {position}; please type it again.")
        raise wrong("hidden-character", message, position=position + 1)
    return text


class _ManyLines:
    """Marks a text whose line breaks are kept."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.str_schema(strict=True, max_length=LONGEST_TEXT, metadata=_DONE)
        return core_schema.no_info_before_validator_function(_lines, inner)


class _AsTyped:
    """Marks a text of which every character counts."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(strict=True, max_length=LONGEST_TEXT, metadata=_DONE)


_DONE: Final = {"wardpost": True}
Verbatim = Annotated[str, _AsTyped]
"""A password: neither cleaned nor brought to another form."""
Paragraphs = Annotated[str, _ManyLines]
"""Free text of up to 2,000 characters that keeps its line breaks."""
Dong = Annotated[int, Field(ge=0, le=MOST_DONG, description="Whole đồng, as a JSON integer.")]
Amount = Annotated[int, BeforeValidator(lambda value: value.amount if isinstance(value, Money) else value),
                   Field(description="Whole đồng.")]
"""An amount in an answer, read from `Money`."""
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


def _only(kind: str, pattern: re.Pattern[str]) -> Callable[[Any], Any]:
    """Strings of `pattern` alone may become a `kind`; pydantic itself would also take numbers and short forms."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise PydanticCustomError(f"{kind}_form", "form")
        if isinstance(value, int | float):
            raise PydanticCustomError(f"{kind}_form", "form")
        return value

    return check


_FORMS: Final = {"date": _only("date", _DATE), "datetime": _only("datetime", _MOMENT), "time": _only("time", _CLOCK),
                 "uuid": _only("uuid", _UUID)}
_FORMS_IN_ADDRESSES: Final = {"int": _WHOLE, "float": _NUMBER}
# What a column of the database can hold.
_LIMITS: Final[dict[str, dict[str, object]]] = {
    "int": {"ge": -(2**63), "le": 2**63 - 1}, "float": {"allow_inf_nan": False}}


def _number_in_address(kind: str) -> Callable[[Any], Any]:
    pattern = _FORMS_IN_ADDRESSES[kind]

    def check(value: Any) -> Any:
        if isinstance(value, str):
            if not pattern.fullmatch(value):
                raise PydanticCustomError(f"{kind}_form", "form")
            return int(value) if kind == "int" else float(value)
        return value

    return check


def _flag_in_address(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _tightened(schema: Any, *, from_address: bool) -> Any:
    """The same schema with every text, number and date in it taken at its word."""
    if isinstance(schema, list | tuple):
        return type(schema)(_tightened(each, from_address=from_address) for each in schema)
    if not isinstance(schema, dict) or schema.get("metadata") is _DONE:
        return schema
    kept = {"metadata", "serialization", "cls", "config", "members", "default"}
    schema = {key: value if key in kept else _tightened(value, from_address=from_address)
              for key, value in schema.items()}
    return _tightened_leaf(schema, from_address=from_address)


def _tightened_leaf(schema: dict[str, Any], *, from_address: bool) -> Any:
    kind = schema.get("type")
    before = core_schema.no_info_before_validator_function
    if kind == "str":
        bounded = {"max_length": LONGEST_TEXT, **schema, "strict": True, "metadata": _DONE}
        return before(_line, bounded)
    if kind in {"int", "float", "bool"}:
        exact = {**_LIMITS.get(kind, {}), **schema, "strict": True, "metadata": _DONE}
        if not from_address:
            return exact
        return before(_flag_in_address if kind == "bool" else _number_in_address(kind), exact)
    if kind == "list":
        return {"max_length": MOST_ITEMS, **schema}
    if kind in _FORMS:
        return before(_FORMS[kind], {**schema, "metadata": _DONE})
    return schema


class In(BaseModel):
    """A body: unknown fields refused, text cleaned and bounded, numbers and dates never guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        tight: CoreSchema = _tightened(handler(source), from_address=False)
        return tight


class NothingIn(In):
    """An empty object: the address and the caller say everything."""


class Asked(BaseModel):
    """The parameters of an address (`filters: Query[MyFilters]`); texts of digits are numbers here, nothing else is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        tight: CoreSchema = _tightened(handler(source), from_address=True)
        return tight


class Out(BaseModel):
    """An answer: exactly the fields declared, read from a record, row or mapping."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")
