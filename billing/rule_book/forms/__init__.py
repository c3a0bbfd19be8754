"""The forms in which a rule is drafted."""
