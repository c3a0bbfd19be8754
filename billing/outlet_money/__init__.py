"""An outlet's own view of its money: all that the city sees of it, as soon as the city does."""
