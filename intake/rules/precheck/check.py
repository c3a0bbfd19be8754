"""Running the rules: what is wrong with a filing, most serious first, each with what to do about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from intake.rules.precheck.facts import Facts, as_data
from intake.rules.precheck.language import Condition, Scope, fill, holds
from intake.rules.wording import Words


class Severity(StrEnum):
    STOP = "stop"
    """It cannot be sent like this: the centre would have to send it back."""
    WARN = "warn"
    """It can be sent, and the clerk should know."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. `each`: "papers" when it looks at every paper in turn. `words` may hold {facts}."""

    code: str
    severity: Severity
    when: Condition
    words: Words
    advice: Words
    pointer: str = ""
    """The entry it is about, as the API names it: "/channel", "/documents", "/delivery/phone"."""
    each: str = ""
    prevents: tuple[str, ...] = ()
    """The centre's reasons that this check spares."""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`component` is the paper it is about, empty otherwise."""

    code: str
    severity: Severity
    words: Words
    advice: Words
    pointer: str
    component: str = ""
    legal_basis: str = ""

    @property
    def is_stop(self) -> bool:
        return self.severity == Severity.STOP


def findings_of(facts: Facts, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Every finding of every rule, stops before warnings, in the rules' order."""
    scope = as_data(facts)
    found = [finding for rule in rules for finding in _of_rule(rule, scope)]
    return tuple(sorted(found, key=lambda finding: not finding.is_stop))


def _of_rule(rule: Rule, facts: Scope) -> Iterator[Finding]:
    for scope in _scopes(rule, facts):
        if holds(rule.when, scope):
            component = scope["paper"]["code"] if "paper" in scope else ""
            yield Finding(rule.code, rule.severity, _filled(rule.words, scope), _filled(rule.advice, scope),
                          rule.pointer, component, rule.legal_basis)


def _scopes(rule: Rule, facts: Scope) -> Iterable[Scope]:
    if not rule.each:
        return [facts]
    return [{**facts, "paper": paper} for paper in facts[rule.each]]


def _filled(words: Words, scope: Scope) -> Words:
    return Words(fill(words.vi, scope), fill(words.en, scope))


def as_rule_data(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules as the reference bundle carries them."""
    return [{
        "code": rule.code, "severity": rule.severity.value, "when": rule.when, "each": rule.each,
        "words": {"vi": rule.words.vi, "en": rule.words.en}, "advice": {"vi": rule.advice.vi, "en": rule.advice.en},
        "pointer": rule.pointer, "legal_basis": rule.legal_basis} for rule in rules]
