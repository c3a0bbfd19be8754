"""Paying by card, giving back, and paying out: everything that is said to Stripe, and what it tells."""
