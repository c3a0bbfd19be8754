"""Parcels that are looked for: opened by age or by report, owned, with a day for the answer, and always concluded."""
