"""What changes the state of parcels. Import the submodule you mean."""
