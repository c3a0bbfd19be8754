"""How well each outlet serves, by one public formula; new outlets looked after; good work named."""
