"""What delivery prints. Import the submodule you mean."""
