"""Files to rows: JSON with a heading, or CSV; each row remembers where it stands."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.reference_data.problems import Problem, ReferenceDataRefused

HEADING: Final = frozenset({"version", "source", "rows"})
OPTIONAL_HEADING: Final = frozenset({"covers"})

WHOLE_NUMBER_ERRORS: Final = frozenset({"int_type", "int_parsing", "int_from_float", "int_parsing_size"})


@dataclass(frozen=True, slots=True)
class Sourced[Row: BaseModel]:
    """A checked row and where it came from, for problems found later."""

    file: str
    number: int
    row: Row

    def problem(self, message: str) -> Problem:
        return Problem(self.file, self.number, message)


def read_rows[Row: BaseModel](row_type: type[Row], folder: Path, files: Iterable[str]) -> list[Sourced[Row]]:
    """Read and check the rows of `files` inside `folder`.

    Raises:
        ReferenceDataRefused: a file is missing or malformed, or a row breaks `row_type`; all problems at once.
    """
    problems: list[Problem] = []
    rows: list[Sourced[Row]] = []
    for file in files:
        try:
            raw = _raw_rows(folder, file)
        except ReferenceDataRefused as refused:
            problems.extend(refused.problems)
            continue
        for number, values in enumerate(raw, start=1):
            try:
                rows.append(Sourced(file, number, row_type.model_validate(values)))
            except ValidationError as refused_row:
                problems += [Problem(file, number, _explain(error)) for error in refused_row.errors()]
    if problems:
        raise ReferenceDataRefused(problems)
    return rows


def files_in(folder: Path, subfolder: str) -> list[str]:
    """The JSON files of a subfolder, as paths relative to `folder`."""
    return sorted(str(path.relative_to(folder)) for path in (folder / subfolder).glob("*.json"))


def _raw_rows(folder: Path, file: str) -> Sequence[object]:
    try:
        with (folder / file).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle)) if file.endswith(".csv") else _json_rows(file, handle.read())
    except FileNotFoundError:
        raise _refused(file, _("The file is missing. Put it back, or restore it from the repository.")) from None
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise _refused(file, _("The file cannot be read as UTF-8 text of its format (%(error)s). Correct it there.")
                       % {"error": error}) from error


def _json_rows(file: str, text: str) -> Sequence[object]:
    # A number with a decimal point stays exact and is no int: money in it is refused by the row's type.
    content = json.loads(text, parse_float=Decimal, object_pairs_hook=lambda pairs: _object(file, pairs))
    if not isinstance(content, dict) or not set(content) >= HEADING or not isinstance(content["rows"], list):
        raise _refused(file, _('The file must be one object with "version", "source" and a list "rows".'))
    unknown = set(content) - HEADING - OPTIONAL_HEADING
    if unknown:
        raise _refused(file, _("Unknown fields in the heading: %(fields)s. Remove them or correct their names.")
                       % {"fields": ", ".join(sorted(unknown))})
    return content["rows"]


def _object(file: str, pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    names = [name for name, _value in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise _refused(file, _("A field stands twice in one object: %(fields)s. Keep one of them.")
                       % {"fields": ", ".join(sorted(twice))})
    return dict(pairs)


def _refused(file: str, message: str) -> ReferenceDataRefused:
    return ReferenceDataRefused([Problem(file, None, message)])


def _explain(error: ErrorDetails) -> str:
    return f"{'.'.join(map(str, error['loc'])) or '-'}: {_reason(error)}"


def _reason(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _("this field is unknown. Remove it or correct its name.")
    if kind == "missing":
        return _("this field is missing. Add it.")
    if kind in WHOLE_NUMBER_ERRORS:
        return _("this must be a whole number, without quotes or a decimal point. Money is counted in whole đồng.")
    if kind == "string_too_short":
        return _("this is empty or too short. Say it in full; a legal basis names the text and the article.")
    if kind == "string_too_long":
        return _("this is longer than %(max)d characters. Shorten it.") % {"max": error["ctx"]["max_length"]}
    return _("this is not allowed (%(reason)s). Correct it.") % {"reason": error["msg"]}
