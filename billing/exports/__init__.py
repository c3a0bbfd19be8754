"""A month as a file. Import the submodule."""
