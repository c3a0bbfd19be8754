"""What of the money waits for a person: everything open in one list, oldest duty first."""
