"""What a buyer would compare us with, where it is installed; without it, its rows are left out.

pymerkle for the tree: `make bench PEERS=1` installs bench/requirements.txt. django-hordak runs on PostgreSQL only and
needs a project of its own; its figures beside the same limit are in docs/operations.md.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable


def has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def appending(leaves: list[bytes]) -> dict[str, Callable[[], object]]:
    """pymerkle in memory: append every leaf, then the root."""
    if not has("pymerkle"):
        return {}
    from pymerkle import InmemoryTree

    def append_all() -> bytes:
        tree = InmemoryTree(algorithm="sha256")
        for leaf in leaves:
            tree.append_entry(leaf)
        return tree.get_state()

    return {"pymerkle, in memory": append_all}


def proving(leaves: list[bytes], asked: list[int]) -> dict[str, Callable[[], object]]:
    """pymerkle in memory: inclusion proofs made and checked; its indexes count from 1."""
    if not has("pymerkle"):
        return {}
    from pymerkle import InmemoryTree, verify_inclusion

    tree = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append_entry(leaf)
    root = tree.get_state()

    def prove_all() -> int:
        for index in asked:
            verify_inclusion(tree.get_leaf(index + 1), root, tree.prove_inclusion(index + 1))
        return len(asked)

    return {"pymerkle, in memory": prove_all}
