"""An export is complete or refused; one file of plain Python checks it, and an outlet's own statements, offline."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from billing import public
from billing.chain.days import document, outlet_month
from billing.chain.keys import key_ring
from billing.chain.sealed_export import sealed_export
from billing.chain.sealing import seal_all
from billing.errors import ExportIncomplete
from billing.models.ledger import Charge
from billing.models.seals import OutletDay
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.operations.statements import prepare_statement
from billing.queries.books import Books
from billing.queries.months import find_statement
from billing.settlement.bulk import post_many
from billing.verification import offline
from shared.actors import Actor, ActorKind, job
from tests.billing.entries import entry
from tests.billing.events import NOW, OUTLET, act, delivered
from tests.billing.sealed import NIGHT, end_day, key_of_our_own
from tests.billing.test_tampering import unguarded

pytestmark = pytest.mark.django_db
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01")
JANUARY = date(2026, 1, 1)
FEBRUARY = datetime(2026, 2, 2, tzinfo=UTC)


@pytest.fixture
def books(rate_tables, settings, tmp_path):
    """Three signed days: before the month's first line, with lines of two operators, and a correction."""
    key_of_our_own(settings, tmp_path)
    public.post_postage(delivered(delivered_at=datetime(2025, 12, 30, 3, tzinfo=UTC)), at=NOW)
    end_day(NIGHT - timedelta(days=1))
    post_many((delivered(number=f"EH{n:09d}VN", operator_code="VTPOST" if n % 3 == 0 else "VNPOST",
                         channel="post" if n % 4 == 0 else "online") for n in range(12)), at=NOW)
    public.record_act(act(), at=NOW)
    public.post_entry(entry(), by=job("test"), at=NOW)
    end_day(NIGHT)
    wrong = Charge.objects.filter(operator_code="VNPOST", reason_code="not-online").first()
    reverse_charge(charge_id=wrong.id, reason="Nhập sai", by=REVIEWER, at=NOW)
    end_day(NIGHT + timedelta(days=1))


def january():
    row = Statement.objects.get(province_id="01", operator_code="VNPOST", period=JANUARY)
    return find_statement(Books(province_code="01"), row.id)


@pytest.fixture
def exported(books, tmp_path):
    path = tmp_path / "january.jsonl"
    path.write_text("".join(sealed_export(january()).rows()), encoding="utf-8")
    return path


def run(capsys, *arguments):
    status = offline.main([str(each) for each in arguments])
    return status, capsys.readouterr().out


def test_a_whole_export_is_sound(exported, capsys):
    status, out = run(capsys, "export", exported, "--key", key_ring().public.hex())

    opened = Charge.objects.filter(operator_code="VNPOST", period=JANUARY).count()
    assert status == 0, out
    assert f"{opened} lines opened of 15 in the chain, no. 2 to no. 16" in out
    assert out.endswith("SOUND\n")


def test_the_file_runs_by_itself_without_wardpost(exported, tmp_path):
    alone = tmp_path / "wardpost-verify.py"
    alone.write_text(Path(offline.__file__).read_text())
    done = subprocess.run([sys.executable, "-I", "-S", str(alone), "export", str(exported)],
                          capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "named by the file itself: compare it" in done.stdout


def test_lines_of_others_are_in_the_file_only_as_commitments(exported):
    text = exported.read_text()

    assert text.count('"commitment"') == 15
    assert "VTPOST" not in text


def without(rows, place):
    return rows[:place] + rows[place + 1:]


def exchanged(rows):
    return [*rows[:3], rows[4], rows[3], *rows[5:]]


def changed(rows):
    place = next(at for at, row in enumerate(rows) if at and '"said"' in row)
    return [*rows[:place], rows[place].replace("30000", "30001"), *rows[place + 1:]]


def resealed(rows):
    """Changed with a commitment to match, and the last row's hash made anew."""
    place = next(at for at, row in enumerate(rows) if at and '"said"' in row)
    row = json.loads(rows[place])
    row["said"] = row["said"].replace("H26.15.08", "H26.15.09")
    row["commitment"] = offline.commitment(row).hex()
    rows = [*rows[:place], json.dumps(row) + "\n", *rows[place + 1:]]
    last = json.loads(rows[-1]) | {"sha256": sha256("".join(rows[:-1]).encode()).hexdigest()}
    return [*rows[:-1], json.dumps(last) + "\n"]


def recounted(rows):
    head = json.loads(rows[0])
    head["sums"]["city_subsidy"] += 1
    return [json.dumps(head) + "\n", *rows[1:]]


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda rows: without(rows, 3), "no. 4 is missing: no. 5 stands in its place"),
    (exchanged, "no. 4 is missing: no. 5"),
    (lambda rows: [*rows[:4], rows[3], *rows[4:]], "is missing: no. 4 stands in its place"),
    (changed, "it does not open its commitment"),
    (resealed, "something from no. 2 on is not what was sealed"),
    (lambda rows: rows[:-1], "before its last row"),
    (lambda rows: rows[:8], "the file ends at no. 8"),
    (recounted, "do not add up to what its first row says"),
    (lambda rows: [*rows, rows[3]], "behind the last row"),
    (lambda rows: [rows[0].replace('"later":0', '"later": 0'), *rows[1:]], "not byte for byte"),
])
def test_a_spoilt_export_is_named(exported, capsys, spoil, said):
    exported.write_text("".join(spoil(exported.read_text().splitlines(keepends=True))))
    status, out = run(capsys, "export", exported)

    assert status == 1
    assert said in out


def test_an_export_signed_with_another_key_is_not_trusted(exported, capsys):
    status, out = run(capsys, "export", exported, "--key", "00" * 32)

    assert status == 1
    assert "which you do not trust" in out


def test_a_file_that_is_none_is_said_to_be_none(tmp_path, capsys):
    path = tmp_path / "x"
    path.write_text("no")

    assert run(capsys, "export", path)[0] == 2


def test_a_closed_month_is_refused_until_all_of_it_is_signed(books):
    public.post_postage(delivered(number="EH999999999VN"), at=NOW)
    seal_all(at=NOW)
    prepare_statement(province_code="01", operator_code="VNPOST", period=JANUARY, by=REVIEWER, at=FEBRUARY)

    with pytest.raises(ExportIncomplete):
        sealed_export(january())
    end_day(NIGHT + timedelta(days=20))
    assert sealed_export(january()).head["later"] == 0


def test_an_open_month_says_how_many_lines_came_later(books, tmp_path, capsys):
    public.post_postage(delivered(number="EH999999999VN"), at=NOW)
    path = tmp_path / "open.jsonl"
    path.write_text("".join(sealed_export(january()).rows()))

    status, out = run(capsys, "export", path)
    assert status == 0
    assert "1 lines of this month came later" in out


def test_an_export_of_changed_books_breaks_off(books):
    export = sealed_export(january())
    with unguarded() as cursor:
        cursor.execute("UPDATE billing_charge SET dossier_code = 'X' WHERE operator_code = 'VNPOST'")

    with pytest.raises(RuntimeError, match=r"no longer what was sealed|promised"):
        list(export.rows())


def test_an_export_with_a_dropped_row_breaks_off(books):
    export = sealed_export(january())
    with unguarded() as cursor:
        cursor.execute("DELETE FROM billing_lineseal WHERE sequence = 6")

    with pytest.raises(RuntimeError, match="gap"):
        list(export.rows())


# --- the outlet's own evidence --------------------------------------------------------------------------------------


@pytest.fixture
def kept(books, tmp_path):
    """The daily statements, as the outlet kept them."""
    paths = []
    for day in OutletDay.objects.filter(outlet_id=OUTLET).order_by("number"):
        paths.append(tmp_path / f"day-{day.number}.json")
        paths[-1].write_text(json.dumps(document(day), ensure_ascii=False), encoding="utf-8")
    return paths


def test_daily_statements_are_sound(kept, capsys):
    status, out = run(capsys, "day", *kept)

    assert (status, len(kept)) == (0, 3), out


def test_a_month_is_rebuilt_from_the_daily_statements_alone(kept, capsys):
    status, out = run(capsys, "month", "2026-01", *reversed(kept))
    ours = outlet_month(outlet_id=OUTLET, province_code="01", period=JANUARY, through=16)

    assert status == 0, out
    assert f"month 2026-01: {ours['lines']} lines, digest {ours['digest']}" in out
    assert f"{'city_subsidy':>20} {ours['city_subsidy']:>15}" in out
    assert ours["not_stated_yet"] == 0


def test_the_books_differ_from_what_the_outlet_kept(kept, capsys):
    """Thirteen transactions vanished from the central records: the branch's own paper showed it."""
    taken_back = Charge.objects.exclude(reverses=None).values("reverses_id")
    theirs = Charge.objects.filter(outlet_id=OUTLET, period=JANUARY, reverses=None)
    vanishing = theirs.exclude(id__in=taken_back).first()
    with unguarded() as cursor:
        cursor.execute("DELETE FROM billing_posting")
        cursor.execute("DELETE FROM billing_charge WHERE id = %s", [vanishing.id])
    out = run(capsys, "month", "2026-01", *kept)[1]
    ours = outlet_month(outlet_id=OUTLET, province_code="01", period=JANUARY, through=16)

    assert ours["digest"] not in out


def test_a_missing_daily_statement_is_named(kept, capsys):
    status, out = run(capsys, "day", kept[0], kept[2])

    assert status == 1
    assert "statement no. 2 is missing" in out


@pytest.mark.parametrize("spoil", [
    lambda told: told | {"lines": told["lines"][1:]},
    lambda told: told | {"said": told["said"].replace('"lines":14', '"lines":13')},
    lambda told: told | {"lines": [told["lines"][0] | {"salt": told["lines"][1]["salt"]}, *told["lines"][1:]]},
    lambda told: told | {"lines": told["lines"][::-1]},
])
def test_a_spoilt_daily_statement_is_found(kept, capsys, spoil):
    kept[1].write_text(json.dumps(spoil(json.loads(kept[1].read_text()))))

    assert run(capsys, "day", *kept)[0] == 1
