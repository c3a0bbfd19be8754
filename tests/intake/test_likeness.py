"""Near-duplicates: who may be the same person, who sees how much of it, and what becomes of a person's decision."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import CitizenMaybeKnown, CitizenNotFound, TooManySearches
from intake.models.citizens import Citizen, CitizenRevision
from intake.operations import citizens, recognition, searches
from intake.records import CitizenInput
from intake.rules.likeness import Traits, likeness, name_likeness
from shared.models.oversight import AuditEntry, WorkItem
from shared.text import fold
from tests.factories import citizens as people
from tests.factories import network
from tests.intake.moments import MONDAY_MORNING as NOW

BORN = date(1992, 3, 14)
words = st.text(alphabet="abcdđghiklmnêôơưòạ ", min_size=1, max_size=30).map(fold)


def traits(name: str = "Nguyễn Thị Hạnh", birth: date | None = BORN, phone: str = "+84914275268", number: str = "",
           **more: bool) -> Traits:
    return Traits(fold(name), birth, phone=phone, number_masked=number, **more)


HANH = traits()


@pytest.mark.parametrize(("other", "is_near"), [
    (traits("Hạnh Nguyen Thi"), True),                                     # order and accents
    (traits("NGUYỄN THỊ HẠNH", phone=""), True),                            # name and birth
    (traits("Nguyễn Thị Hạnh", birth=None), True),                          # name and telephone
    (traits("Nguyễn Thị Hạnh", birth=date(1992, 1, 1), phone="", is_year_only=True), True),
    (traits("Nguyễn Thị Hạnh", birth=date(1993, 1, 1), phone="", is_year_only=True), False),
    (traits("Nguyễn Thị Hạnh", birth=None, phone=""), False),               # a name alone says nothing
    (traits("Trần Văn Bình"), False),                                       # her husband shares the telephone only
    (traits("Nguyễn Thị Hạnh", birth=date(1960, 5, 2), phone="+84905111222"), False),
    (traits("Nguyễn Thị Hạng"), True),                                      # a slip of the key
])
def test_who_is_worth_a_look(other, is_near):
    assert likeness(HANH, other).is_near is is_near


@pytest.mark.parametrize(("number", "phone", "is_near"), [
    ("046•••••4128", "", True),               # one digit off
    ("046•••••4172", "", True),               # two digits exchanged
    ("046•••••4127", "", True),               # the slip lies in the hidden part
    ("046•••••9958", "", False),              # somebody else of that name, born that day
    ("046•••••9958", "+84914275268", True),   # and with her telephone: ask
])
def test_other_numbers_are_other_people_unless_one_looks_mistyped(number, phone, is_near):
    mine = traits(number="046•••••4127")

    assert likeness(mine, traits(number=number, phone=phone)).is_near is is_near


@given(words, words)
def test_likeness_is_mutual_and_between_none_and_all(one, other):
    assert name_likeness(one, other) == name_likeness(other, one)
    assert 0 <= name_likeness(one, other) <= 1


@given(st.lists(words, min_size=1, max_size=4))
def test_the_order_of_the_words_counts_for_nothing(several):
    name = " ".join(several)
    assert name_likeness(name, " ".join(reversed(several))) == (1 if name.strip() else 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [
    ("nguyen thi hanh", "hanh nguyen thi"), ("nguyen thi hanh", "nguyen van an"), ("h'hen nie", "hhen nie"),
    ("y", "y blok"), ("a", "b")])
def test_the_rule_counts_as_the_database_does(one, other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity(%s, %s)", [one, other])
        assert cursor.fetchone()[0] == pytest.approx(name_likeness(one, other), abs=1e-6)


# --- registering ----------------------------------------------------------------------------------------------------


@pytest.fixture
def by(db):
    return network.acting(network.clerk())


def typed(**changes) -> CitizenInput:
    return people.entries(**{"national_id": "", "full_name": "Hanh Nguyễn Thị"} | changes)


def refused(by, **changes) -> list[dict[str, object]]:
    with pytest.raises(CitizenMaybeKnown) as refusal:
        citizens.register_citizen(typed=typed(**changes), by=by, at=NOW)
    candidates = refusal.value.facts["candidates"]
    assert isinstance(candidates, list)
    return candidates


def test_somebody_alike_is_shown_before_she_is_registered_again(by):
    known = people.citizen(by)

    (candidate,) = refused(by)

    assert candidate["id"] == str(known.id)
    assert candidate["same"] == ["full_name", "birth", "phone"]
    assert (candidate["full_name"], candidate["is_of_this_outlet"]) == ("Nguyễn Thị Hạnh", True)
    assert Citizen.objects.count() == 1
    assert AuditEntry.objects.filter(action="citizen.compare", object_id=str(known.id), actor_id=by.id).count() == 1


def test_of_another_outlets_people_only_what_is_alike_is_told(by):
    people.citizen(full_name="Nguyễn Thị Hạnh", phone="0905 111 222", street="12 Đường Kín")

    (candidate,) = refused(by)

    assert candidate["full_name"] == "N. T. Hạnh"
    assert (candidate["phone"], candidate["birth"], candidate["may_open"]) == ("", "1992-03-14", False)
    assert "Kín" not in str(candidate)


def test_a_person_says_that_it_is_somebody_else_and_that_is_written_down(by):
    known = people.citizen(by)

    registered = citizens.register_citizen(typed=typed(distinct_from=(known.id,)), by=by, at=NOW)

    audited = AuditEntry.objects.get(action="citizen.distinct")
    assert (audited.object_id, audited.after) == (str(registered.id), {"from": str(known.id)})


def test_the_known_one_is_used_and_better_entries_are_taken_over(by):
    known = people.citizen(by, phone="0905 111 222", birth="1992")
    better = typed(phone="0914 275 268", street="Thôn Mới")

    used = recognition.recognise_citizen(citizen_id=known.id, typed=better, take_over=["phone", "birth", "residence"],
                                         by=by, at=NOW)

    assert (used.id, used.phone, used.birth_date, used.street) == (known.id, "+84914275268", BORN, "Thôn Mới")
    assert used.full_name == "Nguyễn Thị Hạnh"
    revision = CitizenRevision.objects.get()
    old = recognition.entries_before(revision)
    assert (old["phone"], old["street"], revision.fields) == (
        "+84905111222", "Thôn Thử Nghiệm", ["birth", "phone", "residence"])
    assert b"0905111222" not in bytes(revision.sealed)


def test_nobody_is_recognised_who_is_not_alike(by):
    stranger = people.citizen(by, full_name="Lê Văn Tám", birth="1970-02-02", phone="0905 111 222",
                              national_id="")
    with pytest.raises(CitizenNotFound):
        recognition.recognise_citizen(citizen_id=stranger.id, typed=typed(), take_over=[], by=by, at=NOW)


def test_another_outlets_citizen_is_used_only_with_birth_and_telephone_known(by):
    near = people.citizen(phone="0905 111 222")
    with pytest.raises(CitizenNotFound):
        recognition.recognise_citizen(citizen_id=near.id, typed=typed(), take_over=[], by=by, at=NOW)

    used = recognition.recognise_citizen(citizen_id=near.id, typed=typed(phone="0905 111 222"), take_over=[], by=by,
                                         at=NOW)

    assert used.id == near.id


def test_a_correction_keeps_what_was_before(by):
    known = people.citizen(by)

    citizens.correct_citizen(citizen_id=known.id, typed=people.entries(full_name="Nguyễn Thị Hằng", national_id=""),
                             version=1, by=by, at=NOW)

    assert recognition.entries_before(CitizenRevision.objects.get())["full_name"] == "Nguyễn Thị Hạnh"


def test_comparing_costs_the_same_however_many_are_alike(by, django_assert_max_num_queries):
    for _ in range(8):
        people.citizen(by, national_id="")
    with django_assert_max_num_queries(14):
        assert len(refused(by)) == 6


# --- searching ------------------------------------------------------------------------------------------------------


def find(by, number=None):
    return citizens.find_by_national_id(national_id=number or people.national_id(), purpose="phục vụ tại quầy", by=by,
                                        at=NOW)


def test_past_the_days_cap_nobody_is_found_and_the_manager_is_told(by, monkeypatch):
    monkeypatch.setattr(searches, "CAP", 2)
    find(by)
    find(by)

    for _ in range(2):
        with pytest.raises(TooManySearches):
            find(by)

    item = WorkItem.objects.get(kind="searches-unusual")
    assert (item.owner_role, item.closed_at) == ("outlet_manager", None)
    assert AuditEntry.objects.filter(action="citizen.find").count() == 2


def test_the_cap_is_of_one_person_and_one_day(by, monkeypatch):
    monkeypatch.setattr(searches, "CAP", 1)
    find(by)

    find(network.acting(network.clerk()))
    citizens.find_by_national_id(national_id=people.national_id(), purpose="phục vụ tại quầy", by=by,
                                 at=NOW.replace(day=13))

    assert not WorkItem.objects.exists()
