"""Sub-points of an outlet, and the dated visits that its staff pay there."""
