"""The pages of the network. Import the submodule you mean."""
