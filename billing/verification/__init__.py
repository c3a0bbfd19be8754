"""Proving the books from outside: code of its own, which shares nothing with the code that posts and seals.

It reads the rows by its own SQL, writes what each row says by its own hand, works every amount out again from the kept
events and the dated rules, and follows both chains to the checkpoints that were signed outside the database. A test
keeps it from importing anything of billing's rules, operations, queries, chain or settlement. Import the submodule.
"""
