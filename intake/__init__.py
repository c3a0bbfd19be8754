"""A citizen's dossier, from the outlet's counter to the centre's result."""
