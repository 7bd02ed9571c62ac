"""Three kinds of wrong: a refusal, a finding, and a bug.

A refusal is raised: somebody asked for what the rules forbid, and is told what, why and how to mend it.
A finding is returned: one fault among the many lines of a batch, which goes on.
A bug is an assertion, and a crash.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from contributions.core.words import spoken


class Refused(Exception):
    """A request that the rules forbid. Subclasses stand beside the rule and carry both sentences.

    `ja` and `en` are format strings over `facts`; a fact may itself be a `Text`.
    """

    code = "refused"
    ja = "この操作はできません。"
    en = "This cannot be done."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str | None) -> str:
        """The sentence for a person who reads that language."""
        return _sentence(self.ja, self.en, self.facts, language)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a batch: where it stands, what it is, and how to mend it."""

    line: int | None
    field: str
    code: str
    ja: str
    en: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def text(self, language: str | None) -> str:
        """The sentence for a person who reads that language."""
        return _sentence(self.ja, self.en, self.facts, language)


def _sentence(ja: str, en: str, facts: Mapping[str, object], language: str | None) -> str:
    template = ja if (language or "").lower().startswith("ja") else en
    return template.format(**{name: spoken(value, language) for name, value in facts.items()})
