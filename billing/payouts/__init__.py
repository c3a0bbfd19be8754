"""What the city pays out of a released statement: to whom, how, and what became of it. Import the submodule."""
