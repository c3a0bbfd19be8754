"""Delivery's screens. Import the submodule you mean."""
