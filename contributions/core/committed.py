"""Rows behind one root: each is canonical, with a salt of its own, so that one opens alone and tells nothing of others.

The root over the rows' leaf hashes (RFC 9162) stands in a statement of the log. A row is opened with its place and its
path to that root; of a row that is not opened the commitment can be shown in its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from contributions.core import canonical, merkle

Row = Mapping[str, Any]


def row_hash(row: Row) -> bytes:
    """The RFC 9162 leaf hash of a canonical row: its commitment."""
    return merkle.leaf_hash(canonical.dumps(dict(row)))


def rows_root(committed: list[dict[str, Any]]) -> str:
    """The RFC 9162 root over the rows, in hex: what the statement holds."""
    return merkle.root([row_hash(row) for row in committed]).hex()


def commitments(committed: list[dict[str, Any]]) -> dict[str, str]:
    """Row name → its commitment in hex."""
    return {row["row"]: row_hash(row).hex() for row in committed}


def openings(committed: list[dict[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    """The named rows, each with its place and its path to the root that was stated: each opens alone."""
    return [{"row": row, **place} for row, place in _placed(committed) if row["row"] in names]


def sealed(committed: list[dict[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    """The commitments of the named rows, each with its place and its path to the root: checkable, and not opened."""
    return [
        {"name": row["row"], "commitment": row_hash(row).hex(), **place}
        for row, place in _placed(committed)
        if row["row"] in names
    ]


def _placed(committed: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    hashes = [row_hash(row) for row in committed]
    levels = merkle.rows_of(hashes)
    for place, row in enumerate(committed):
        path = merkle.inclusion_proof(place, len(hashes), lambda level, index: levels[level][index])
        yield row, {"index": place, "size": len(hashes), "path": [one.hex() for one in path]}


def leads_to(root: str, hash_: bytes, place: Mapping[str, Any]) -> bool:
    """Whether a row's hash, at the place that `openings` or `sealed` gives, leads to the root; False if ill-formed."""
    try:
        path = [bytes.fromhex(one) for one in place["path"]]
        return merkle.verify_inclusion(hash_, place["index"], place["size"], path, bytes.fromhex(root))
    except (KeyError, TypeError, ValueError):
        return False
