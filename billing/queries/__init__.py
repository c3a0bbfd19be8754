"""What is read of money. Import the submodule."""
