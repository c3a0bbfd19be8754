"""Operators, outlets, centres, staff accounts and machine tokens."""
