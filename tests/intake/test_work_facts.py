"""What billing is told of a dossier for norms that pay by more than the task."""

import pytest

from intake.queries.evidence import evidence_of
from intake.rules.complexity import complexity
from tests.intake.centre_cases import filed


@pytest.mark.parametrize(("unit", "amount", "expected"), [
    ("same_day", 0, "simple"), ("hour", 4, "simple"), ("working_day", 1, "simple"), ("working_day", 10, "standard"),
    ("day", 11, "complex"), ("working_day", 30, "complex")])
def test_a_procedure_ranks_by_its_term(unit, amount, expected):
    assert complexity({"online": {"unit": unit, "amount": amount}}, "online") == expected


def test_an_unknown_term_ranks_nothing():
    assert complexity({}, "online") == ""


@pytest.mark.django_db
def test_the_facts_of_an_unresolved_dossier_do_not_say_whether_it_was_right():
    dossier = filed()
    facts = evidence_of([dossier.id])[0].facts

    assert facts["procedure_group"] == dossier.procedure.field
    assert facts["outlet_commune"] == dossier.outlet.commune_id
    assert "first_time_right" not in facts
    assert not {"name", "phone", "national_id"} & set(facts)
