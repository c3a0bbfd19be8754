"""The figures of disputes as charts; each is drawn from its own table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.disputes.queries import Row, Statistics
from billing.disputes.wording import words
from shared.pictures import Chart, Series, Tone


def charts_of(figures: Statistics) -> list[Chart]:
    return [
        _chart(_("Outcomes"), _("Outcome"), figures.by_outcome, Tone.NIGHT),
        _chart(_("How long open disputes have waited"), _("Age"), figures.ages, Tone.SOON),
        _chart(_("What is disputed"), _("Why"), figures.by_reason, Tone.ACTION),
        _chart(_("What was answered to the decision"), _("Answer"), figures.by_answer, Tone.REST),
    ]


def _chart(title: str, axis: str, rows: Sequence[Row], tone: Tone) -> Chart:
    return Chart(title=title, axis=axis, labels=[words(row.words) for row in rows],
                 series=[Series(_("Disputes"), [row.disputes for row in rows], tone)])
