"""All checks, in the order in which they are told."""

import hashlib
import json
from typing import Final

from intake.rules.precheck import filing, papers, people
from intake.rules.precheck.check import Finding, Rule, as_rule_data, findings_of
from intake.rules.precheck.facts import Facts

RULES: Final[tuple[Rule, ...]] = (*filing.RULES, *papers.RULES, *people.RULES)

VERSION: Final = hashlib.sha256(json.dumps(as_rule_data(RULES), sort_keys=True).encode()).hexdigest()[:16]
"""Changes with any rule: kept beside what was found, so that it can be told which rules said so."""


def check(facts: Facts) -> tuple[Finding, ...]:
    """Everything that is wrong, stops first."""
    return findings_of(facts, RULES)


def checks_for(reason: str) -> tuple[str, ...]:
    """Codes of the checks that could have spared one of the centre's reasons."""
    return tuple(rule.code for rule in RULES if reason in rule.prevents)
