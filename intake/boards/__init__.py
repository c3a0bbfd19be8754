"""Boards: what stands where as of any moment, and what came and went until then."""
