"""Which carrier takes how many of a city's results home: shifted away from a slow one, if a person says so."""
