"""Money from citizens at the counter: cash in a shift, bank transfer by VietQR. Asked, come, open."""
