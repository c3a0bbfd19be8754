"""Certificates as cases of a scorecard: each person of an outlet and each course, as of the day of counting."""

from typing import Final

from agents.quality.ports import Source

_CASES: Final = """
    SELECT a.outlet_id, a.id::text || ':' || c."group" AS key, NULL::uuid AS subject,
           a.display_name || ' · ' || c.title_vi AS reference,
           EXISTS (SELECT 1 FROM agents_certificate t WHERE t.account_id = a.id AND t."group" = c."group"
                   AND t.valid_until > on_day.day AND t.issued_on <= on_day.day) AS ok,
           1 AS amount, NULL::timestamptz AS since, NULL::timestamptz AS until
    FROM (SELECT least(%(today)s, (%(until)s AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1) AS day) on_day
    JOIN agents_course c ON c.valid_from <= on_day.day AND (c.valid_to IS NULL OR c.valid_to > on_day.day)
    CROSS JOIN agents_staffaccount a
    JOIN agents_outlet o ON o.id = a.outlet_id JOIN shared_commune commune ON commune.code = o.commune_id
    WHERE a.is_active AND a.role IN ('outlet_clerk', 'outlet_manager') AND commune.province_id = %(province)s
      AND (a.date_joined AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= on_day.day
"""

SOURCE: Final = Source(_CASES)
