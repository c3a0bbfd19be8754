"""All that a counter needs, in one version: named by its content, packed, told apart, or only what changed."""

import gzip
import json

import pytest
from django.test import Client

from intake.models.counter import ReferenceBundle
from intake.models.procedures import Procedure
from intake.operations.reference_bundles import refresh_bundle
from intake.rules.precheck.catalogue import RULES
from tests.factories import catalogue, network
from tests.intake.counter_cases import Counter
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    return Counter(client)


def address(counter) -> str:
    return f"/api/v1/outlets/{counter.outlet.id}/reference-bundle"


def refresh(counter) -> ReferenceBundle:
    return refresh_bundle(outlet_id=counter.outlet.id, at=MONDAY_MORNING)


def test_it_holds_what_the_counter_works_with_and_no_citizen(counter):
    citizen = counter.acts_for()

    answer = counter.client.get(address(counter))
    parts = answer.json()["parts"]

    assert set(parts["procedures"]["set"]) >= {catalogue.EXTRACT}
    assert parts["procedures"]["set"][catalogue.EXTRACT]["documents"][0]["code"] == "to_khai"
    assert set(parts["checks"]["set"]) == {"version", *(rule.code for rule in RULES)}
    assert parts["consents"]["set"]["deliver_home"]["vi"].startswith("Chuyển họ tên")
    assert any(key.startswith("tariff:") for key in parts["rates"]["set"])
    assert any(key.startswith("reduction:") for key in parts["rates"]["set"])
    assert parts["outlet"]["set"]["self"]["code"] == counter.outlet.code
    assert list(parts["communes"]["set"])
    assert citizen.full_name not in answer.content.decode()


def test_the_same_content_is_the_same_version_and_is_not_sent_again(counter):
    first = counter.client.get(address(counter))

    again = counter.client.get(address(counter), headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"] == f'"{first.json()["etag"]}"'
    assert refresh(counter).id == refresh(counter).id
    assert ReferenceBundle.objects.count() <= 2


def test_it_is_packed_for_whoever_can_unpack(counter):
    plain = counter.client.get(address(counter))
    packed = counter.client.get(address(counter), headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert packed["Vary"].startswith("Accept-Encoding")


def test_only_what_changed_is_sent_to_whoever_has_a_version(counter):
    catalogue.procedure(catalogue.BIRTH)
    before = refresh(counter)
    Procedure.objects.filter(code=catalogue.EXTRACT).update(note_vi="Mới")
    Procedure.objects.filter(code=catalogue.BIRTH).update(valid_to=MONDAY_MORNING.date())
    after = refresh(counter)

    changes = counter.client.get(address(counter), {"since": before.etag}).json()

    assert before.etag != after.etag
    assert changes["since"] == before.etag
    assert changes["etag"] == after.etag
    assert set(changes["parts"]) == {"procedures"}
    assert list(changes["parts"]["procedures"]["set"]) == [catalogue.EXTRACT]
    assert changes["parts"]["procedures"]["gone"] == [catalogue.BIRTH]


def test_applying_the_changes_gives_the_whole(counter):
    before = json.loads(gzip.decompress(refresh(counter).body_gzip))["parts"]
    catalogue.procedure(catalogue.MARRIAGE)
    etag = ReferenceBundle.objects.get().etag
    refresh(counter)
    whole = counter.client.get(address(counter)).json()["parts"]
    changes = counter.client.get(address(counter), {"since": etag}).json()["parts"]

    for name, part in changes.items():
        items = before[name]["set"]
        items.update(part["set"])
        for key in part["gone"]:
            del items[key]

    assert {name: part["set"] for name, part in before.items()} == {name: part["set"] for name, part in whole.items()}


def test_a_version_nobody_knows_any_more_gets_the_whole_bundle(counter):
    answer = counter.client.get(address(counter), {"since": "f" * 64}).json()

    assert answer["since"] == ""
    assert "communes" in answer["parts"]


def test_another_outlets_bundle_is_not_for_this_counter(counter):
    other = network.outlet()

    assert counter.client.get(f"/api/v1/outlets/{other.id}/reference-bundle").status_code in {403, 404}


def test_a_known_version_costs_the_same_few_questions(counter, django_assert_max_num_queries):
    etag = refresh(counter).etag

    with django_assert_max_num_queries(7):
        counter.client.get(address(counter), headers={"If-None-Match": f'"{etag}"'})
