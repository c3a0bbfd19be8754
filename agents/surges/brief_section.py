"""What the brief tells of unusual load."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from agents.briefs.sections import Asked, Both, Figure, Row, Section, both
from agents.surges.queries import Surge, surges_of_city
from shared.formatting import stamp


def surges(asked: Asked) -> Section | None:
    """Hours since the last brief in which a place had at least twice its usual; None: there were none."""
    found = surges_of_city(asked.province_code, asked.since, asked.as_of)
    if not found:
        return None
    return Section("surges", both(_("Unusual load")), (
        Figure(both(_("places with at least twice their usual")), len({each.place_id for each in found})),
    ), tuple(Row(each.name, Both(_said(each, "vi"), _said(each, "en"))) for each in found))


def _said(surge: Surge, language: str) -> str:
    with override(language):
        return gettext("%(n)d in the hour from %(when)s, usually %(usual)d") % {
            "n": surge.count, "when": stamp(surge.hour), "usual": round(surge.usual)}
