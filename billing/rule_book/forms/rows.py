"""The tables below a rule: what each row is typed as, and shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rule_book.describing import (
    CHANNELS,
    COMPLEXITIES,
    DIRECTIONS,
    GROUPS,
    said,
)
from billing.rule_book.forms.fields import CONFIDENCES, TextEntry, choice, choices_of, figure
from billing.rule_book.forms.reading import amount_text, dong, parts_of_share, share_text, whole
from billing.rules.compensation import MODIFIERS, PERIOD_CAP, STAND_BY, TASKS
from billing.rules.rates import ModifierKind, Unit
from billing.rules.zones import ZONE_WORDS, Zone
from shared.formatting import speaks_vietnamese


class Row(forms.Form):
    """One row of a table; an empty one is left out."""

    use_required_attribute = False

    def is_blank(self) -> bool:
        return not self.has_changed() if not self.initial else not any(self.cleaned_data.values())

    def as_terms(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class ItemRow(Row):
    task = forms.ChoiceField(label=_("Task"), required=False, choices=lambda: [
        ("", "–"), *((task, said(words)) for task, words in TASKS.items() if task != PERIOD_CAP)])
    procedure_group = choice(_("Procedure group"), GROUPS)
    channel = choice(_("Channel"), {"": _("any")} | dict(CHANNELS))
    complexity = choice(_("Complexity"), COMPLEXITIES)
    amount_vnd = figure(_("Amount, đồng"))

    def is_blank(self) -> bool:
        return not self.cleaned_data.get("task") and not self.cleaned_data.get("amount_vnd", "").strip()

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        amount = data["amount_vnd"].strip()
        return {"task": data["task"], "procedure_group": data["procedure_group"], "channel": data["channel"],
                "complexity": data["complexity"], **({"amount_vnd": dong(amount)} if amount else {}),
                "unit": str(Unit.MONTH if data["task"] == STAND_BY else Unit.PIECE)}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return {**terms, "amount_vnd": amount_text(terms["amount_vnd"])}


class ModifierRow(Row):
    kind = forms.ChoiceField(label=_("Modifier"), required=False, choices=lambda: [
        ("", "–"), *((str(kind), said(MODIFIERS[kind])) for kind in ModifierKind)])
    numerator = TextEntry(_("Share or amount"), help_text=_("20 % or 5.000"), longest=20)
    communes = TextEntry(_("Communes"), help_text=_("codes, parted by commas"), longest=1500)
    late_after_days = figure(_("Late after, working days"))

    def is_blank(self) -> bool:
        return not any(str(value).strip() for value in self.cleaned_data.values())

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        text, days = data["numerator"].strip(), data["late_after_days"].strip()
        worth = parts_of_share(text) if "%" in text or "/" in text else {"amount_vnd": dong(text)} if text else {}
        communes = [part.strip() for part in data["communes"].split(",") if part.strip()]
        return {"kind": data["kind"], **worth, "communes": communes,
                "late_after_days": whole(days) if days else None}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        has_amount = terms.get("amount_vnd") is not None
        days = terms.get("late_after_days")
        return {"kind": terms["kind"], "communes": ", ".join(terms.get("communes", [])),
                "numerator": amount_text(terms["amount_vnd"]) if has_amount else share_text(terms),
                "late_after_days": "" if days is None else days}


class PartRow(Row):
    name_vi = TextEntry(_("Whom, in Vietnamese"), longest=200)
    name_en = TextEntry(_("Whom, in English"), longest=200)
    beneficiary_classes = TextEntry(_("Classes"), help_text=_("codes, parted by commas"), longest=800)
    numerator = TextEntry(_("Share"), longest=12)
    cap_per_trip_vnd = figure(_("Cap, đồng"))
    channels = choices_of(_("Channels"), CHANNELS)
    directions = choices_of(_("Directions"), DIRECTIONS)
    legal_basis = TextEntry(_("Legal basis"))
    confidence = choice(_("How sure"), CONFIDENCES)

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in (
            "name_vi", "name_en", "beneficiary_classes", "numerator", "legal_basis"))

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        cap = data["cap_per_trip_vnd"].strip()
        classes = [part.strip() for part in data["beneficiary_classes"].split(",") if part.strip()]
        return {**{name: data[name].strip() for name in ("name_vi", "name_en", "legal_basis", "confidence")},
                "beneficiary_classes": classes, **parts_of_share(data["numerator"]),
                "cap_per_trip_vnd": dong(cap) if cap else None, "channels": data["channels"],
                "directions": data["directions"]}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return {**terms, "beneficiary_classes": ", ".join(terms["beneficiary_classes"]),
                "numerator": share_text(terms), "cap_per_trip_vnd": amount_text(terms.get("cap_per_trip_vnd"))}


ZONES: Final = tuple(Zone)


def _zone_name(zone: Zone) -> str:
    words = ZONE_WORDS[zone]
    return words.name_vi if speaks_vietnamese() else words.name_en


class StepRow(Row):
    """A weight and what it costs in each zone; the last kind of row is each further step."""

    is_further = forms.BooleanField(label=_("Each further"), required=False)
    up_to_grams = figure(_("Grams"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for zone in ZONES:
            self.fields[zone] = figure(_zone_name(zone))

    def is_blank(self) -> bool:
        return not any(str(self.cleaned_data.get(name, "")).strip() for name in ("up_to_grams", *ZONES))


def zones_of(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[tuple[str, str], int]]:
    """The zones of a tariff's rows, and which row made which entry: ("zone", "steps/0" | "further") → row."""
    zones: dict[str, Any] = {}
    made: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows):
        if row.is_blank():
            continue
        for zone in ZONES:
            text = row.cleaned_data[zone].strip()
            if not text:
                continue
            step = {"up_to_grams": whole(row.cleaned_data["up_to_grams"]), "amount_vnd": dong(text)}
            entry = zones.setdefault(str(zone), {"steps": []})
            if row.cleaned_data["is_further"]:
                entry["further"], made[zone, "further"] = step, at
            else:
                made[zone, f"steps/{len(entry['steps'])}"] = at
                entry["steps"].append(step)
    return zones, made


def start_of_zones(zones: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that show a tariff's zones: every weight once, then the further step."""
    rows: dict[tuple[bool, int], dict[str, Any]] = {}
    for zone, rates in zones.items():
        steps = [(False, step) for step in rates["steps"]]
        steps += [(True, rates["further"])] if rates["further"] else []
        for is_further, step in steps:
            row = rows.setdefault((is_further, step["up_to_grams"]),
                                  {"is_further": is_further, "up_to_grams": step["up_to_grams"]})
            row[zone] = amount_text(step["amount_vnd"])
    return [rows[key] for key in sorted(rows)]
