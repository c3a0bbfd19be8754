"""Who works when at an outlet, and which opening hours nobody covers."""
