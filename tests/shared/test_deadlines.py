"""How a deadline looks: words, icon, bar."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from shared.deadlines import Look, deadline

DAY = 8 * 60


@pytest.mark.parametrize(("used", "allowed", "paused", "done", "look", "words", "filled"), [
    (DAY, 3 * DAY, False, False, Look.RUN, "Còn 2 ngày làm việc", 33),
    (3 * DAY - 240, 3 * DAY, False, False, Look.RUN, "Còn 4 giờ", 83),
    (3 * DAY - 239, 3 * DAY, False, False, Look.SOON, "Còn 3 giờ 59 phút", 83),
    (3 * DAY, 3 * DAY, False, False, Look.SOON, "Còn 0 phút", 100),
    (DAY + 70, DAY, False, False, Look.LATE, "Quá 1 giờ 10 phút", 87),
    (4 * DAY, 7 * DAY, True, False, Look.PAUSE, "dừng ở 3 ngày làm việc", 57),
    (4 * DAY, 5 * DAY, False, True, Look.OK, "Sớm 1 ngày làm việc", 80),
    (5 * DAY, 5 * DAY, False, True, Look.OK, "Đúng hạn", 100),
    (5 * DAY + 30, 5 * DAY, False, True, Look.LATE, "Quá 30 phút", 94),
    (10, 0, False, False, Look.LATE, "Quá 10 phút", 0),
])
def test_each_state_has_its_own_look_and_words(
    used: int, allowed: int, paused: bool, done: bool, look: Look, words: str, filled: int
) -> None:
    with override("vi"):
        shown = deadline(used=used, allowed=allowed, paused=paused, done=done)
    assert (shown.look, shown.words, shown.filled) == (look, words, filled)


def test_the_bar_past_due_shows_a_notch_and_always_some_overrun() -> None:
    barely_late = deadline(used=100 * DAY + 1, allowed=100 * DAY)
    assert barely_late.filled < barely_late.after_notch < 100
    assert barely_late.after_notch + barely_late.overrun == 100


def test_a_paused_bar_is_hatched_and_carries_no_inline_style() -> None:
    bar = Template("{% load wardpost %}{% deadline_bar used=960 allowed=1920 paused=True %}").render(Context())
    assert 'class="pause" width="50%"' in bar
    assert "style=" not in bar
