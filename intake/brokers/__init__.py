"""Brokers ("cò"): signals with their evidence, cases for people, call-backs, nameless reports, hotlines.

A signal opens a case for a person. It never keeps a citizen waiting and never counts in anybody's score: nothing that
takes a dossier or measures quality may import this package, and a test walks the imports.
"""
