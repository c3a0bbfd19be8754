"""What everybody says of one claimed line, side by side: the file, our books, and the carrier and the centre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.claims.reading_lines import OpenClaimLine
from billing.outlet_money.sources import SourceEvent, events_behind
from billing.wording import CHANNELS, METHODS, RELATIONS
from shared.calendar import local
from shared.formatting import full_day, full_stamp, money, number


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing as each side has it; empty where a side says nothing. `differs`: those who say something disagree."""

    label: str
    file: str = ""
    books: str = ""
    told: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """What carrier and centre told about the parcel and the papers in it, oldest first."""

    carrier: tuple[SourceEvent, ...]
    centre: tuple[SourceEvent, ...]


def facts_of(found: OpenClaimLine) -> list[Fact]:
    """In the reader's language; what nobody says is left out."""
    line, charge = found.line, found.charge
    asked, said = line.facts, line.facts.get("said") or {}
    kept: Mapping[str, Any] = charge.evidence if charge is not None else {}
    case = kept.get("case") or {}
    rows = [
        _compared(_("Amount"), money(line.claimed.amount), money(line.owed.amount)),
        _compared(_("Day of delivery"), _day(asked.get("delivered_on")),
                  _day(charge.occurred_at) if charge is not None and charge.parcel_number else "",
                  _day(said.get("delivered_at"))),
        _compared(pgettext("finance", "Way"), _way(line.direction), _way(case.get("direction")),
                  _way(said.get("direction"))),
        _compared(_("Weight"), _grams(asked.get("weight_grams")), _grams(case.get("weight_grams")),
                  _grams(said.get("weight_grams"))),
        _compared(_("Class"), *(str(each or "") for each in (
            asked.get("class"), case.get("beneficiary_class"), said.get("class")))),
        _compared(_("Filed"), "", _channel(case.get("channel")), _channel(said.get("channel"))),
        Fact(_("Dossier"), line.dossier_code, "" if charge is None else charge.dossier_code,
             ", ".join(dict.fromkeys(each for each in said.get("dossiers") or () if each)),
             bool(line.dossier_code and said.get("dossiers") and line.dossier_code not in said["dossiers"])),
        _compared(_("Received by"), "", _relation(kept.get("relation")), _relation(said.get("relation"))),
        _compared(_("Proof of delivery"), "", _method(kept.get("proof_method")), _method(said.get("proof_method")) or (
            _("none came") if said.get("delivered_at") else "")),
        _compared(_("Day accepted by the post"), _day(asked.get("accepted_on")), "", _day(said.get("accepted_at"))),
        Fact(_("Handed over to the centre"), "", "", _stamp(said.get("received_at"))),
        Fact(_("Place of delivery"), "", "", _("another commune than registered") if said.get("wrong_commune") else "",
             differs=True),
    ]
    return [row for row in rows if row.file or row.books or row.told]


def trail_of(found: OpenClaimLine) -> Trail:
    """The carrier's events of the parcel, and the steps of its first dossiers."""
    said = found.line.facts.get("said") or {}
    parcel, dossiers = said.get("parcel_id"), list(said.get("dossier_ids") or ())[:3]
    if parcel is None and found.charge is not None and found.charge.source_type == "parcel":
        parcel = str(found.charge.source_id)
    if found.charge is not None and found.charge.source_type == "dossier":
        dossiers = [str(found.charge.source_id)]
    return Trail(tuple(events_behind("parcel", UUID(parcel))) if parcel else (),
                 tuple(event for each in dossiers if each for event in events_behind("dossier", UUID(each))))


def _compared(label: str, *sides: str) -> Fact:
    named = dict(zip(("file", "books", "told"), sides, strict=False))
    return Fact(label, **named, differs=len({side for side in sides if side}) > 1)


def _moment(value: object) -> datetime | date | None:
    if isinstance(value, datetime | date) or not value:
        return value if isinstance(value, datetime | date) else None
    text = str(value)
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(value: object) -> str:
    moment = _moment(value)
    if moment is None:
        return ""
    return full_day(local(moment).date() if isinstance(moment, datetime) else moment)


def _stamp(value: object) -> str:
    moment = _moment(value)
    return full_stamp(moment) if isinstance(moment, datetime) else ""


def _way(code: object) -> str:
    return {"dossier": pgettext("finance", "out"), "result": pgettext("finance", "home")}.get(str(code or ""), "")


def _grams(value: object) -> str:
    return f"{number(int(str(value)))} g" if value else ""


def _channel(code: object) -> str:
    return str(CHANNELS.get(str(code or ""), code or ""))


def _relation(code: object) -> str:
    return str(RELATIONS.get(str(code or ""), code or ""))


def _method(code: object) -> str:
    return str(METHODS.get(str(code or ""), code or ""))
