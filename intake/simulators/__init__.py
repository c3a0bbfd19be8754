"""Gateways for messages and a national portal that do not exist, over real HTTP, for the demo and the tests.

Nothing here imports Django: it stands for somebody else's house.
"""
