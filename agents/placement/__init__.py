"""Where outlets should stand: demand, candidate sites, and the best n of them."""
