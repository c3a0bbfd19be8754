"""What changes the network. Import the submodule you mean."""
