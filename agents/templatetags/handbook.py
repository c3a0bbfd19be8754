"""`{% handbook_link "take.place" %}`: a small link to the entry that explains a field; nothing where none does."""

from typing import Any

from django import template

from agents.handbook.links import entry_for

register = template.Library()


@register.inclusion_tag("agents/handbook/link.html", takes_context=True)
def handbook_link(context: Any, field_key: str, *, in_words: bool = False) -> dict[str, object]:
    """The link for the reader of this page; asks the cache, never the database."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    return {"entry_id": entry_for(field_key, actor) if actor is not None else None, "in_words": in_words}
