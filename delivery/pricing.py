"""What billing needs to price a trip, kept on the parcel as it was when the trip was booked."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from billing.records import PostageCase

_CASES: Final = TypeAdapter(PostageCase)


def case_as_data(case: PostageCase) -> dict[str, Any]:
    data: dict[str, Any] = _CASES.dump_python(case, mode="json")
    return data


def case_from_data(data: Mapping[str, Any]) -> PostageCase:
    return _CASES.validate_python(data)
