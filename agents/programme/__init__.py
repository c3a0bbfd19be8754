"""A city's programme: its phases with their gates, and the operators that take part under an agreement."""
