"""A dossier submitted through the API, against the same rows by a minimal web server and by bare SQL."""

import json
from collections.abc import Iterator, Sequence
from itertools import batched
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import ground, raw, sample, web
from bench.filing_rows import Filing, Statement, in_order, one_statement, read_statements, values_of
from bench.rounds import Fact, Result, Run, compare
from bench.sizes import Sizes
from bench.web import request
from config.runtime import paths
from shared.ids import uuid7

JOB = "submit"
BIRTH = "1.001193"
_DOCUMENTS = """
    INSERT INTO intake_document (id, outlet_id, component, original_name, blob_name, content_type, size_bytes, sha256,
                                 verdict, uploaded_by, uploaded_at, origin, original_type, state, verdict_by, view_name,
                                 view_sha256, thumbs_name, notes, signatures)
    SELECT uuidv7(), c.registered_at_outlet_id, '', 'to-khai.pdf', 'bench', 'application/pdf', 52000,
           encode(sha256((c.id::text || n)::bytea), 'hex'), 'not_checked', 'bench', now(),
           'file', '', 'clean', '', '', '', '', '[]', '[]'
    FROM intake_citizen c, generate_series(1, %s::int) n WHERE c.registered_at_outlet_id IS NOT NULL
    RETURNING outlet_id, id
"""


def run(sizes: Sizes) -> list[Result]:
    """Both floors and the project, each on filings of its own that were never seen before."""
    with ground.unchecked() as superuser:
        sample.make_network(superuser, sizes.outlets)
    machines = sample.make_machines(sizes.machines)
    runs = 2 * 2 * sizes.rounds + sizes.rounds + 4
    each = -(-sizes.filers // len(machines))
    with ground.unchecked() as superuser:
        filers = sample.make_filers(superuser, machines, each)
        papers = -(-2 * (runs * sizes.submissions + 50) // len(filers))
        found = superuser.execute(_DOCUMENTS, [papers]).fetchall()
    supply = _asked(filers, found)
    facts, statements = _first(supply)
    return [*facts, *_compare(sizes, supply, statements)]


type Asked = tuple[sample.Filer, Filing]


def _asked(filers: Sequence[sample.Filer], documents: Sequence[tuple[UUID, UUID]]) -> Iterator[Asked]:
    """Filings, outlet after outlet in turn; each has two papers waiting at its outlet."""
    waiting: dict[UUID, list[UUID]] = {}
    for outlet, document in documents:
        waiting.setdefault(outlet, []).append(document)
    pairs = {outlet: batched(ids, 2, strict=False) for outlet, ids in waiting.items()}
    while True:
        for filer in filers:
            first, second = next(pairs[filer.machine.outlet_id])
            yield filer, Filing(str(uuid7()), str(filer.citizen_id), str(filer.session_id), (str(first), str(second)),
                                str(uuid7()))


def _body(filing: Filing) -> dict[str, object]:
    first, second = filing.documents
    return {"client_ref": filing.client_ref, "citizen_id": filing.citizen_id, "procedure_code": BIRTH,
            "channel": "online", "session_id": filing.session_id,
            "documents": [{"component": "to_khai", "document_id": first},
                          {"component": "giay_chung_sinh", "document_id": second}]}


def _headers(filer: sample.Filer, filing: Filing) -> dict[str, str]:
    return {"Authorization": f"Bearer {filer.machine.token}", "Idempotency-Key": filing.key}


def _request(asked: Asked, path: str) -> str:
    filer, filing = asked
    return request("POST", path, body=_body(filing), headers=_headers(filer, filing))


def _first(supply: Iterator[Asked]) -> tuple[list[Result], list[Statement]]:
    """Submit in process (twice: the first fills what a process keeps) and read what it took and wrote."""
    _submit_here(next(supply))
    asked = next(supply)
    # As in a web process, whose connections begin by seeing nothing and need not be told so.
    with override_settings(SESSION_SCOPE={}), CaptureQueriesContext(connection) as queries:
        dossier_id = _submit_here(asked)
    told = [each["sql"] for each in queries.captured_queries]
    (paths.run_folder() / "submit-statements.sql").write_text("\n".join(told))
    work = [sql for sql in told if sql not in {"BEGIN", "COMMIT"}]
    with ground.superuser() as superuser:
        statements = read_statements(superuser, dossier_id, asked[1].key)
    facts: list[Result] = [
        Fact(JOB, "SQL statements in one submission", len(work), "≤ 8 round trips"),
        Fact(JOB, "commits in one submission", told.count("COMMIT"), "1")]
    return facts, statements


def _submit_here(asked: Asked) -> str:
    """Submit without a server between; returns the dossier's id."""
    answer = Client().post("/api/v1/submissions", json.dumps(_body(asked[1])), content_type="application/json",
                           headers={"Host": "localhost"} | _headers(*asked))
    if answer.status_code != 201:
        raise AssertionError(answer.content.decode())
    return str(answer.json()["id"])


def _compare(sizes: Sizes, supply: Iterator[Asked], statements: Sequence[Statement]) -> list[Result]:
    web.floor_runs(JOB, one_statement(statements))
    many = sizes.submissions
    floor, project = web.floor(sizes.processes), web.project(sizes.processes)

    def through(server: web.Web, path: str) -> Run:
        return server.run([_request(next(supply), path) for _ in range(many)])

    through(floor, "/api/submissions")
    through(project, "/api/v1/submissions")
    return list(compare(
        JOB, rounds=sizes.rounds, project=lambda: through(project, "/api/v1/submissions"),
        floors={"web server, one statement": lambda: through(floor, "/api/submissions"),
                "SQL, a statement at a time": lambda: _raw(supply, statements, sizes)},
        goals={"web server, one statement": "CPU ≤ 2.5", "SQL, a statement at a time": "throughput ≥ 0.35"}))


def _raw(supply: Iterator[Asked], statements: Sequence[Statement], sizes: Sizes) -> Run:
    plan = [(sql, dict(constants)) for sql, constants in in_order(statements)]
    return raw.write(plan, [values_of(next(supply)[1]) for _ in range(sizes.submissions)],
                     sizes.connections)
