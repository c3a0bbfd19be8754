"""Screens of the last step. Import the submodule you mean."""
