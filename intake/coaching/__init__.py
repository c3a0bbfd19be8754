"""Coaching: an outlet teaches a citizen to file alone, and counts, as far as our data can know, who later does."""
