"""A scenario as files: two sheets of a workbook, or one CSV of its communes or sites."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from agents.placement.outcome import Outcome

type Cell = str | int | float | None


def site_rows(outcome: Outcome) -> Iterable[Sequence[Cell]]:
    yield ("code", "name", "address", "latitude", "longitude", "communes_nearest", "demand_nearest",
           "demand_only_here", "demand_newly_covered", "mean_km_before", "mean_km_after")
    for each in outcome.sites:
        yield (each.code, each.name, each.address, each.latitude, each.longitude, each.communes, each.demand,
               each.only, each.newly, _rounded(each.mean_before), _rounded(each.mean_after))


def commune_rows(outcome: Outcome) -> Iterable[Sequence[Cell]]:
    yield ("commune_code", "name", "demand", "elderly_share", "online_rate", "terrain_factor", "weight",
           "nearest_before", "km_before", "covered_before", "nearest_after", "km_after", "covered_after")
    for each in outcome.communes:
        yield (each.code, each.name, each.demand, each.elderly_share, each.online_rate, each.terrain_factor,
               round(each.weight, 2), each.before, _rounded(each.km_before), int(each.is_covered_before), each.after,
               _rounded(each.km_after), int(each.is_covered_after))


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """With a byte order mark, so that a spreadsheet reads Vietnamese; no cell is taken for a formula."""
    file = StringIO()
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return "\ufeff" + file.getvalue()


def as_workbook(outcome: Outcome) -> bytes:
    """Sites and communes, a sheet each."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})
    for title, rows in ((_("Sites"), site_rows(outcome)), (_("Communes"), commune_rows(outcome))):
        sheet = book.add_worksheet(title[:31])
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(at, column, value)
                elif value:
                    sheet.write_string(at, column, value)
    book.close()
    return file.getvalue()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
