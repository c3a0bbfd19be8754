"""The last step: who may receive what, how it is proved, what is tried again, and what a citizen may change."""
