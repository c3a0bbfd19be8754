"""An outlet or operator says that a line is wrong: number, clock, evidence of both sides, an independent decision."""
