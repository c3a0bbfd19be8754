"""A picture never shows what its table does not."""

from django.template.loader import render_to_string
from django.utils import translation

from shared.pictures import Chart, Map, Point, Series, Shape, Tone, Unit


def _chart(*values: float | None, unit: Unit = Unit.COUNT) -> Chart:
    return Chart("Seen", "Week", [str(at) for at in range(len(values))], [Series("late", values)], Shape.BAR, unit)


def test_the_table_twin_has_every_figure_in_words_and_as_a_number() -> None:
    with translation.override("vi"):
        assert _chart(26_000, None, unit=Unit.DONG).rows == [
            ("0", [("late", "26.000\u00a0đ", "26000")]), ("1", [("late", "–", "")])]


def test_a_share_is_written_per_cent() -> None:
    with translation.override("en"):
        assert _chart(0.985, unit=Unit.SHARE).rows[0][1][0][1:] == ("98.5%", "0.985")


def test_a_chart_without_figures_says_so_and_draws_nothing() -> None:
    html = render_to_string("components/chart.html", {"chart": _chart(None, None)})
    assert "data-chart-box" not in html


def test_a_chart_can_be_read_without_its_script() -> None:
    html = render_to_string("components/chart.html", {"chart": _chart(3, 5)})
    assert html.count('data-value="3"') == html.count('data-value="5"') == 1


def test_what_a_map_shows_is_escaped_data() -> None:
    place = Map("Way", [Point(16.46, 107.59, label="</script><b>", tone=Tone.LATE)], way=[(16.0, 107.0)])
    html = render_to_string("components/map.html", {"map": place, "id": "way"})
    assert "</script><b>" not in html
    assert 'data-map="way"' in html
