"""Boards drawn: two moments as bars, communes as discs over the ground."""

from collections.abc import Sequence
from math import sqrt
from typing import Final

from django.utils.translation import gettext as _

from intake.boards.models import Boundary
from intake.boards.reading import Line
from intake.boards.rules.counts import MEANINGS, Counts
from shared.models.places import Commune
from shared.pictures import Chart, Map, Point, Series, Tone

MOST_BARS: Final = 12
SMALLEST: Final = 5
LARGEST: Final = 26


def comparison(pairs: Sequence[tuple[Line, Counts]], axis: str) -> Chart:
    """What was received and what was resolved between two moments, where most happened."""
    shown = sorted(pairs, key=lambda pair: (-pair[1].received - pair[1].resolved, pair[0].name.vi))[:MOST_BARS]
    names = [str(line.name) for line, _change in shown]
    return Chart(_("Received and resolved between the two moments"), axis, names, [
        Series(str(MEANINGS["received"].words), [change.received for _line, change in shown], Tone.REST),
        Series(str(MEANINGS["resolved"].words), [change.resolved for _line, change in shown], Tone.NIGHT)])


def commune_map(lines: Sequence[Line], measure: str, province_code: str) -> Map:
    """A disc for each commune whose area grows with the figure, the number in it where there is room."""
    meaning = MEANINGS[measure]
    grounds = {commune.code: (commune.latitude, commune.longitude)
               for commune in Commune.objects.filter(province_id=province_code).only("code", "latitude", "longitude")}
    counted = [(line, int(getattr(line.count, measure))) for line in lines if line.commune_code in grounds]
    most = max((count for _line, count in counted), default=0) or 1
    points = [
        Point(*grounds[line.commune_code], label=str(line.name), detail=f"{meaning.words}: {count}",
              tone=Tone.LATE if meaning.is_bad else Tone.NIGHT, size=_radius(count, most),
              number=str(count) if _radius(count, most) >= SMALLEST * 2 else "")
        for line, count in counted if count > 0]
    areas = [ring for shape in Boundary.objects.filter(province_code=province_code).values_list("shape", flat=True)
             for ring in shape["rings"]]
    return Map(str(meaning.words), points, ground=() if areas else list(grounds.values()), areas=areas)


def _radius(count: int, most: int) -> int:
    return max(SMALLEST, round(LARGEST * sqrt(count / most)))
