"""Traces of brokers are found by night, with their evidence; a busy outlet is none, and a trace blocks nobody."""

from datetime import date, timedelta

import grimp
import pytest

from agents.models.sites import SiteDay
from intake.brokers.models import BrokerCase, BrokerRule, BrokerSignal
from intake.brokers.signals import compute_signals, rules_on
from intake.brokers.statements import STATEMENTS
from intake.brokers.words import explain
from intake.models.dossiers import Dossier, DossierStep
from intake.models.mandates import Mandate
from intake.satisfaction.models import MoneyReport
from intake.satisfaction.queries import results
from shared.crypto import blind_index
from tests.factories import dossiers, network, places
from tests.intake import broker_cases as made
from tests.intake.broker_cases import MONDAY, NIGHT
from tests.intake.moments import local

pytestmark = pytest.mark.django_db


def rules_found() -> list[str]:
    return list(BrokerSignal.objects.order_by("rule").values_list("rule", flat=True))


def test_one_phone_behind_many_applicants_opens_a_case_with_its_dossiers():
    made.rule("same_phone")
    outlet = network.outlet()
    behind = made.behind_one_phone(outlet)
    made.dossier(outlet)

    assert compute_signals(at=NIGHT) == 1

    signal = BrokerSignal.objects.get()
    assert (signal.found, signal.baseline, signal.threshold) == (6, 1.0, 5.0)
    assert set(signal.dossiers) == {each.id for each in behind}
    assert (signal.version, signal.until_day - signal.from_day) == ("t-1", timedelta(days=90))
    assert (signal.case.state, signal.case.province_code, signal.case.outlet_id) == ("opened", "46", outlet.id)
    assert b"912000111" not in bytes(signal.subject_index), "the number itself is nowhere"


def test_the_same_night_again_changes_nothing():
    made.case()

    assert compute_signals(at=NIGHT) == 0
    assert BrokerCase.objects.get().steps.count() == 1


def test_more_evidence_joins_the_open_case():
    outlet = network.outlet()
    case = made.case(outlet)
    made.dossier(outlet, of=made.citizen("Ngô", "+84912000111"))

    assert compute_signals(at=NIGHT) == 0

    assert BrokerSignal.objects.get().found == 7
    assert list(case.steps.order_by("id").values_list("step", "reason")) == [("open", ""), ("evidence", "1")]


def test_what_was_judged_opens_another_case_only_with_a_signal_s_worth_of_new_evidence():
    outlet = network.outlet()
    case = made.case(outlet)
    BrokerCase.objects.filter(id=case.id).update(state="unfounded", closed_at=NIGHT)
    made.behind_one_phone(outlet, people=4)
    assert compute_signals(at=NIGHT) == 0

    made.dossier(outlet, of=made.citizen("Ngô", "+84912000111"))

    assert compute_signals(at=NIGHT) == 1
    assert BrokerCase.objects.filter(state="opened").count() == 1


def test_a_family_on_one_phone_is_no_signal():
    made.rule("same_phone")
    outlet = network.outlet()
    for _ in range(6):
        made.dossier(outlet, of=made.citizen("Tôn", "+84912000222"))

    assert compute_signals(at=NIGHT) == 0


def test_the_outlets_own_number_is_no_signal():
    made.rule("same_phone")
    made.behind_one_phone(network.outlet(phone="0912 000 111"))

    assert compute_signals(at=NIGHT) == 0


def test_where_numbers_are_shared_by_custom_one_more_is_no_signal():
    """The baseline is the outlet's own: three times what is usual there, not five people wherever it is."""
    made.rule("same_phone")
    outlet = network.outlet()
    for village in range(4):
        made.behind_one_phone(outlet, people=5, phone=f"+8491200033{village}")

    assert compute_signals(at=NIGHT) == 0


def test_one_address_for_unrelated_owners_but_not_for_those_who_live_there():
    made.rule("same_address")
    outlet = network.outlet()
    for number in range(5):
        made.dossier(outlet, of=made.citizen(made.FAMILIES[number]), delivery_street="Quán nước  cổng chợ".strip())
        made.dossier(outlet, of=made.citizen(made.FAMILIES[number], street="Chung cư A"), delivery_street="Chung cư A")

    compute_signals(at=NIGHT)

    assert [signal.found for signal in BrokerSignal.objects.all()] == [5]


def test_one_clerk_and_one_applicant_on_many_days():
    made.rule("pair", least=4)
    outlet = network.outlet()
    clerk, middleman = network.clerk(outlet), made.citizen()
    for day in range(4):
        made.dossier(outlet, clerk=clerk, of=middleman, at=MONDAY - timedelta(days=7 * day))
        made.dossier(outlet, clerk=clerk)
    for _ in range(9):  # nine dossiers of one visit are one day
        made.dossier(outlet, clerk=clerk, of=made.citizen("Lê", full_name="Lê Nhiều Hồ Sơ"))

    compute_signals(at=NIGHT)

    signal = BrokerSignal.objects.get()
    assert (signal.rule, signal.found, signal.clerk_id) == ("pair", 4, clerk.id)


def test_filing_without_a_present_citizen_is_compared_with_other_outlets():
    made.rule("absent", least=3, seconds=40, days=30)
    busy, other = network.outlet(), network.outlet()
    clerk, colleague = network.clerk(busy), network.clerk(other)
    for at_outlet, who, before in [(busy, clerk, 10)] * 4 + [(busy, clerk, 600)] * 2 + [(other, colleague, 600)] * 6:
        person = made.citizen()
        made.dossier(at_outlet, clerk=who, of=person, session=made.session(
            person, at_outlet, who, before=timedelta(seconds=before)))

    compute_signals(at=NIGHT)

    signal = BrokerSignal.objects.get()
    assert (signal.rule, signal.clerk_id, signal.found, signal.baseline) == ("absent", clerk.id, 4, 0.0)


def test_a_mandate_stands_for_an_absent_citizen():
    made.rule("absent", least=1, seconds=40)
    outlet = network.outlet()
    clerk, person = network.clerk(outlet), made.citizen()
    session = made.session(person, outlet, clerk, before=timedelta(minutes=9), is_present=False)
    made.dossier(outlet, clerk=clerk, of=person, session=session)
    mandate = Mandate.objects.create(citizen=person, session=session, kind="written", valid_from=date(2026, 1, 12),
                                     recorded_by="x", recorded_at=MONDAY)
    assert compute_signals(at=NIGHT) == 0

    mandate.withdrawn_at = NIGHT
    mandate.save()

    assert compute_signals(at=NIGHT) == 1


def test_a_busy_outlet_that_does_as_all_others_do_is_no_signal():
    made.rule("after_hours", least=3, seconds=1800)
    late = local("2026-01-12 19:00")
    quiet, busy = network.outlet(), network.outlet()
    for outlet, times in ((quiet, 1), (busy, 10)):
        network.opening_hours(outlet)
        for _ in range(times):
            made.dossier(outlet, at=late)
            made.dossier(outlet)

    assert compute_signals(at=NIGHT) == 0


def test_filing_outside_opening_hours_knows_grace_closed_and_extra_days():
    made.rule("after_hours", least=1, seconds=1800)
    outlet = network.outlet()
    network.opening_hours(outlet)
    clerk = network.clerk(outlet)
    made.dossier(outlet, clerk=clerk, at=local("2026-01-12 17:20"))  # within half an hour of closing
    made.dossier(outlet, clerk=clerk, at=local("2026-01-10 10:00"))  # a Saturday on which it opened out of turn
    SiteDay.objects.create(outlet=outlet, date=date(2026, 1, 10), kind="extra_day", reason="x", legal_basis="x",
                           set_at=MONDAY, set_by_name="x")
    assert compute_signals(at=NIGHT) == 0

    made.dossier(outlet, clerk=clerk, at=local("2026-01-09 10:00"))  # a Friday on which it was closed
    SiteDay.objects.create(outlet=outlet, date=date(2026, 1, 9), kind="closed", reason="x", legal_basis="x",
                           set_at=MONDAY, set_by_name="x")
    made.dossier(outlet, clerk=clerk, at=local("2026-01-12 18:00"))
    compute_signals(at=NIGHT)

    assert BrokerSignal.objects.get().found == 2


def test_money_asked_beyond_the_receipt():
    made.rule("money", least=2)
    outlet = network.outlet()
    for _ in range(2):
        MoneyReport.objects.create(dossier=made.dossier(outlet), province_code="46", asked_at="outlet",
                                   reported_at=MONDAY)
    MoneyReport.objects.create(dossier=made.dossier(network.outlet()), province_code="46", asked_at="elsewhere",
                               reported_at=MONDAY)

    compute_signals(at=NIGHT)

    assert [(each.rule, each.found, each.outlet_id) for each in BrokerSignal.objects.all()] == [("money", 2, outlet.id)]


def test_one_person_who_files_for_many_families_and_communes_without_her_number_being_kept():
    made.rule("submitter", least=3)
    outlet = network.outlet()
    clerk, index = network.clerk(outlet), blind_index("046192100001", bound_to="mandate.representative_id")
    for number in range(3):
        commune = places.commune(places.PHU_XUAN if number else places.PHONG_DINH)
        person = made.citizen(made.FAMILIES[number], commune=commune)
        session = made.session(person, outlet, clerk, before=timedelta(minutes=9), is_present=False)
        made.dossier(outlet, clerk=clerk, of=person, session=session)
        Mandate.objects.create(citizen=person, session=session, kind="written", valid_from=date(2026, 1, 12),
                               representative_id_index=index, recorded_by="x", recorded_at=MONDAY)

    compute_signals(at=NIGHT)

    signal = BrokerSignal.objects.get()
    assert (signal.rule, signal.found) == ("submitter", 3)
    assert bytes(signal.subject_index) != index, "indexed anew, so that tables cannot be joined by it"


def test_supplements_settled_through_one_clerk_only():
    made.rule("one_clerk", least=3, percent_of_usual=200)
    outlet = network.outlet()
    clerk, others = network.clerk(outlet), [network.clerk(outlet) for _ in range(3)]
    for colleague in others:
        filed = made.dossier(outlet, clerk=colleague)
        made.dossier(outlet, clerk=clerk)
        DossierStep.objects.create(dossier=filed, machine="handling", action="answer_supplement", from_state="5",
                                   to_state="4", at=MONDAY, actor_kind="person", actor_id=str(clerk.id), actor_name="x")

    compute_signals(at=NIGHT)

    signal = BrokerSignal.objects.get()
    assert (signal.found, signal.clerk_id, signal.baseline) == (3, clerk.id, 0.75)


def test_given_up_with_one_clerk_and_filed_again_through_another():
    made.rule("refiled", least=2, seconds=14 * 86_400)
    outlet = network.outlet()
    first, second = network.clerk(outlet), network.clerk(outlet)
    for _ in range(2):
        person = made.citizen()
        made.dossier(outlet, clerk=first, of=person, at=MONDAY - timedelta(days=3), handling=3)
        made.dossier(outlet, clerk=second, of=person)
    again = made.citizen()  # her own clerk files anew: nothing strange
    made.dossier(outlet, clerk=first, of=again, at=MONDAY - timedelta(days=3), handling=3)
    made.dossier(outlet, clerk=first, of=again)

    compute_signals(at=NIGHT)

    assert [(each.clerk_id, each.found) for each in BrokerSignal.objects.all()] == [(second.id, 2)]


def test_only_the_version_of_a_rule_that_is_in_force_is_run():
    made.rule("same_phone", version="old", valid_to=date(2026, 1, 1))
    made.rule("same_phone", version="new", valid_from=date(2026, 1, 1), least=7)
    made.behind_one_phone(network.outlet())

    assert compute_signals(at=NIGHT) == 0
    assert [rule.version for rule in rules_on(date(2025, 12, 31))] == ["old"]


def test_a_night_costs_a_few_statements_however_many_dossiers(django_assert_max_num_queries):
    made.rule("same_phone")
    for _ in range(3):
        made.behind_one_phone(network.outlet())

    with django_assert_max_num_queries(30):
        compute_signals(at=NIGHT)


def test_a_signal_says_what_is_counted_what_is_usual_and_from_when_on():
    words = explain(rule="same_phone", version="2026-1", found=6, baseline=1.25, threshold=5, days=90)

    assert "6" in words.sentence.vi
    assert "1,2" in words.sentence.vi
    assert "2026-1" in words.sentence.en


# --- a signal blocks nobody and counts in nobody's score -------------------------------------------------------------


def test_nothing_that_takes_a_dossier_or_measures_quality_knows_of_signals():
    """Walks the imports: whoever may import the package is named here, and none of them decides on a dossier."""
    graph = grimp.build_graph("config", "intake", "delivery", "billing", "agents", "shared")
    package = {"intake.brokers"} | graph.find_descendants("intake.brokers")
    direct = {importer for module in package for importer in graph.find_modules_that_directly_import(module)} - package
    allowed = {"intake.models", "intake.urls", "intake.api", "intake.tasks", "intake.apps",
               "config.drawing.dossiers", "config.reference_data.brokers", "config.demo.brokers"}
    assert {name for name in direct if ".migrations." not in name} <= allowed

    tables = ("intake.brokers.signals", "intake.brokers.cases", "intake.brokers.queries", "intake.brokers.calls")
    for deciding in ("intake.operations", "intake.rules", "intake.queries", "intake.satisfaction", "intake.admission",
                     "delivery", "billing", "agents"):
        for table in tables:
            assert graph.find_shortest_chain(deciding, table, as_packages=True) is None, (deciding, table)


def test_no_other_statement_reads_the_tables_of_signals(settings):
    words = ("brokersignal", "brokercase", "BrokerSignal", "BrokerCase")
    named = {path.relative_to(settings.BASE_DIR).as_posix()
             for app in ("intake", "delivery", "billing", "agents", "shared")
             for path in (settings.BASE_DIR / app).rglob("*.py")
             if any(word in path.read_text(encoding="utf-8") for word in words)}
    own = {name for name in named if name.startswith("intake/brokers/")}
    assert {name for name in named - own if "/migrations/" not in name} == {"intake/models/__init__.py"}


def test_a_citizen_under_a_founded_suspicion_is_served_and_her_outlet_rated_as_ever():
    counter = dossiers.counter()
    before = results(network.acting(network.outlet_manager(counter.outlet)), since=MONDAY - timedelta(days=90))
    made.rule("same_phone")
    made.behind_one_phone(counter.outlet, phone=counter.citizen.phone)
    compute_signals(at=NIGHT)
    BrokerCase.objects.update(state="founded", proposed_by="a", confirmed_by="b", closed_at=NIGHT)

    filed = counter.submit()

    assert Dossier.objects.get(id=filed.id).submitted_at is not None
    assert results(network.acting(network.outlet_manager(counter.outlet)), since=MONDAY - timedelta(days=90)) == before


def test_the_rules_and_hotlines_of_the_reference_data_are_in_order(settings):
    from config.reference_data import brokers

    folder = settings.BASE_DIR / "reference_data"
    brokers.read_rules(folder)()
    brokers.read_hotlines(folder)()

    assert {rule.code for rule in BrokerRule.objects.all()} == set(STATEMENTS)
