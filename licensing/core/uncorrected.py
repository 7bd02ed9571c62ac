"""The log as if one member had corrected nothing: what its corrections took out stands, what they put in does not.

A correction is an entry that names the one it corrects. Taking it away is not enough: where a batch or a contribution
was replaced, the replacement would count beside what it replaced. So its statements go too, and whatever was decided of
it afterwards (attested, accepted, refused, recovered) is read as decided of what it replaced: the first figures, with
the approval that the corrected ones found. Answers to a dispute are decisions of the secretariat, and stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
RESTATED = "stake.restated"
# Kinds that correct, each with the fact that names what it takes out and the one that names what replaces that.
KINDS = {
    "compute.reversed": ("batch", "replaced_by"),
    "resource.superseded": ("resource", "replacement"),
    "resource.withdrawn": ("resource", ""),
    "resource.reversed": ("resource", ""),
    RESTATED: ("member", ""),
}
FIRST = frozenset({"compute.metered", "resource.recorded"})  # what puts a replacement in


@dataclass(frozen=True, slots=True)
class Correction:
    """What one member corrected, and when: all entries of a batch are one correction."""

    member: str
    kind: str
    what: str
    by: str
    seq: int

    @property
    def key(self) -> str:
        """Under this it is chosen: member, kind and what was corrected."""
        return f"{self.member}/{self.kind}/{self.what}"


def corrections(statements: Iterable[tuple[int, Document]]) -> list[Correction]:
    """Every correction in these statements, each given with its number in the log; by member, then in order."""
    found: dict[tuple[str, str, str], Correction] = {}
    for seq, said in statements:
        if _corrects(said):
            replacement = KINDS[said["kind"]][1]
            by = str(said["facts"].get(replacement) or "")
            found.setdefault(_name(said), Correction(*_name(said), by, seq))
    return sorted(found.values(), key=lambda one: (one.member, one.seq))


def without(statements: Iterable[Document], left_out: Iterable[Correction]) -> Iterator[Document]:
    """The statements, as if these corrections had not been made.

    Worked example: B-2 replaced B-1 and was attested → B-1 is attested, and B-2 is not there.
    """
    gone = {(one.member, one.kind, one.what) for one in left_out}
    stands = _standing(left_out)
    for said in statements:
        if _corrects(said) and _name(said) in gone:
            continue
        field = "resource" if said["kind"].startswith("resource.") else "batch"
        first = stands.get((field, str(said["facts"].get(field) or "")))
        if first is None:
            yield said
        elif said["kind"] not in FIRST:
            yield {**said, "facts": {**said["facts"], field: first}}


def _standing(left_out: Iterable[Correction]) -> dict[tuple[str, str], str]:
    """Replacement → what stands in its place: the first of a chain."""
    before = {(KINDS[one.kind][0], one.by): one.what for one in left_out if one.by}

    def first(field: str, code: str) -> str:
        while (field, code) in before:
            code = before[field, code]
        return code

    return {key: first(*key) for key in before}


def _corrects(said: Document) -> bool:
    return bool(said["kind"] in KINDS and said.get("corrects") and said.get("member"))


def _name(said: Document) -> tuple[str, str, str]:
    """Whose correction it is, its kind, and what it takes out: a stake by the day that the wrong record named."""
    facts = said["facts"]
    what = facts["restates"]["from"] if said["kind"] == RESTATED else facts[KINDS[said["kind"]][0]]
    return said["member"], said["kind"], str(what)
