"""The dossier's part of the public page comes from the app that owns dossiers, which registers itself here."""

from delivery.records import StoryProvider

_provider: list[StoryProvider] = []


def register_story(provider: StoryProvider) -> None:
    """Ask `provider` for the stories of dossiers from now on; there is one, and the last one registered is it."""
    _provider[:] = [provider]


def story_provider() -> StoryProvider | None:
    return _provider[0] if _provider else None
