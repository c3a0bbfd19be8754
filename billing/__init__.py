"""Tariffs, subsidies, compensation norms, the ledger and statements."""
