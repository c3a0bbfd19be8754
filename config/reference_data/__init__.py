"""Reference data: the versioned files of `reference_data/`, checked and loaded. One module per kind."""
