"""Ask the authority once: a question with a due moment, an answer with its legal basis, a precedent for the next."""

from datetime import date, timedelta
from typing import Any

import pytest

from intake.events import OpinionAnswered
from intake.models.dossiers import DossierStep
from intake.models.opinions import Opinion, OpinionAddressee, Precedent, PrecedentUse
from intake.models.routing import AuthorityQuestion
from intake.operations import authority, opinion_answers, opinions, precedents
from intake.operations.opinion_answers import AnswerInput
from intake.operations.opinions import Addressee, OpinionInput
from intake.opinion_errors import (
    NotAsked,
    OpinionClosed,
    OpinionNotFound,
    OpinionRefused,
    PrecedentExists,
    PrecedentNotFound,
    PrecedentWithdrawn,
)
from intake.queries.precedents import search_precedents
from intake.records import PlaceChoice, route_from_data
from intake.routing import find_route
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.outbox import relay
from tests.factories import catalogue, dossiers, network, places
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 12)
BASIS = "Luật Xây dựng 50/2014/QH13, Điều 89"


@pytest.fixture
def hue():
    """The centre of Phong Dinh and the provincial one; Phong Hoà is a former commune that became part of it."""
    catalogue.procedure(catalogue.PERMIT)
    places.former_commune(places.PHONG_CHUONG)
    return network.centre(), network.provincial_centre()


def manager(centre):
    return network.acting(network.centre_manager(centre))


def permit_question(*to, **changes) -> OpinionInput:
    fields: dict[str, Any] = {"subject": "substance", "key": "permit-needed", "addressees": tuple(to),
              "question": "Xây nhà ở cấp IV tại xã Phong Chương cũ có phải xin giấy phép xây dựng không?",
              "procedure_code": catalogue.PERMIT, "place_code": places.PHONG_CHUONG, "days": 2}
    return OpinionInput(**fields | changes)


def answered(opinion, by, verdict="no", **fields):
    row = OpinionAddressee.objects.filter(opinion=opinion, answered_at=None).order_by("id").first()
    said = AnswerInput(**{"verdict": verdict, "legal_basis": BASIS} | fields)
    return opinion_answers.answer(said, opinion_id=opinion.id, addressee_id=row.id, by=by, at=NOW)


def test_a_question_goes_out_with_a_due_moment_and_an_owner_of_the_answer(hue):
    commune, province = hue

    asked = opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW)

    item = WorkItem.objects.get(kind="opinion-waiting")
    assert asked.due_at == local("2026-01-14 09:30")
    assert (item.owner_role, item.owner_place, item.due_at) == ("centre_manager", province.agency_code, asked.due_at)
    assert asked.place_name.startswith("xã Phong Chương")


def test_asked_once_the_next_same_question_is_answered_by_precedent(hue):
    commune, province = hue
    by = manager(commune)
    first = opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW)
    answered(first, manager(province), text="Nhà ở nông thôn dưới 7 tầng")

    again = opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW + timedelta(days=1))

    said = Precedent.objects.get()
    assert (said.verdict, said.legal_basis, said.valid_from) == ("no", BASIS, TODAY)
    assert (again.outcome, again.precedent_id) == ("precedent", said.id)
    assert not OpinionAddressee.objects.filter(opinion=again).exists()
    assert PrecedentUse.objects.filter(precedent=said, opinion=again).count() == 1


def test_a_question_may_be_asked_anew_and_the_new_answer_supersedes(hue):
    commune, province = hue
    by = manager(commune)
    answered(opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW), manager(province))

    anew = opinions.ask(permit_question(Addressee(province.id), anew=True), by=by, at=NOW)
    answered(anew, manager(province), verdict="yes")

    old, new = Precedent.objects.order_by("made_at", "id")
    assert (old.superseded_by_id, old.withdrawn_at) == (new.id, NOW)
    assert (new.verdict, new.withdrawn_at) == ("yes", None)


def test_the_route_tells_the_clerk_what_was_answered_before(hue):
    commune, province = hue
    answered(opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW), manager(province))

    route = find_route(procedure=catalogue.procedure(catalogue.PERMIT), on=TODAY,
                       place=PlaceChoice(former_commune_code=places.PHONG_CHUONG))

    assert route.is_clear
    assert route.advice == (Precedent.objects.get().id,)
    assert "Có phải xin giấy phép không? Không" in route.reason.vi
    assert BASIS in route.reason.en


@pytest.mark.usefixtures("rate_book")
def test_an_answer_about_competence_sends_the_dossier_on_and_answers_the_next_one():
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    other = places.commune(places.PHU_XUAN)
    waiting, next_waiting = (counter.submit(place=PlaceChoice(other.code)) for _ in range(2))
    assert AuthorityQuestion.objects.filter(cause="no-centre", answered_at=None).count() == 2
    asked = opinions.ask(OpinionInput(
        subject="authority", key="competent-authority", question="Phường này chưa có trung tâm, ai giải quyết?",
        addressees=(Addressee(provincial.id),), dossier_id=waiting.id), by=manager(provincial), at=NOW)

    answered(asked, manager(provincial), verdict="authority", authority_id=provincial.id)
    relay.drain()

    waiting.refresh_from_db()
    next_waiting.refresh_from_db()
    assert (waiting.authority_centre_id, next_waiting.authority_centre_id) == (provincial.id, provincial.id)
    third = counter.submit(place=PlaceChoice(other.code), at=NOW + timedelta(hours=2))
    route = route_from_data(third.route)
    assert route.precedent == Precedent.objects.get().id
    assert "Theo trả lời ngày 12/01/2026" in route.reason.vi
    assert PrecedentUse.objects.filter(precedent_id=route.precedent, dossier=third).exists()
    assert DossierStep.objects.filter(dossier=waiting, action="opinion_answered").exists()


def test_answers_that_differ_wait_for_the_asker_to_conclude(hue):
    commune, province = hue
    third = network.centre(places.PHU_XUAN)
    by = manager(commune)
    asked = opinions.ask(permit_question(Addressee(province.id), Addressee(third.id)), by=by, at=NOW)
    answered(asked, manager(province), verdict="no")
    still = answered(asked, manager(third), verdict="yes")

    assert still.closed_at is None
    assert WorkItem.objects.filter(kind="opinion-differs", owner_place=commune.agency_code, closed_at=None).exists()
    done = opinion_answers.conclude(AnswerInput("conditional", BASIS, "Tuỳ diện tích"), opinion_id=asked.id, by=by,
                                    at=NOW)
    assert (done.outcome, Precedent.objects.get().verdict) == ("concluded", "conditional")
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_department_outside_the_house_is_answered_for_by_who_asked(hue):
    commune, _province = hue
    by = manager(commune)
    asked = opinions.ask(permit_question(Addressee(name="Sở Xây dựng", contact="0234 382 2000")), by=by, at=NOW)

    done = answered(asked, by, signed_by="Công văn 112/SXD-QLXD, Giám đốc Sở")

    assert (done.outcome, Precedent.objects.get().source) == ("answered", "Sở Xây dựng")
    assert OpinionAddressee.objects.get().answered_by_name == "Công văn 112/SXD-QLXD, Giám đốc Sở"


def test_only_who_was_asked_answers_and_only_once(hue):
    commune, province = hue
    asked = opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW)

    with pytest.raises(NotAsked):
        answered(asked, manager(commune))
    with pytest.raises(OpinionNotFound):
        answered(asked, manager(network.centre(places.PHU_XUAN)))
    answered(asked, manager(province))
    with pytest.raises(OpinionClosed):
        opinion_answers.conclude(AnswerInput("no", BASIS), opinion_id=asked.id, by=manager(commune), at=NOW)


@pytest.mark.parametrize(("changes", "pointer"), [
    ({"question": "ngắn"}, "/question"), ({"days": 0}, "/days"), ({"addressees": ()}, "/addressees"),
    ({"addressees": (Addressee(name="Sở Xây dựng"),)}, "/addressees/0"), ({"key": "x"}, "/key"),
    ({"procedure_code": "9.999999"}, "/procedure_code"), ({"place_code": "99999"}, "/place_code"),
])
def test_a_question_that_cannot_be_answered_is_refused_with_every_reason(hue, changes, pointer):
    commune, province = hue
    entered = permit_question(*changes.pop("addressees", (Addressee(province.id),)), **changes)

    with pytest.raises(OpinionRefused) as refused:
        opinions.ask(entered, by=manager(commune), at=NOW)

    assert pointer in {error.pointer for error in refused.value.errors}


def test_an_answer_without_legal_basis_is_refused(hue):
    commune, province = hue
    asked = opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW)

    with pytest.raises(OpinionRefused):
        answered(asked, manager(province), legal_basis=" ")
    with pytest.raises(OpinionRefused):
        answered(asked, manager(province), verdict="conditional")


def test_a_precedent_taken_back_answers_nothing_any_more_and_says_why(hue):
    commune, province = hue
    by = manager(commune)
    answered(opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW), manager(province))
    said = Precedent.objects.get()

    precedents.withdraw(precedent_id=said.id, reason="Luật đã sửa đổi", by=by, at=NOW)

    next_one = opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW)
    assert (next_one.outcome, next_one.closed_at) == ("", None)
    with pytest.raises(PrecedentWithdrawn):
        precedents.withdraw(precedent_id=said.id, reason="Lần nữa", by=by, at=NOW)


def test_precedents_are_the_citys_and_another_city_does_not_see_them(hue):
    commune, province = hue
    answered(opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW), manager(province))
    stranger = manager(network.centre(places.HOAN_KIEM))

    with pytest.raises(PrecedentNotFound):
        precedents.withdraw(precedent_id=Precedent.objects.get().id, reason="Không rõ", by=stranger, at=NOW)
    assert search_precedents(stranger) == []


def test_two_answers_in_force_to_one_question_are_impossible(hue):
    commune, _province = hue
    ruled = precedents.Ruled(places.HUE, "permit-needed", "Có cần không?", (
        precedents.ScopeItem(catalogue.PERMIT, places.PHONG_CHUONG),))
    from django.db import transaction

    with transaction.atomic():
        precedents.make(ruled, precedents.Answer("no", BASIS, "Sở"), by=manager(commune), at=NOW)
    with pytest.raises(PrecedentExists), transaction.atomic():
        precedents.make(ruled, precedents.Answer("yes", BASIS, "Sở"), by=manager(commune), at=NOW)


def test_precedents_are_found_without_accents(hue):
    commune, province = hue
    by = manager(commune)
    answered(opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW), manager(province))

    assert len(search_precedents(by, text="giay phep phong chuong")) == 1
    assert search_precedents(by, text="khai sinh") == []


def test_a_split_unit_never_becomes_a_precedent_of_competence():
    centre = network.centre(places.GIANG_VO)
    catalogue.procedure()
    places.former_commune(places.CONG_VI)

    asked = opinions.ask(OpinionInput(
        subject="authority", key="competent-authority", question="Cống Vị cũ thuộc về đâu theo thủ tục này?",
        addressees=(Addressee(centre.id),), procedure_code=catalogue.BIRTH, place_code=places.CONG_VI),
        by=manager(centre), at=NOW)

    assert asked.is_general is False


def test_the_answer_is_told_to_whoever_listens(hue):
    commune, province = hue
    answered(opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW), manager(province))

    told = set(OutboxMessage.objects.values_list("event", flat=True))
    assert {"OpinionAsked", OpinionAnswered.__name__, "PrecedentMade"} <= told


@pytest.mark.usefixtures("rate_book")
def test_a_managers_own_answer_may_hold_for_the_next_dossier_too():
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    first = counter.submit(place=PlaceChoice(places.commune(places.PHU_XUAN).code))
    question = AuthorityQuestion.objects.get(dossier=first)

    authority.answer_authority_question(question_id=question.id, centre_id=provincial.id, legal_basis="Nghị định 118",
                                        by=manager(provincial), at=NOW, is_general=True)

    second = counter.submit(place=PlaceChoice(places.PHU_XUAN), at=NOW + timedelta(minutes=5))
    assert second.authority_centre_id == provincial.id


def test_the_asker_may_take_a_question_back(hue):
    commune, province = hue
    by = manager(commune)
    asked = opinions.ask(permit_question(Addressee(province.id)), by=by, at=NOW)

    with pytest.raises(NotAsked):
        opinions.take_back(opinion_id=asked.id, reason="Nhầm", by=manager(province), at=NOW)
    done = opinions.take_back(opinion_id=asked.id, reason="Công dân rút hồ sơ", by=by, at=NOW)

    assert (done.outcome, Opinion.objects.open().count()) == ("withdrawn", 0)
    assert not WorkItem.objects.filter(closed_at=None).exists()
