"""The pictures of a month, each drawn from its own table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.pictures.queries import MonthFlow, OperatorShare, ProcedureCost
from shared.pictures import Chart, Series, Shape, Tone, Unit


def flow_chart(month: MonthFlow) -> Chart:
    """Where the month's money comes from and what it goes to."""
    return Chart(
        title=_("Who pays for what"), axis=pgettext("finance", "What for"), shape=Shape.STACKED, unit=Unit.DONG,
        labels=[_("Postage"), _("Agents' work")],
        series=[Series(pgettext("finance", "City"), [month.city_postage.amount, month.work.amount], Tone.NIGHT),
                Series(_("National reduction"), [month.national.amount, None], Tone.ACTION),
                Series(_("Citizens"), [month.citizens.amount, None], Tone.REST)])


def operator_chart(shares: Sequence[OperatorShare]) -> Chart:
    return Chart(
        title=_("Charged, admitted, disputed"), axis=_("Operator"), unit=Unit.DONG,
        labels=[share.operator_code for share in shares],
        note=_("Of what the city owes. Admitted: nobody disputes it and nothing holds it."),
        series=[Series(_("Charged"), [share.charged.amount for share in shares], Tone.NIGHT),
                Series(_("Admitted"), [share.admitted.amount for share in shares], Tone.OK),
                Series(_("Disputed"), [share.disputed.amount for share in shares], Tone.SOON),
                Series(_("On hold"), [share.held.amount for share in shares], Tone.PAUSE)])


def procedure_chart(costs: Sequence[ProcedureCost]) -> Chart:
    return Chart(title=_("What one dossier costs the city"), axis=_("Procedure"), unit=Unit.DONG,
                 labels=[cost.procedure_code for cost in costs],
                 note=_("The procedures on which the city spends most, with all postage and work of the month."),
                 series=[Series(_("For one dossier"), [cost.unit for cost in costs], Tone.ACTION)])


def trend_chart(months: Sequence[MonthFlow]) -> Chart:
    return Chart(
        title=_("The last twelve months"), axis=_("Month"), shape=Shape.LINE, unit=Unit.DONG,
        labels=[f"{month.period:%m/%Y}" for month in months],
        series=[Series(_("City supports postage"), [month.city_postage.amount for month in months], Tone.NIGHT),
                Series(_("Agents' work"), [month.work.amount for month in months], Tone.ACTION),
                Series(_("Citizens pay"), [month.citizens.amount for month in months], Tone.REST)])
