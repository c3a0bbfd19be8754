"""What the city pays out of a released statement: to whom, by which way, and what became of it. Import the submodule."""
