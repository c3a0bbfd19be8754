"""What changes something in the last step. Import the submodule you mean."""
