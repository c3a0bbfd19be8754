"""Billing's papers as PDF. Import the submodule."""
