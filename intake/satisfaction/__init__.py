"""What a citizen says after the result, once, and whether somebody asked for money beside the receipt."""
