"""Import the submodule you mean."""
