"""The HTTP answers of sealed exports and of outlets' daily statements."""

import json

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from billing.chain.days import document
from billing.chain.sealed_export import sealed_export
from billing.models.seals import OutletDay
from billing.queries.months import StatementInfo


def sealed_file(info: StatementInfo) -> HttpResponseBase:
    """The month's sealed export, streamed. Raises ExportIncomplete before the first byte."""
    name = f"wardpost-{info.province_code}-{info.operator_code}-{info.period:%Y-%m}.jsonl"
    return StreamingHttpResponse(sealed_export(info).rows(), content_type="application/jsonl; charset=utf-8",
                                 headers=_kept(name))


def day_file(day: OutletDay) -> HttpResponse:
    """An outlet's daily statement: what was signed, its signature, and the lines with their salts."""
    name = f"wardpost-{day.outlet_id}-{day.number:05d}-{day.checkpoint.day:%Y-%m-%d}.json"
    return HttpResponse(json.dumps(document(day), ensure_ascii=False, indent=1),
                        content_type="application/json; charset=utf-8", headers=_kept(name))


def _kept(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
