"""The HTTP answers of sealed exports and of outlets' daily statements."""

import json
from collections.abc import Sequence
from datetime import date
from inspect import getsource
from tempfile import TemporaryFile
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from billing.chain.days import document
from billing.chain.sealed_export import sealed_export
from billing.models.seals import OutletDay
from billing.queries.months import StatementInfo
from billing.verification import offline

_HOW: Final = """Bản kê ngày đã ký của một điểm bưu chính: mỗi tệp .json là một ngày, có chữ ký và mọi dòng của ngày đó.
Cất thư mục này ở ngoài hệ thống. Trên máy nào có Python, không cần mạng:

The signed daily statements of one outlet: a .json file is one day, with its signature and all its lines.
Keep this folder outside the house. On any computer with Python, without a network:

    python3 wardpost-verify.py month {month} *.json
"""


def sealed_file(info: StatementInfo) -> HttpResponseBase:
    """The month's sealed export, streamed. Raises ExportIncomplete before the first byte."""
    name = f"wardpost-{info.province_code}-{info.operator_code}-{info.period:%Y-%m}.jsonl"
    return StreamingHttpResponse(sealed_export(info).rows(), content_type="application/jsonl; charset=utf-8",
                                 headers=_kept(name))


def day_file(day: OutletDay) -> HttpResponse:
    """An outlet's daily statement: what was signed, its signature, and the lines with their salts."""
    return HttpResponse(_text(day), content_type="application/json; charset=utf-8", headers=_kept(_name(day)))


def days_file(days: Sequence[OutletDay], period: date) -> FileResponse:
    """A month's signed days of one outlet, the verifier, and how to use it; one day in memory at a time."""
    name = f"wardpost-{days[0].outlet_id}-{period:%Y-%m}.zip"
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # the answer closes it
    with ZipFile(file, "w") as archive:
        _add(archive, "README.txt", _HOW.format(month=f"{period:%Y-%m}"), days[-1])
        _add(archive, "wardpost-verify.py", getsource(offline), days[-1])
        for day in days:
            _add(archive, _name(day), _text(day), day)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, headers={"Cache-Control": "no-store"})


def _add(archive: ZipFile, name: str, text: str, day: OutletDay) -> None:
    """Dated by the day it is of, so that the same month gives the same bytes."""
    dated = day.checkpoint.day
    entry = ZipInfo(name, date_time=(dated.year, dated.month, dated.day, 0, 0, 0))
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    archive.writestr(entry, text)


def _name(day: OutletDay) -> str:
    return f"wardpost-{day.outlet_id}-{day.number:05d}-{day.checkpoint.day:%Y-%m-%d}.json"


def _text(day: OutletDay) -> str:
    return json.dumps(document(day), ensure_ascii=False, indent=1)


def _kept(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
