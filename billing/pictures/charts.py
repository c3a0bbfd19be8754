"""The pictures of a month, each drawn from its own table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.pictures.naming import procedure_names
from billing.pictures.queries import MonthFlow, OperatorShare, ProcedureCost
from shared.money import Money
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
        title=_("Claimed, admitted, disputed"), axis=_("Operator"), unit=Unit.DONG,
        labels=[share.operator_code for share in shares],
        note=_("Claimed and admitted by the operator's claim; a dash: no claim, or not compared yet. The rest is what "
               "the city owes by our books."),
        series=[Series(_("Claimed"), [_amount(share.claimed) for share in shares], Tone.ACTION),
                Series(_("Admitted"), [_amount(share.admitted) for share in shares], Tone.OK),
                Series(_("By our books"), [share.charged.amount for share in shares], Tone.NIGHT),
                Series(_("Disputed"), [share.disputed.amount for share in shares], Tone.SOON),
                Series(_("On hold"), [share.held.amount for share in shares], Tone.PAUSE)])


def _amount(money: Money | None) -> int | None:
    return None if money is None else money.amount


def procedure_chart(costs: Sequence[ProcedureCost]) -> Chart:
    names = procedure_names(cost.procedure_code for cost in costs)
    return Chart(title=_("What one dossier costs the city"), axis=_("Procedure"), unit=Unit.DONG,
                 labels=[names[cost.procedure_code] for cost in costs],
                 note=_("The procedures on which the city spends most, with all postage and work of the month."),
                 series=[Series(_("For one dossier"), [cost.unit for cost in costs], Tone.ACTION)])


def trend_chart(months: Sequence[MonthFlow]) -> Chart:
    return Chart(
        title=_("The last twelve months"), axis=_("Month"), shape=Shape.LINE, unit=Unit.DONG,
        labels=[f"{month.period:%m/%Y}" for month in months],
        series=[Series(_("City supports postage"), [month.city_postage.amount for month in months], Tone.NIGHT),
                Series(_("Agents' work"), [month.work.amount for month in months], Tone.ACTION),
                Series(_("Citizens pay"), [month.citizens.amount for month in months], Tone.REST)])
