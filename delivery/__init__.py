"""Parcels, from booking to proof of delivery."""
