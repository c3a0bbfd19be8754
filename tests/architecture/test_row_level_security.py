"""The second wall: with every filter of the code taken away, PostgreSQL still shows only what the actor may see."""

import pytest
from django.db import connection

from agents.models.organisations import Outlet
from delivery.models.parcels import Parcel
from shared import scope
from shared.actors import Actor, ActorKind
from tests.factories import network, parcels, places

pytestmark = pytest.mark.django_db

WALLED = {"billing_charge", "billing_outletday", "billing_statement", "delivery_parcel", "intake_accounthelp",
          "intake_document",
          "intake_dossier", "intake_eventbundle", "intake_inquiry", "intake_inquirymessage", "intake_phonelink",
          "intake_manifest", "intake_original", "intake_outletrange", "intake_receipt", "intake_referral",
          "intake_taking"}
WALLED |= {"delivery_searchcase", "delivery_indemnity"}
WALLED |= {"intake_inquiry", "intake_inquirymessage", "intake_notice", "intake_portallane", "intake_satisfaction",
           "intake_moneyreport"}
WALLED |= {"delivery_address", "delivery_cutoff", "delivery_dispatch"}
WALLED |= {"billing_dispute", "billing_disputeline", "billing_disputeentry", "billing_disputefile",
           "billing_evidencecheck",
           "billing_statementanswer", "billing_redress", "billing_affectedline", "billing_errornotice"}
WALLED |= {"billing_budgetline", "billing_ruledraft", "billing_scenario"}
WALLED |= {"delivery_deliveryround", "delivery_dooract", "delivery_deliverychange", "delivery_pickup"}
WALLED |= {"billing_claim", "billing_claimfile", "billing_claimfault", "billing_claimline", "billing_claimdecision",
           "billing_callback", "billing_statementsignature", "billing_statementpayment", "billing_statementexport",
           "billing_withheld"}

WALLED |= {"billing_supportaccess", "billing_supportlook"}
WALLED |= {"billing_cashshift", "billing_collection", "billing_bankline"}
WALLED |= {"billing_payeeaccount", "billing_payout", "billing_payoutbatch", "billing_payoutorder",
           "billing_payoutbankline", "billing_payoutbankfile", "billing_shiftpaper"}
WALLED |= {"billing_cardpayment", "billing_cardrefund", "billing_cardmovement", "billing_carddispute",
           "billing_payoutreversal",
           "billing_takeback"}
WALLED |= {"agents_accreditation", "agents_outletmove"}
WALLED |= {"intake_boardstay", "intake_boardcell", "intake_boardtotal", "intake_indexday"}
WALLED |= {"intake_coachingsession"}
WALLED |= {"agents_programmeoperator", "agents_operatoragreement", "agents_delegatedtask", "agents_conformancecheck",
           "agents_programmestep", "agents_phasedecision"}
WALLED |= {"agents_scoremonth", "agents_scoreappeal", "agents_launchwatch", "agents_commendation", "intake_complaint"}
WALLED |= {"intake_brokercase", "intake_brokersignal", "intake_brokerreport", "intake_brokerstep", "intake_brokerdraw",
           "intake_brokercall"}
WALLED |= {"agents_demandset", "agents_communedemand", "agents_siteset", "agents_candidatesite",
           "agents_placementscenario"}
WALLED |= {"agents_dutydelegation"}
WALLED |= {"agents_rostershift", "agents_rosterabsence", "agents_rosterswap"}
WALLED |= {"agents_incident", "agents_incidentplace", "agents_outage", "agents_placebeat", "agents_placeload"}


@pytest.fixture(autouse=True)
def _leave_the_scope():
    yield
    scope.leave()


def test_every_walled_table_binds_its_owner_too():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == WALLED


def test_every_table_with_an_outlet_of_its_own_is_walled_or_says_why_not():
    # Citizens are found by exact number across outlets; sessions and accounts hold no citizen's paper. An outlet whose
    # own parcel numbers are used up takes those of its operator.
    open_on_purpose = {"delivery_promisecount", "delivery_numberpool", "intake_actingsession", "intake_citizen",
                       "agents_staffaccount", "agents_apitoken", "agents_openinghours", "agents_siteday",
                       "intake_referencebundle", "agents_invitation"}
    # A step is reached through its dossier, which is walled; its outlet is there for boards to count.
    open_on_purpose |= {"intake_dossierstep"}
    # The public calendar shows all sub-points.
    open_on_purpose |= {"agents_subpoint"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
                       " AND column_name IN ('outlet_id', 'registered_at_outlet_id')")
        assert {name for (name,) in cursor.fetchall()} <= WALLED | open_on_purpose


def test_an_outlet_sees_its_own_parcels_and_no_others_without_any_filter():
    mine, theirs = _parcel_of(network.outlet()), _parcel_of(network.outlet(places.PHU_XUAN))

    scope.enter(_clerk(mine.outlet_id))

    assert list(Parcel.objects.values_list("id", flat=True)) == [mine.id]
    assert not Parcel.objects.filter(id=theirs.id).update(weight_grams=5)


def test_a_connection_without_an_actor_sees_nothing():
    _parcel_of(network.outlet())

    scope.enter(None)

    assert not Parcel.objects.exists()


def test_what_is_opened_for_a_moment_is_closed_again():
    _parcel_of(network.outlet())
    scope.enter(None)

    with scope.everything():
        assert Parcel.objects.count() == 1

    assert not Parcel.objects.exists()


def test_a_province_sees_all_its_outlets():
    _parcel_of(network.outlet())
    _parcel_of(network.outlet(places.PHU_XUAN))

    scope.enter(Actor(ActorKind.PERSON, "1", role="auditor", province_code=places.HUE))

    assert Parcel.objects.count() == 2


def _parcel_of(outlet: Outlet) -> Parcel:
    parcels.number_pool()
    return parcels.parcel(outlet=outlet)


def _clerk(outlet_id) -> Actor:
    return Actor(ActorKind.PERSON, "1", role="outlet_clerk", outlet_id=outlet_id)
