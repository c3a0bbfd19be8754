"""Payments: pure rules."""
