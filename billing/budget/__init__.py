"""A city's budget lines: what is spent, when it will be used up, and what happens then. Import the submodule."""
