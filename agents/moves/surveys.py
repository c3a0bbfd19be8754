"""The survey of the place that a licensed outlet moves to: made on the accreditation's own pages, at the new place."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agents.accreditation.models import Survey
from agents.accreditation.rules import FARTHEST_SURVEY_KM, SURVEY_HOLDS, Readiness
from agents.accreditation.surveying import adds_up
from agents.moves.errors import OutletMoveImpossible
from agents.moves.models import OutletMove
from shared.geo import distance_km


def new_place_survey(move: OutletMove) -> tuple[Survey, Readiness] | None:
    """The newest finished survey made at the new place since the move was asked for, with what it adds up to."""
    rows = Survey.objects.filter(accreditation__outlet_id=move.outlet_id, finished_at__gte=move.asked_at)
    for survey in rows.order_by("-finished_at"):
        if survey.latitude is not None and survey.longitude is not None and distance_km(
                (survey.latitude, survey.longitude), (move.latitude, move.longitude)) <= FARTHEST_SURVEY_KM:
            return survey, adds_up(survey)
    return None


def passed_survey(move: OutletMove, at: datetime) -> Survey:
    """Raises OutletMoveImpossible unless the new place was surveyed in the last 90 days and passes."""
    found = new_place_survey(move)
    if found is None or found[0].finished_at is None or found[0].finished_at < at - SURVEY_HOLDS:
        raise OutletMoveImpossible(_("It takes a survey at the new place, made since the move was asked for."))
    survey, result = found
    if not result.passes:
        raise OutletMoveImpossible(_("The survey of the new place does not pass; refuse the move with reasons."),
                                   percent=result.percent, unmet=list(result.unmet))
    return survey
