"""Faults of ours that touch money: which lines, since when, who was told when. The system suspects itself first."""
