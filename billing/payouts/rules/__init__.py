"""Payouts: pure rules."""
