"""Unusual load: how many come to each place in each hour, against what is usual for it."""
