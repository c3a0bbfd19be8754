"""The programme's pages. Import the submodule you mean."""
