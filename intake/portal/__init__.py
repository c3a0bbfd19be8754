"""The national portal is told of each dossier's progress, in order and once, by an adapter; off without settings."""
