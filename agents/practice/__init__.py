"""Practice: the real screens with made-up people, in a house of its own from which only signed results come back."""
