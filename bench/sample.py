"""A network of any size: outlets and centres everywhere, machines with tokens, citizens who have agreed. Set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
from django.utils import timezone

from agents.models.organisations import Outlet
from agents.models.people import ApiToken
from agents.tokens import digest_of, new_token

CITY: Final = "01"
ALL_TASKS: Final = "ARRAY['advise','file_online','forward_paper','hand_over_result','collect_fee','train']"
SCOPES: Final = ["citizens:write", "dossiers:read", "dossiers:write", "network:read"]

_OPERATORS: Final = """
    INSERT INTO agents_operator (id, code, name, operator_class, carrier_code, hotline)
    VALUES (uuidv7(), 'VNPOST', 'Bưu điện Thử Nghiệm', 'public_post', 'vnpost', ''),
           (uuidv7(), 'VTPOST', 'Bưu chính Thử Nghiệm', 'other_post', 'vtpost', '')
    ON CONFLICT DO NOTHING
"""
_CENTRES: Final = """
    INSERT INTO agents_centre (id, agency_code, name, authority_name, level, province_id, commune_id, address, phone,
                               latitude, longitude, open_from)
    SELECT uuidv7(), 'H' || province_id || '.' || code, 'Trung tâm ' || name, 'UBND ' || name, 'commune', province_id,
           code, '', '', latitude, longitude, '2025-07-01' FROM shared_commune
    ON CONFLICT DO NOTHING
"""
# Scattered around the communes, as real ones are; one in thirty is closed, one in five does not carry paper.
_OUTLETS: Final = f"""
    INSERT INTO agents_outlet (id, operator_id, code, name, commune_id, address, phone, latitude, longitude, status,
                               phase, tasks, agreement_from)
    SELECT uuidv7(), o.id, 'B' || n, 'Bưu cục ' || n, c.code, n || ' đường Thử Nghiệm', '',
           least(23.9, greatest(8.1, c.latitude + (random() - 0.5) * 0.1)),
           least(114.9, greatest(102.1, c.longitude + (random() - 0.5) * 0.1)),
           CASE n %% 30 WHEN 7 THEN 'closed' ELSE 'active' END, 'pilot',
           CASE n %% 5 WHEN 3 THEN ARRAY['advise', 'file_online'] ELSE {ALL_TASKS} END, '2025-07-01'
    FROM generate_series(%(first)s::int, %(last)s::int) n
    JOIN (SELECT *, row_number() OVER (ORDER BY province_id, code) - 1 AS rank, count(*) OVER () AS many
          FROM shared_commune) c ON c.rank = n %% c.many
    JOIN agents_operator o ON o.code = CASE n %% 3 WHEN 2 THEN 'VTPOST' ELSE 'VNPOST' END
"""  # noqa: S608 - nothing in it comes from outside
_HOURS: Final = """
    INSERT INTO agents_openinghours (outlet_id, weekday, opens, closes)
    SELECT id, day, time '07:30', time '17:00' FROM agents_outlet o, generate_series(0, 5) day
    WHERE NOT EXISTS (SELECT 1 FROM agents_openinghours h WHERE h.outlet_id = o.id)
"""
_CITIZENS: Final = """
    INSERT INTO intake_citizen (id, full_name, search_key, national_id_masked, birth_date, birth_precision, sex, phone,
                                email, commune_id, street, registered_at_outlet_id, registered_at, version)
    SELECT uuidv7(), 'Nguyễn Thị Thử ' || n, 'nguyen thi thu ' || n, '', '1992-03-14', 'day', 'female',
           '+849142' || lpad(n::text, 6, '0'), '', o.commune_id, n || ' đường Thử Nghiệm', o.id, now(), 1
    FROM agents_outlet o, generate_series(1, %(each)s::int) n WHERE o.id = ANY(%(outlets)s)
"""
_SESSIONS: Final = """
    INSERT INTO intake_actingsession (id, citizen_id, outlet_id, opened_by, opened_at, is_citizen_present,
                                      closed_because)
    SELECT uuidv7(), c.id, c.registered_at_outlet_id, t.id::text, now(), true, ''
    FROM intake_citizen c JOIN agents_apitoken t ON t.outlet_id = c.registered_at_outlet_id
"""
_CONSENTS: Final = """
    INSERT INTO intake_consent (citizen_id, session_id, purpose, text_version, is_given, witness_id, channel, at)
    SELECT s.citizen_id, s.id, purpose, '2026-01', true, s.opened_by::uuid, 'counter', now()
    FROM intake_actingsession s, unnest(ARRAY['assist_filing', 'deliver_home']) purpose
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """An outlet's own system with its key."""

    outlet_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Filer:
    """A citizen with an open session at a machine's outlet."""

    machine: Machine
    citizen_id: UUID
    session_id: UUID


def make_network(connection: psycopg.Connection, outlets: int) -> None:
    """Operators, a centre for each commune, and outlets until there are so many."""
    there = Outlet.objects.count()
    connection.execute("SELECT setseed(0.42)")
    connection.execute(_OPERATORS)
    connection.execute(_CENTRES)
    connection.execute(_OUTLETS, {"first": there + 1, "last": outlets})
    connection.execute(_HOURS)


def make_machines(many: int) -> list[Machine]:
    """Outlets of the city that may do everything, each with a token."""
    able = Outlet.objects.filter(commune__province_id=CITY, status="active", tasks__contains=["forward_paper"])
    return [_machine(outlet) for outlet in able.order_by("code")[:many]]


def _machine(outlet: Outlet) -> Machine:
    token = new_token()
    ApiToken.objects.create(name=f"bench {outlet.code}", digest=digest_of(token), scopes=SCOPES, outlet=outlet,
                            expires_at=timezone.now() + timedelta(days=1))
    return Machine(outlet.id, token)


def make_filers(connection: psycopg.Connection, machines: Sequence[Machine], each: int) -> list[Filer]:
    """`each` citizens at every machine, who have agreed to the filing and to delivery."""
    connection.execute(_CITIZENS, {"each": each, "outlets": [machine.outlet_id for machine in machines]})
    connection.execute(_SESSIONS)
    connection.execute(_CONSENTS)
    by_outlet = {machine.outlet_id: machine for machine in machines}
    rows = connection.execute("SELECT citizen_id, id, outlet_id FROM intake_actingsession ORDER BY id").fetchall()
    return [Filer(by_outlet[outlet], citizen, session) for citizen, session, outlet in rows]
