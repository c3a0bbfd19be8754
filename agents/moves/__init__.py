"""An outlet moves: asked for, decided by somebody else, told in time, and carried out on its day."""
