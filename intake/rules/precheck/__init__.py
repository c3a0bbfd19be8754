"""The check before sending: facts of a filing in, findings out; the same rules run here and in the browser.

A rule is data (`language.py`), so that the reference bundle carries it to the counter's browser. To add one:

1. A fact that the check does not know yet: a field with a default in `facts.py`, filled in `queries/precheck.py`.
2. The rule in the module of its topic: `filing.py` (channel, place, money), `papers.py` (papers, scans, signatures),
   `people.py` (mandates, consents, presence). `catalogue.py` lists the modules.
3. `prevents` names the centre's reasons (`intake.rules.reasons`) that the rule could have spared: our fault, then.
"""
