"""Taking a single line back, and charging its event anew, by two people.

A rule, a dispute or a known error puts lines right by itself. What none of them reaches, a finance reviewer asks for
and a finance approver allows; both names and the reason stay beside the line.
"""
