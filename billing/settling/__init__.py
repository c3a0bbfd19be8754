"""A month's way to the city's money: figures, signatures, minutes, payment. Import the submodule."""
