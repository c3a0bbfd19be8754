"""The transactional outbox: `publishing` writes, `relay` delivers. Import the submodule you mean."""
