"""The handbook: question, answer, legal source, validity; written by one person, approved by another."""
