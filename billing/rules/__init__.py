"""Pure rules of money: rates by date, the arithmetic of a trip, the legs of a posting. Import the submodule."""
