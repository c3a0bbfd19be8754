"""One computer at a counter, several people: locking the screen, letting the next one on in a session of her own."""
