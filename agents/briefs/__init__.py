"""The brief that a city's operations room gives twice a day: made from data, released by a person."""
