"""One module for each carrier, each with an `ADAPTER`; a module that lies here is found by itself."""
