"""What finance has decided in the rule book stands: a file never takes an approved draft back.

The files are the seed. A version that an approved draft ended keeps that end, whatever its row in the file says.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from billing.models.rates import BookedRule
from config.reference_data.problems import Problem, ReferenceDataRefused


def decided_ends(model: type[BookedRule], rows: Sequence[dict[str, Any]], key: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with the ends that drafts decided.

    Raises:
        ReferenceDataRefused: a row would add a version where a draft's rule is in force.
    """
    objects = model._default_manager
    ends = {found[:-1]: found[-1] for found in objects.filter(ended_by__isnull=False).values_list(*key, "valid_to")}
    kept = [{**row, "valid_to": ends[_key(row, key)]} if _key(row, key) in ends else dict(row) for row in rows]
    known = set(objects.values_list(*key))
    others = [name for name in key if name != "valid_from"]
    drafted: list[Any] = list(objects.filter(draft__isnull=False))
    problems = [_problem(model, row, rule) for row in kept if _key(row, key) not in known for rule in drafted
                if all(row[name] == getattr(rule, name) for name in others)
                and (row["valid_to"] is None or row["valid_to"] > rule.valid_from)]
    if problems:
        raise ReferenceDataRefused(problems)
    return kept


def _key(row: dict[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in key)


def _problem(model: type[BookedRule], row: dict[str, Any], rule: BookedRule) -> Problem:
    return Problem(model._meta.db_table, None, _(
        "%(code)s would hold where %(rule)s was approved in the rule book. Write a draft there instead, or end the row "
        "before it begins.") % {"code": row.get("code", ""), "rule": rule.code})
