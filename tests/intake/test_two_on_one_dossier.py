"""Two officers on one dossier: one wins, the other hears what happened and keeps her text. With real threads."""

import threading
from typing import Any, cast
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from intake.errors import DossierChanged
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import assignment, extensions, handling, presence, reception, resolution, withdrawal
from intake.operations.extensions import Apology
from intake.queries.presence import changes_since, others_at
from shared.errors import DomainError
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

THURSDAY = at("2025-07-03")


def taken(code=catalogue.BUSINESS):
    officer = network.acting(network.officer(hue_centre()))
    dossier = forwarded(code=code, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    return Dossier.objects.get(id=dossier.id), officer


def pairs(dossier, one, other):
    """What two people may try on the same version at the same moment."""
    seen: dict[str, Any] = {"dossier_id": dossier.id, "at": THURSDAY, "version": dossier.version}
    decide: dict[str, Any] = {"decision_number": "1", "summary": "x"}
    return [
        (lambda: resolution.resolve(by=one, **decide, **seen), lambda: withdrawal.stop(
            by=other, reason="x", legal_basis="y", **seen)),
        (lambda: assignment.assign(by=other, officer_id=UUID(other.id), **seen),
         lambda: assignment.release(by=one, **seen)),
        (lambda: extensions.apologise(by=one, apology=Apology(), **seen),
         lambda: extensions.apologise(by=other, apology=Apology("site-visit"), **seen)),
        (lambda: withdrawal.withdraw(by=one, reason="x", **seen), lambda: handling.start(by=other, **seen)),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", range(4))
def test_of_two_at_the_same_moment_exactly_one_wins(which):
    dossier, one = taken()
    manager = network.acting(network.centre_manager(hue_centre()))
    steps = DossierStep.objects.filter(dossier=dossier).count()
    barrier, outcomes = threading.Barrier(2), []

    def run(act):
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except DossierChanged as refusal:
            outcomes.append(cast("list[dict[str, str]]", refusal.facts["changes"])[0]["by"])
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in pairs(dossier, one, manager)[which]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(outcomes) == "done" or "done" in outcomes
    assert outcomes.count("done") == 1
    assert next(each for each in outcomes if each != "done") in {one.name, manager.name}
    assert DossierStep.objects.filter(dossier=dossier).count() > steps


@pytest.mark.django_db
def test_the_loser_keeps_her_text_and_sees_each_step_since(client):
    dossier, officer = taken()
    second = network.officer(hue_centre())
    client.force_login(second)
    seen = dossier.version
    handling.start(dossier_id=dossier.id, by=officer, at=THURSDAY)
    assignment.pass_on(dossier_id=dossier.id, officer_id=second.id, note="Còn chờ bản vẽ", by=officer, at=THURSDAY)

    answer = client.post(reverse("intake:decide", args=[dossier.id, "stop"]), {
        "version": seen, "cause": "in-dispute", "reason": "Đang khởi kiện", "legal_basis": "Luật"},
        headers={"HX-Request": "true", "HX-Target": "div#decide"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Đang khởi kiện" in shown
    assert "Còn chờ bản vẽ" in shown
    assert shown.index("Bàn giao cho đồng nghiệp") < shown.index("Bắt đầu xử lý</li>")
    assert f'value="{dossier.version + 2}"' in shown


@pytest.mark.django_db
def test_a_desk_says_who_else_has_it_open_and_what_changed(client):
    dossier, officer = taken()
    colleague = network.officer(hue_centre())
    client.force_login(colleague)
    presence.note_presence(dossier_id=dossier.id, by=officer, at=THURSDAY)
    mine = network.acting(colleague)
    assert others_at(dossier.id, mine, now=at("2025-07-03", "09:01")) == [officer.name]
    assert others_at(dossier.id, mine, now=at("2025-07-03", "09:05")) == []
    assert others_at(dossier.id, officer, now=THURSDAY) == []

    handling.start(dossier_id=dossier.id, by=officer, at=THURSDAY)
    assert [str(change.what.en) for change in changes_since(dossier.id, dossier.version, mine)] == ["Handling started"]

    shown = client.post(reverse("intake:presence", args=[dossier.id]), {"version": dossier.version})
    assert officer.name in shown.content.decode()
    presence.forget_presence(before=at("2099-01-01"))
    assert others_at(dossier.id, mine, now=THURSDAY) == []
