"""Named duties of a manager in a colleague's hands, from one day to another."""
