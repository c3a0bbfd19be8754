"""How often the post keeps its word: kept counts by week, operator, outlet and commune, and their pictures."""
