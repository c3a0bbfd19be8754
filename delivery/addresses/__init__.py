"""Where things are delivered: addresses as people say them, found on the ground, checked with the citizen."""
