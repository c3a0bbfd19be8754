"""What changes the books. Import the submodule."""
