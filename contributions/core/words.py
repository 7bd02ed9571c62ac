"""Texts we author, in both languages at once, and the order of names.

Core code knows no gettext: whoever shows a text to a person chooses the language, at a door.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in Japanese and English.

    >>> Text("会員", "member").of("ja-JP")
    '会員'
    """

    ja: str
    en: str

    def of(self, language: str | None) -> str:
        """The text in that language; English for everything that is not Japanese."""
        return self.ja if (language or "").lower().startswith("ja") else self.en

    def alone(self, language: str | None) -> str:
        """The text as it stands by itself, in a cell, a list or a choice: with a capital, where there are capitals.

        >>> Text("資金", "cash").alone("en"), Text("資金", "cash").alone("ja")
        ('Cash', '資金')
        """
        found = self.of(language)
        return found[:1].upper() + found[1:]


def spoken(value: object, language: str | None) -> object:
    """A fact as it reads inside a sentence of that language."""
    return value.of(language) if isinstance(value, Text) else value
