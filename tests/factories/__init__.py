"""First states for tests: real places and procedures, invented people. Later states are reached through operations."""
