"""The rule book: drafts of dated rules, who approves them, and how they come into force. Import the submodule."""
