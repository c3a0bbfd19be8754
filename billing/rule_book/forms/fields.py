"""The fields of which a draft's entries are made."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from shared.confidence import Confidence


class TextEntry(forms.CharField):
    def __init__(self, label: Any, *, help_text: Any = "", longest: int = 300, needed: bool = False,
                 **attrs: Any) -> None:
        super().__init__(label=label, required=needed, max_length=longest, help_text=help_text,
                         widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))


def figure(label: Any, **options: Any) -> TextEntry:
    return TextEntry(label, longest=20, inputmode="numeric", **options)


def day(label: Any, help_text: Any = "", *, needed: bool = True) -> TextEntry:
    return TextEntry(label, help_text=help_text, longest=10, needed=needed, type="date")


def choice(label: Any, words: Mapping[Any, Any], *, needed: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=needed, choices=[(str(key), word) for key, word in words.items()])


def choices_of(label: Any, words: Mapping[str, Any], *, needed: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=needed, choices=list(words.items()),
                                     widget=forms.CheckboxSelectMultiple)


CONFIDENCES: Final = {Confidence.VERIFIED: Confidence.VERIFIED.label, Confidence.KNOWN: Confidence.KNOWN.label,
                      Confidence.ASSUMED: Confidence.ASSUMED.label}
