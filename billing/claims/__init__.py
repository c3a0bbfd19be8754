"""Operators' claim files: read, confirmed, compared three ways, decided. Import the submodule."""
