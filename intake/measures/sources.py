"""Forwarding, first time right, visits and answers of citizens: one row a case, for any outlet of a city.

Drafts count nowhere. A case belongs to the month in which it could be judged: a paper dossier when it was taken, a
dossier's rightness when the centre received or refused it, a visit when it led to a submission, an answer when given.
"""

from typing import Any, Final

from agents.quality.ports import Source
from agents.quality.rules import Measure
from intake.rules.catalogue import Channel
from intake.rules.first_time import ABOUT_A_PAPER
from intake.rules.precheck.catalogue import checks_for
from intake.rules.reasons import REFUSAL_REASONS, SUPPLEMENT_REASONS
from intake.rules.states import Handling
from intake.satisfaction.rules import CONTENT, MUST

PAGE: Final = "intake:dossier"

# What is filed online leaves by itself: its delay would be ours. What ended before its time was out was never late.
_FORWARDED: Final = """
    SELECT d.outlet_id, d.id::text AS key, d.id AS subject, coalesce(d.code, d.agent_ref) AS reference,
           coalesce(d.forwarded_at <= l.until, FALSE) AS ok, 1 AS amount, d.submitted_at AS since, l.until AS until
    FROM intake_dossier d
    JOIN unnest(%(days)s::date[], %(limits_early)s::timestamptz[], %(limits_late)s::timestamptz[])
        AS day(day, early, late) ON day.day = (d.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    CROSS JOIN LATERAL (SELECT CASE WHEN (d.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time < TIME '15:00'
                                    THEN day.early ELSE day.late END AS until) l
    WHERE d.province_code = %(province)s AND d.submitted_at >= %(since)s AND d.submitted_at < %(until)s
      AND d.channel <> %(online)s AND d.outlet_id IS NOT NULL AND d.handling <> %(draft)s
      AND (d.forwarded_at IS NOT NULL OR (l.until < %(now)s AND (d.closed_at IS NULL OR d.closed_at > l.until)))
"""

# The same table as intake.rules.first_time.check_that_could_tell; a test compares them.
_RIGHT: Final = """
    SELECT d.outlet_id, d.id::text AS key, d.id AS subject, coalesce(d.code, d.agent_ref) AS reference,
           NOT (EXISTS (
               SELECT 1 FROM intake_supplementrequest s CROSS JOIN LATERAL jsonb_array_elements(s.reasons) r
               LEFT JOIN LATERAL (SELECT p FROM jsonb_array_elements(pr.documents) p
                                  WHERE p ->> 'code' = r ->> 'component' LIMIT 1) paper ON TRUE
               WHERE s.dossier_id = d.id AND r ->> 'reason' = ANY(%(checkable)s)
                 AND (paper.p IS NOT NULL OR NOT r ->> 'reason' = ANY(%(about_a_paper)s))
                 AND (r ->> 'reason' <> 'missing' OR paper.p ->> 'required' = 'always'
                      OR (paper.p ->> 'required' = 'by_post' AND d.channel = %(post)s))
                 AND (r ->> 'reason' <> 'expired' OR coalesce((paper.p ->> 'valid_months')::numeric, 0) <> 0))
           OR EXISTS (SELECT 1 FROM intake_refusal f WHERE f.dossier_id = d.id AND f.reason = ANY(%(checkable)s)
                      AND NOT f.reason = ANY(%(about_a_paper)s))) AS ok,
           1 AS amount, d.submitted_at AS since, d.submitted_at AS until
    FROM intake_dossier d JOIN intake_procedure pr ON pr.id = d.procedure_id
    WHERE d.province_code = %(province)s AND d.outlet_id IS NOT NULL
      AND ((d.received_at >= %(since)s AND d.received_at < %(until)s)
           OR (d.received_at IS NULL AND d.handling = %(refused)s
               AND d.closed_at >= %(since)s AND d.closed_at < %(until)s))
"""

_VISITS: Final = """
    SELECT t.outlet_id, t.dossier_id::text AS key, t.dossier_id AS subject, coalesce(d.code, d.agent_ref) AS reference,
           t.visits = 1 AS ok, t.visits AS amount, coalesce(t.saved_at, t.opened_at, t.submitted_at) AS since,
           t.submitted_at AS until
    FROM intake_taking t JOIN intake_dossier d ON d.id = t.dossier_id
    WHERE t.province_code = %(province)s AND t.submitted_at >= %(since)s AND t.submitted_at < %(until)s
"""

_ANSWERS: Final = f"""
    SELECT s.outlet_id, s.dossier_id::text AS key, NULL::uuid AS subject, '' AS reference,
           s.{MUST} >= %(content)s AS ok, 1 AS amount, d.submitted_at AS since, d.submitted_at AS until
    FROM intake_satisfaction s JOIN intake_dossier d ON d.id = s.dossier_id
    WHERE s.province_code = %(province)s AND s.answered_at >= %(since)s AND s.answered_at < %(until)s
"""  # noqa: S608  # a column's name, which is a constant

_REASONS: Final[dict[str, Any]] = {
    "checkable": sorted(code for code in {*SUPPLEMENT_REASONS, *REFUSAL_REASONS} if checks_for(code)),
    "about_a_paper": sorted(ABOUT_A_PAPER)}

SOURCES: Final = {
    Measure.FORWARD_TIME: Source(_FORWARDED, {"online": Channel.ONLINE.value, "draft": Handling.DRAFT.value}, PAGE),
    Measure.FIRST_TIME_RIGHT: Source(
        _RIGHT, _REASONS | {"post": Channel.POST.value, "refused": Handling.NOT_ACCEPTED.value}, PAGE),
    Measure.VISITS: Source(_VISITS, page=PAGE),
    Measure.SATISFACTION: Source(_ANSWERS, {"content": CONTENT}, is_private=True),
}
