"""A summary as JSON on the parcel's row; nothing that is unknown is written."""

from collections.abc import Mapping
from typing import Any

from delivery.rules.standing import Summary


def as_data(summary: Summary) -> dict[str, Any]:
    data = {name: getattr(summary, name) for name in Summary.__slots__}
    return {name: value for name, value in data.items() if value}


def from_data(data: Mapping[str, Any]) -> Summary:
    tip, receivers, settled = data.get("tip"), data.get("receivers"), data.get("settled")
    ends, asked = data.get("ends"), data.get("cancel_asked")
    return Summary(
        accepted=data.get("accepted"),
        first_move=data.get("first_move"),
        last_move=data.get("last_move"),
        tip=(tip[0], tip[1], tip[2], tip[3], tip[4]) if tip else None,
        ends={code: (mark[0], mark[1]) for code, mark in ends.items()} if ends else None,
        last_delivery=data.get("last_delivery"),
        receivers=(receivers[0], receivers[1]) if receivers else None,
        attempt_days=tuple(data.get("attempt_days", ())),
        is_cancelled=data.get("is_cancelled", False),
        has_implausible_end=data.get("has_implausible_end", False),
        settled=(settled[0], settled[1], settled[2]) if settled else None,
        cancel_asked=(asked[0], asked[1]) if asked else None,
    )
