// The check before sending, by the rules that the server runs too: nested lists, told in intake/rules/precheck/language.py.
// WardpostPrecheck.check(facts, rules) → [{code, severity, pointer, component, words, advice, legal_basis}], stops first.
"use strict";
(() => {
  const factOf = (scope, path) => path.split(".").reduce(
    (value, name) => (value !== null && typeof value === "object" && !Array.isArray(value) ? value[name] ?? null : null), scope);

  const isSet = (value) => (Array.isArray(value) ? value.length > 0 : value !== null && typeof value === "object" ? Object.keys(value).length > 0 : Boolean(value));

  const listOf = (value) => (Array.isArray(value) ? value : []);

  // Whole months later, or the last day of that month; days are ISO text, compared as text.
  const addMonths = (day, months) => {
    const [year, month, date] = day.split("-").map(Number);
    const count = year * 12 + month - 1 + months;
    const toYear = Math.floor(count / 12);
    const toMonth = count - toYear * 12;
    const last = new Date(Date.UTC(toYear, toMonth + 1, 0)).getUTCDate();
    const two = (number) => String(number).padStart(2, "0");
    return `${String(toYear).padStart(4, "0")}-${two(toMonth + 1)}-${two(Math.min(date, last))}`;
  };

  const WORDS = {
    all: (scope, ...each) => each.every((one) => holds(one, scope)),
    any: (scope, ...each) => each.some((one) => holds(one, scope)),
    not: (scope, one) => !holds(one, scope),
    is: (scope, path, value) => factOf(scope, path) === value,
    in: (scope, path, values) => values.includes(factOf(scope, path)),
    has: (scope, path, value) => listOf(factOf(scope, path)).includes(value),
    same: (scope, one, other) => factOf(scope, one) === factOf(scope, other),
    set: (scope, path) => isSet(factOf(scope, path)),
    outlived: (scope, day, months, on) => {
      const [begun, term, today] = [factOf(scope, day), factOf(scope, months), factOf(scope, on)];
      return Boolean(begun) && term !== null && Boolean(today) && addMonths(begun, term) < today;
    },
  };

  const holds = ([word, ...rest], scope) => {
    if (!Object.hasOwn(WORDS, word)) throw new Error(`The rules have no word ${word}.`);
    return WORDS[word](scope, ...rest);
  };

  const told = (value) => (Array.isArray(value) ? value.map(told).join(", ") : value === null ? "" : String(value));

  const fill = (template, scope) => template.replace(/\{([a-z_.]+)\}/g, (_hole, path) => told(factOf(scope, path)));

  const filled = (words, scope) => ({ vi: fill(words.vi, scope), en: fill(words.en, scope) });

  const findings = (rule, facts) => {
    const scopes = rule.each ? listOf(facts[rule.each]).map((paper) => ({ ...facts, paper })) : [facts];
    return scopes.filter((scope) => holds(rule.when, scope)).map((scope) => ({
      code: rule.code, severity: rule.severity, pointer: rule.pointer, component: scope.paper?.code ?? "",
      words: filled(rule.words, scope), advice: filled(rule.advice, scope), legal_basis: rule.legal_basis,
    }));
  };

  const check = (facts, rules) => {
    const found = rules.flatMap((rule) => findings(rule, facts));
    return [...found.filter((one) => one.severity === "stop"), ...found.filter((one) => one.severity !== "stop")];
  };

  window.WardpostPrecheck = Object.freeze({ check, addMonths });
})();
