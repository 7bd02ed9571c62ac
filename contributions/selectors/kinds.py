"""The kinds of entry that this installation writes: this wing's, and those that the other wing admits at start-up."""

from __future__ import annotations

from collections.abc import Mapping

from contributions.core.kinds import KINDS, Kind
from contributions.core.words import Text

known: dict[str, Kind] = dict(KINDS)


def admit(table: Mapping[str, Kind]) -> None:
    """Let the journal write these kinds too."""
    known.update(table)


def label(name: str) -> Text:
    """How a line of history names the kind; its bare name for one that a newer version wrote."""
    return known[name].label if name in known else Text(name, name)
