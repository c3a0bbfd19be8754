"""What was promised of a trip, what is to be expected of it now, and whether the promise was kept."""
