"""Thousands of delivered parcels at once: the same lines as one by one, made by a few statements."""
