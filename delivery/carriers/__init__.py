"""The carriers we speak with, each behind one adapter. Import the submodule you mean."""
