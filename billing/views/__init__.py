"""Finance's pages. Import the submodule."""
