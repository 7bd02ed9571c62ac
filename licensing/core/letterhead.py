"""What all printed documents share: parties, labelled facts, and the marks of a specimen."""

from __future__ import annotations

from dataclasses import dataclass

from contributions.core.words import Text

ILLUSTRATIVE = Text("見本・架空", "Specimen, fictitious")
TEST_SIGNATURE = Text("試験用署名・法的効力なし", "Test signature, no legal effect")
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Party:
    """A party as documents name it; `registration` is the T-number of the qualified invoice system."""

    name: Text
    address: Text = NOTHING
    registration: str = ""
    signatory: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it."""

    label: Text
    value: Text
    code: bool = False  # a digest or key, set in fixed-width figures


def marks(demo: bool, test_signature: bool = False) -> str:
    """The line that stands on every page of a specimen.

    >>> marks(True)
    '見本・架空'
    """
    parts = [TEST_SIGNATURE.ja] * test_signature + [ILLUSTRATIVE.ja] * demo
    return "　".join(parts)
