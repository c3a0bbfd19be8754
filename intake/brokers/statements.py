"""The signals as SQL, one statement a rule, over all outlets at once.

Each answers rows of outlet, province, subject (in clear: it is indexed blindly before anything is kept), clerk, what
was found, what is usual, and the dossiers. Two ways of saying what is usual, so that a busy outlet is no signal:

- *counted*: the mean of all other subjects at the same outlet (how many applicants a phone number has there);
- *rated*: as many as the same procedures, at the city's other outlets, would let one expect.

Parameters: `from`, `until` (moments), `least`, `factor`, `seconds`, `kept`.
"""

from collections.abc import Mapping
from typing import Final

from intake.brokers.rules import Signal


def _joined(*parts: str) -> str:
    return "".join(parts)


_BASE: Final = """
WITH base AS MATERIALIZED (
    SELECT d.id, d.outlet_id, d.province_code, d.procedure_code, d.citizen_id, d.clerk_id, d.session_id, d.created_at,
           d.submitted_at, c.phone, d.delivery_phone, d.result_choice, d.delivery_commune_id,
           lower(btrim(d.delivery_street)) AS street, c.commune_id, lower(btrim(c.street)) AS own_street,
           split_part(c.search_key, ' ', 1) AS family
    FROM intake_dossier d JOIN intake_citizen c ON c.id = d.citizen_id
    WHERE d.outlet_id IS NOT NULL AND d.submitted_at >= %(from)s AND d.submitted_at < %(until)s
)"""

_COUNTED: Final = """,
usual AS (
    SELECT g.*, coalesce((sum(found) OVER w - found)::float / nullif(count(*) OVER w - 1, 0), 1) AS baseline
    FROM groups g WINDOW w AS (PARTITION BY outlet_id)
)
SELECT outlet_id, province_code, subject, clerk_id, found, baseline,
       greatest(%(least)s::float, %(factor)s::float * baseline) AS threshold, dossiers[1:%(kept)s] AS dossiers
FROM usual WHERE is_spread AND found >= greatest(%(least)s::float, %(factor)s::float * baseline)
ORDER BY outlet_id, subject"""

_RATED: Final = """,
of_procedure AS (
    SELECT province_code, procedure_code, count(*) AS n, count(*) FILTER (WHERE hit) AS k FROM marked GROUP BY 1, 2),
of_outlet AS (
    SELECT outlet_id, procedure_code, count(*) AS n, count(*) FILTER (WHERE hit) AS k FROM marked GROUP BY 1, 2),
of_subject AS (
    SELECT outlet_id, province_code, who, procedure_code, count(*) AS n, count(*) FILTER (WHERE hit) AS k
    FROM marked GROUP BY 1, 2, 3, 4),
usual AS (
    SELECT s.outlet_id, s.province_code, s.who, sum(s.k) AS found,
           sum(s.n * coalesce((p.k - o.k)::float / nullif(p.n - o.n, 0), 0)) AS baseline
    FROM of_subject s JOIN of_outlet o USING (outlet_id, procedure_code)
    JOIN of_procedure p USING (province_code, procedure_code) GROUP BY 1, 2, 3)
SELECT u.outlet_id, u.province_code, coalesce(u.who::text, '') AS subject, u.who AS clerk_id, u.found, u.baseline,
       greatest(%(least)s::float, %(factor)s::float * u.baseline) AS threshold,
       ARRAY(SELECT m.id FROM marked m WHERE m.hit AND m.outlet_id = u.outlet_id AND m.who IS NOT DISTINCT FROM u.who
             ORDER BY m.submitted_at DESC, m.id LIMIT %(kept)s) AS dossiers
FROM usual u WHERE u.found >= greatest(%(least)s::float, %(factor)s::float * u.baseline)
ORDER BY u.outlet_id, subject"""

_DOSSIERS: Final = "array_agg(DISTINCT id) AS dossiers"

_SAME_PHONE: Final = _joined(_BASE, """,
left_behind AS (
    SELECT b.*, p.number FROM base b JOIN agents_outlet o ON o.id = b.outlet_id
    CROSS JOIN LATERAL (
        SELECT DISTINCT right(regexp_replace(x, '[^0-9]', '', 'g'), 9)
        FROM unnest(ARRAY[b.phone, b.delivery_phone]) x WHERE x <> '') p(number)
    WHERE p.number <> right(regexp_replace(o.phone, '[^0-9]', '', 'g'), 9)
),
groups AS (
    SELECT outlet_id, province_code, number AS subject, NULL::uuid AS clerk_id, count(DISTINCT citizen_id) AS found,
           count(DISTINCT family) >= 3 AS is_spread, """, _DOSSIERS, """
    FROM left_behind GROUP BY 1, 2, 3
)""", _COUNTED)

_SAME_ADDRESS: Final = _joined(_BASE, """,
groups AS (
    SELECT outlet_id, province_code, delivery_commune_id || '|' || street AS subject, NULL::uuid AS clerk_id,
           count(DISTINCT citizen_id) AS found, count(DISTINCT family) >= 3 AS is_spread, """, _DOSSIERS, """
    FROM base WHERE result_choice = 'home' AND street <> ''
        AND (delivery_commune_id, street) IS DISTINCT FROM (commune_id, own_street)
    GROUP BY 1, 2, 3
)""", _COUNTED)

_PAIR: Final = _joined(_BASE, """,
groups AS (
    SELECT outlet_id, province_code, clerk_id::text || '|' || citizen_id::text AS subject, clerk_id,
           count(DISTINCT (submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS found, true AS is_spread,
           """, _DOSSIERS, """
    FROM base WHERE clerk_id IS NOT NULL GROUP BY outlet_id, province_code, clerk_id, citizen_id
)""", _COUNTED)

_SUBMITTER: Final = _joined(_BASE, """,
groups AS (
    SELECT b.outlet_id, b.province_code, encode(m.representative_id_index, 'hex') AS subject, NULL::uuid AS clerk_id,
           count(DISTINCT b.citizen_id) AS found,
           count(DISTINCT b.family) >= 3 AND count(DISTINCT b.commune_id) >= 2 AS is_spread,
           array_agg(DISTINCT b.id) AS dossiers
    FROM base b JOIN intake_mandate m ON m.session_id = b.session_id
    WHERE m.representative_id_index IS NOT NULL GROUP BY 1, 2, 3
)""", _COUNTED)

_ABSENT: Final = _joined(_BASE, """,
marked AS (
    SELECT b.*, b.clerk_id AS who, s.id IS NOT NULL AND (
        b.submitted_at - s.opened_at < make_interval(secs => %(seconds)s)
        OR (NOT s.is_citizen_present AND NOT EXISTS (
            SELECT FROM intake_mandate m WHERE m.session_id = s.id AND m.withdrawn_at IS NULL))) AS hit
    FROM base b LEFT JOIN intake_actingsession s ON s.id = b.session_id
)""", _RATED)

_AFTER_HOURS: Final = _joined(_BASE, """,
timed AS (
    SELECT b.*, (b.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
           (b.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time - '00:00'::time AS clock
    FROM base b WHERE EXISTS (SELECT FROM agents_openinghours h WHERE h.outlet_id = b.outlet_id)
),
marked AS (
    SELECT t.*, t.clerk_id AS who, coalesce(x.kind NOT LIKE 'extra%%', true) AND (
        x.kind = 'closed' OR coalesce(NOT k.is_working, false)
        OR (x.kind = 'morning' AND t.clock > interval '12 hours' + make_interval(secs => %(seconds)s))
        OR (x.kind = 'afternoon' AND t.clock < interval '12 hours' - make_interval(secs => %(seconds)s))
        OR NOT EXISTS (
            SELECT FROM agents_openinghours h
            WHERE h.outlet_id = t.outlet_id AND h.weekday = extract(isodow FROM t.day) - 1
                AND t.clock >= (h.opens - '00:00'::time) - make_interval(secs => %(seconds)s)
                AND t.clock <= (h.closes - '00:00'::time) + make_interval(secs => %(seconds)s))) AS hit
    FROM timed t
    LEFT JOIN agents_siteday x ON x.outlet_id = t.outlet_id AND x.date = t.day AND x.withdrawn_at IS NULL
    LEFT JOIN shared_calendarday k ON k.date = t.day
)""", _RATED)

_MONEY: Final = _joined(_BASE, """,
marked AS (
    SELECT b.*, NULL::uuid AS who, EXISTS (
        SELECT FROM intake_moneyreport r WHERE r.dossier_id = b.id AND r.asked_at IN ('outlet', 'carrier')) AS hit
    FROM base b
)""", _RATED)

_REFILED: Final = _joined(_BASE, """,
marked AS (
    SELECT b.*, b.clerk_id AS who, EXISTS (
        SELECT FROM intake_dossier e
        WHERE e.citizen_id = b.citizen_id AND e.procedure_code = b.procedure_code AND e.id <> b.id
            AND e.handling IN (0, 3, 7) AND e.clerk_id IS DISTINCT FROM b.clerk_id AND e.created_at < b.created_at
            AND e.created_at >= b.created_at - make_interval(secs => %(seconds)s)) AS hit
    FROM base b
)""", _RATED)

_ONE_CLERK: Final = _joined(_BASE, """,
settled AS (
    SELECT d.outlet_id, d.province_code, s.actor_id, d.id FROM intake_dossierstep s
    JOIN intake_dossier d ON d.id = s.dossier_id
    WHERE s.machine = 'handling' AND s.action = 'answer_supplement' AND s.actor_kind = 'person'
        AND s.at >= %(from)s AND s.at < %(until)s AND d.outlet_id IS NOT NULL AND d.clerk_id::text <> s.actor_id
),
clerks AS (SELECT outlet_id, count(DISTINCT clerk_id) AS n FROM base GROUP BY 1 HAVING count(DISTINCT clerk_id) >= 3),
totals AS (SELECT t.outlet_id, count(*)::float / min(c.n) AS baseline
           FROM settled t JOIN clerks c USING (outlet_id) GROUP BY 1),
groups AS (SELECT outlet_id, province_code, actor_id AS subject, count(*) AS found, array_agg(DISTINCT id) AS dossiers
           FROM settled GROUP BY 1, 2, 3)
SELECT g.outlet_id, g.province_code, g.subject, a.id AS clerk_id, g.found, t.baseline,
       greatest(%(least)s::float, %(factor)s::float * t.baseline) AS threshold, g.dossiers[1:%(kept)s] AS dossiers
FROM groups g JOIN totals t USING (outlet_id)
JOIN agents_staffaccount a ON a.id::text = g.subject AND a.outlet_id = g.outlet_id
WHERE g.found >= greatest(%(least)s::float, %(factor)s::float * t.baseline) ORDER BY g.outlet_id, g.subject""")

STATEMENTS: Final[Mapping[Signal, str]] = {
    Signal.SAME_PHONE: _SAME_PHONE, Signal.SAME_ADDRESS: _SAME_ADDRESS, Signal.PAIR: _PAIR, Signal.ABSENT: _ABSENT,
    Signal.AFTER_HOURS: _AFTER_HOURS, Signal.MONEY: _MONEY, Signal.SUBMITTER: _SUBMITTER,
    Signal.ONE_CLERK: _ONE_CLERK, Signal.REFILED: _REFILED,
}
