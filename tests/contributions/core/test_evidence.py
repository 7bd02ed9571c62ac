"""Files of evidence: their names are safe to show, and neither empty nor endless ones come in."""

from __future__ import annotations

import pytest

from contributions.core import evidence


@pytest.mark.parametrize(
    ("name", "shown"),
    [("意見書.pdf", "意見書.pdf"), ("../../etc/passwd", "etcpasswd"), ("a\x00b\n.txt", "ab.txt"), ("...", "evidence")],
)
def test_a_name_is_shown_without_what_could_lead_elsewhere(name: str, shown: str) -> None:
    assert evidence.check(name, b"x").name == shown


def test_an_empty_file_and_an_endless_one_are_refused_by_name() -> None:
    with pytest.raises(evidence.EvidenceEmpty, match=r"x\.pdf"):
        evidence.check("x.pdf", b"")
    with pytest.raises(evidence.EvidenceTooLong, match=r"x\.pdf"):
        evidence.check("x.pdf", b"0" * (evidence.BYTES_MAX + 1))
