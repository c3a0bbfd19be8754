"""What changes dispatch lists: one function, one transaction, one thing that happened."""
