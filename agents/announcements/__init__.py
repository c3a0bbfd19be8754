"""Announcements: told to roles and places from a moment until another, read with proof."""
