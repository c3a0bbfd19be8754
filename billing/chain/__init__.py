"""Sealing the books: commitments, the chain, the daily checkpoint, the outlet's daily statement. Import the submodule.

Nothing here stands in the way of posting: lines are sealed by a worker within a minute, in batches, and how many are
not sealed yet is always said.
"""
