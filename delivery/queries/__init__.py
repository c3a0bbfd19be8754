"""What is read of parcels. Import the submodule you mean."""
