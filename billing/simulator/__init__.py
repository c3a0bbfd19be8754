"""A card service that does not exist: Stripe's interface, as far as we use it, over real HTTP, for demo and tests.

Nothing here imports Django: it stands for somebody else's house. Nobody's money moves.
"""
