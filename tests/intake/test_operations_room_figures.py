"""What dossiers tell the operations room: the brief's figures are the board's, and a trouble's impact is counted."""

from datetime import timedelta
from random import Random

import pytest

from agents.public import BriefAsked, TroubleSpan
from intake.boards.reading import board_as_of
from intake.models.dossiers import Dossier
from intake.queries.brief_sections import dossiers, stuck
from intake.queries.place_impact import lay_there
from intake.queries.place_load import arrived
from shared import work
from shared.roles import Role
from tests.factories import dossiers as filed
from tests.factories import network, places
from tests.intake.board_stories import play
from tests.intake.centre_cases import at
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db


def values(section):
    return {figure.label.en: figure.value for figure in section.figures}


def test_a_briefs_counts_are_what_the_board_has_gained_meanwhile():
    centres = [network.centre(places.PHONG_DINH), network.centre(places.PHU_XUAN)]
    play(Random("brief"), centres, 40)  # a story
    since, until = at("2025-07-01", "16:30"), at("2025-07-02", "16:30")
    before, after = board_as_of("46", since), board_as_of("46", until)

    told = values(dossiers(BriefAsked("46", since, until)))

    assert after.received > before.received
    assert told["received since the last brief"] == after.received - before.received
    assert told["resolved since the last brief"] == after.resolved - before.resolved


def test_late_and_due_soon_are_told_by_centre_the_worst_first():
    phu_xuan, phong_dinh = network.centre(places.PHU_XUAN), network.centre(places.PHONG_DINH)
    play(Random("late"), [phu_xuan, phong_dinh], 12)  # a story
    noon = at("2025-07-03", "12:00")
    Dossier.objects.update(handling=9)
    mine = list(Dossier.objects.order_by("id").values_list("id", flat=True))
    for ids, centre, due_at in ((mine[:1], phong_dinh, noon - timedelta(hours=1)),
                                (mine[1:4], phu_xuan, noon - timedelta(days=2)),
                                (mine[4:6], phu_xuan, noon + timedelta(hours=3)),
                                (mine[6:8], phu_xuan, noon + timedelta(days=6))):
        Dossier.objects.filter(id__in=ids).update(handling=4, receiving_centre=centre, due_at=due_at,
                                                  received_at=noon - timedelta(days=3))

    section = dossiers(BriefAsked("46", noon - timedelta(hours=4), noon))

    assert (values(section)["past due"], values(section)["due within one working day"]) == (4, 2)
    assert [row.name for row in section.rows] == ["Phường Phú Xuân", "Phường Phong Dinh"]
    assert section.rows[0].is_late
    assert section.rows[0].said.en.startswith("3 past due · 2 due soon")
    assert section.rows[0].said.vi.startswith("3 quá hạn · 2 sắp đến hạn")


def test_what_is_held_up_is_told_by_its_kind_and_silence_means_nothing_is():
    noon = at("2025-07-03", "12:00")
    asked = BriefAsked("46", noon - timedelta(hours=4), noon)
    assert stuck(asked) is None

    for number, (kind, province, opened) in enumerate((
            ("stopped-long", "46", -60), ("stopped-long", "46", -60), ("sync-parked", "46", -5),
            ("stopped-long", "46", 5), ("stopped-long", "01", -60), ("overdue", "46", -60))):
        work.open_item(kind=kind, reference=str(number), owner_role=Role.CENTRE_OFFICER, owner_place="",
                       at=noon + timedelta(minutes=opened), due_at=noon + timedelta(minutes=opened + 30),
                       detail={"province": province})
    section = stuck(asked)

    assert section is not None
    assert [figure.value for figure in section.figures] == [3, 2]
    assert [row.said.en for row in section.rows] == ["2, 2 of them past their time limit", "1"]
    assert section.rows[0].name.en == "Stopped for over 10 working days"


def test_an_outlets_trouble_touches_what_was_filed_and_not_yet_sent_on():
    counter = filed.counter()
    filed.submitted(counter, channel="post")
    filed.forwarded(counter, channel="post")
    span = MONDAY_MORNING - timedelta(minutes=5), MONDAY_MORNING + timedelta(hours=1)

    def touched(start, end):
        return lay_there([TroubleSpan(counter.outlet.id, None, start, end)])

    assert touched(*span) == [2]
    assert touched(MONDAY_MORNING - timedelta(hours=2), MONDAY_MORNING - timedelta(hours=1)) == [0]
    forwarded_at = Dossier.objects.exclude(forwarded_at=None).get().forwarded_at
    assert forwarded_at is not None
    assert touched(forwarded_at + timedelta(minutes=1), forwarded_at + timedelta(hours=1)) == [1]


def test_a_centres_trouble_touches_what_waits_and_what_is_being_worked_on_there_alone():
    here, elsewhere = network.centre(places.PHU_XUAN), network.centre(places.PHONG_DINH)
    play(Random("impact"), [here], 6)  # a story
    noon = at("2025-07-03", "12:00")
    mine = list(Dossier.objects.order_by("id").values_list("id", flat=True))
    for ids, facts in ((mine[:2], {"handling": 4}), (mine[2:3], {"handling": 5}),
                       (mine[3:4], {"handling": 9, "resolved_at": noon + timedelta(minutes=1)}),
                       (mine[4:5], {"handling": 9, "resolved_at": noon - timedelta(hours=5)}),
                       (mine[5:], {"handling": 4, "receiving_centre": elsewhere})):
        Dossier.objects.filter(id__in=ids).update(
            **{"received_at": noon - timedelta(days=1), "resolved_at": None} | facts)

    spans = [TroubleSpan(None, each.id, noon, noon + timedelta(minutes=20)) for each in (here, elsewhere)]
    assert lay_there(spans) == [3, 1]


def test_what_comes_is_counted_by_hour_for_outlets_and_centres_alike():
    counter = filed.counter()
    for minutes in (0, 20, 75):
        counter.submit(MONDAY_MORNING + timedelta(minutes=minutes))
    centre = network.centre(places.PHU_XUAN)
    play(Random("load"), [centre], 15)  # a story

    found = [*arrived(at("2025-06-28"), at("2025-07-12")),
             *arrived(MONDAY_MORNING - timedelta(days=1), MONDAY_MORNING + timedelta(days=1))]

    assert sum(each.count for each in found if each.outlet_id == counter.outlet.id) == 3
    assert [each.count for each in found if each.hour == MONDAY_MORNING.replace(minute=0)
            and each.outlet_id == counter.outlet.id] == [2]
    assert sum(each.count for each in found if each.centre_id == centre.id) == 15
    assert not arrived(at("2025-08-01"), at("2025-08-02"))
