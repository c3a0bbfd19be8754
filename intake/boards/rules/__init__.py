"""What is counted and what it is called, the formulas of the national index, and what a boundary must be."""
