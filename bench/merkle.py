"""The log's tree: appending with stored subtrees, and the root in one pass, beside the bare SHA-256 calls."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from bench import peers
from bench.case import Case
from contributions.core import merkle

PROOFS = 1_000


def hashes_only(leaves: list[bytes]) -> None:
    """One SHA-256 a leaf and one an inner node: no tree over these leaves can do with less."""
    for leaf in leaves:
        hashlib.sha256(b"\x00" + leaf).digest()
    pair = b"\x01" + bytes(64)
    for _ in range(len(leaves) - 1):
        hashlib.sha256(pair).digest()


def append_all(leaves: list[bytes]) -> bytes:
    """As the journal does it for a batch: every complete subtree kept, so that proofs read O(log n) of them."""
    rows = merkle.grown_rows(0, [merkle.leaf_hash(leaf) for leaf in leaves], lambda *place: b"")
    return merkle.root_from(len(leaves), lambda level, index: rows[level][2][index])


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162's own recursive definition."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def cases(size: int = 100_000) -> Iterator[Case]:
    leaves = [f'{{"v":1,"id":"{number:032x}"}}'.encode() for number in range(size)]
    yield Case(
        f"root of {size:,} entries in one pass",
        ours=lambda: merkle.root(map(merkle.leaf_hash, leaves)),
        others={
            "RFC 9162's definition, recursive": lambda: naive_root(leaves),
            "limit: SHA-256 only": lambda: hashes_only(leaves),
        },
    )
    yield Case(
        f"append {size:,} entries, all subtrees kept",
        ours=lambda: append_all(leaves),
        others={"limit: SHA-256 only": lambda: hashes_only(leaves), **peers.appending(leaves)},
        goals={"limit: SHA-256 only": 2.0},
    )
    yield from proof_cases(leaves)


def proof_cases(leaves: list[bytes]) -> Iterator[Case]:
    """P11: making and checking inclusion proofs from stored nodes, beside pymerkle where it is installed."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    nodes = {(level, index): value for level, index, value in merkle.grow(0, hashes, lambda *place: b"")}
    size, root = len(leaves), merkle.root(hashes)
    draw = random.Random(11)
    asked = [draw.randrange(size) for _ in range(PROOFS)]

    def ours() -> int:
        held = 0
        for index in asked:
            proof = merkle.inclusion_proof(index, size, lambda level, at: nodes[level, at])
            held += merkle.verify_inclusion(hashes[index], index, size, proof, root)
        return held

    yield Case(
        f"{PROOFS:,} inclusion proofs over {size:,} entries, made and checked",
        ours=ours,
        others=peers.proving(leaves, asked) or {"limit: as many hashes": lambda: hashes_only(leaves[: PROOFS * 17])},
    )
