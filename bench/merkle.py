"""The log's tree: appending with stored subtrees, and the root in one pass, beside the bare SHA-256 calls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bench.case import Case
from contributions.core import merkle

COUNT = 100_000


def hashes_only(leaves: list[bytes]) -> None:
    """One SHA-256 a leaf and one an inner node: no tree over these leaves can do with less."""
    for leaf in leaves:
        hashlib.sha256(b"\x00" + leaf).digest()
    pair = b"\x01" + bytes(64)
    for _ in range(len(leaves) - 1):
        hashlib.sha256(pair).digest()


def append_all(leaves: list[bytes]) -> bytes:
    """As the journal does it: every complete subtree kept, so that proofs read O(log n) of them."""
    nodes: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    for size, leaf in enumerate(leaves):
        for level, index, value in merkle.new_nodes(size, merkle.leaf_hash(leaf), node):
            nodes[level, index] = value
    return merkle.root_from(len(leaves), node)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162's own recursive definition."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def cases() -> Iterator[Case]:
    leaves = [f'{{"v":1,"id":"{number:032x}"}}'.encode() for number in range(COUNT)]
    yield Case(
        f"root of {COUNT:,} entries in one pass",
        ours=lambda: merkle.root(map(merkle.leaf_hash, leaves)),
        others={
            "RFC 9162's definition, recursive": lambda: naive_root(leaves),
            "limit: SHA-256 only": lambda: hashes_only(leaves),
        },
    )
    yield Case(
        f"append {COUNT:,} entries, all subtrees kept",
        ours=lambda: append_all(leaves),
        others={"limit: SHA-256 only": lambda: hashes_only(leaves)},
    )
