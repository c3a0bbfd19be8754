"""What keeps engines of our own from running."""


class EngineError(RuntimeError):
    """An engine cannot run here; the text says why and what to do."""
