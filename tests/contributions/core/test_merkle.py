"""The tree against published vectors, a naive recursive reference, and mutated proofs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core import merkle

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "merkle.json").read_text())
LEAVES = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
NODES = {name: bytes.fromhex(value) for name, value in VECTORS["nodes"].items()}


def naive_root(leaves):
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def naive_path(m, leaves):
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m, leaves, known):
    """RFC 9162, 2.1.4.1."""
    if m == len(leaves):
        return [] if known else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], known), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def store_of(leaves):
    stored = {}
    for size, leaf in enumerate(leaves):
        asked = []

        def node(level, index, asked=asked):
            asked.append((level, index))
            return stored[level, index]

        made = merkle.new_nodes(size, leaf, node)
        assert set(asked) <= set(merkle.frontier(size))
        for level, index, value in made:
            assert (level, index) not in stored
            stored[level, index] = value
    return stored


def reader(stored, allowed):
    def node(level, index):
        assert (level, index) in allowed
        return stored[level, index]

    return node


def some_leaves(count):
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size):
    expected = bytes.fromhex(VECTORS["roots"][size])
    assert merkle.root(LEAVES[:size]) == expected
    assert merkle.root_from(size, lambda level, index: store_of(LEAVES)[level, index]) == expected


def test_stored_nodes_are_the_published_ones():
    stored = store_of(LEAVES)
    for index in range(8):
        assert stored[0, index] == NODES[f"L{index}"]
    assert [stored[1, i] for i in range(4)] == [NODES[n] for n in ("N01", "N23", "N45", "N67")]
    assert [stored[2, i] for i in range(2)] == [NODES["N03"], NODES["N47"]]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=str)
def test_inclusion_proofs_are_the_published_ones(case):
    stored, index, size = store_of(LEAVES), case["index"], case["size"]
    proof = merkle.inclusion_proof(index, size, reader(stored, merkle.inclusion_nodes(index, size)))
    assert proof == [NODES[name] for name in case["proof"]]
    assert merkle.verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(VECTORS["roots"][size]))


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=str)
def test_consistency_proofs_are_the_published_ones(case):
    stored, old, size = store_of(LEAVES), case["old"], case["size"]
    proof = merkle.consistency_proof(old, size, reader(stored, merkle.consistency_nodes(old, size)))
    assert proof == [NODES[name] for name in case["proof"]]
    roots = [bytes.fromhex(root) for root in VECTORS["roots"]]
    assert merkle.verify_consistency(old, size, proof, roots[old], roots[size])


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_proof_equals_the_recursive_definition_and_verifies(size):
    leaves = some_leaves(size)
    stored, root = store_of(leaves), naive_root(leaves)
    assert merkle.root(leaves) == root == merkle.root_from(size, reader(stored, merkle.frontier(size)))
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, reader(stored, merkle.inclusion_nodes(index, size)))
        assert proof == naive_path(index, leaves)
        assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, reader(stored, merkle.consistency_nodes(old, size)))
        assert proof == naive_subproof(old, leaves, True)
        assert merkle.verify_consistency(old, size, proof, naive_root(leaves[:old]), root)


@given(st.data())
def test_a_changed_inclusion_proof_never_verifies(data):
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    stored, root = store_of(leaves), merkle.root(leaves)
    proof = merkle.inclusion_proof(index, size, lambda level, i: stored[level, i])
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof[:place], flipped, *proof[place + 1 :]], root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [proof[0][:-1], *proof[1:]], root)
    assert not merkle.verify_inclusion(leaves[index], index, 0, proof, root)
    assert not merkle.verify_inclusion(leaves[index], -1, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    assert not merkle.verify_inclusion(leaves[other], index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)


@given(st.data())
def test_a_changed_consistency_proof_never_verifies(data):
    size = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, size - 1))
    leaves = some_leaves(size)
    stored, root, old_root = store_of(leaves), merkle.root(leaves), merkle.root(leaves[:old])
    proof = merkle.consistency_proof(old, size, lambda level, i: stored[level, i])
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    changed = [*proof[:place], flipped, *proof[place + 1 :]]
    assert not merkle.verify_consistency(old, size, changed, old_root, root)
    assert not merkle.verify_consistency(old, size, proof[:-1], old_root, root)
    assert not merkle.verify_consistency(old, size, [*proof, root], old_root, root)
    assert not merkle.verify_consistency(old, size, proof, root, root)
    assert not merkle.verify_consistency(old, size, proof, old_root, old_root)
    assert not merkle.verify_consistency(size + 1, size, proof, old_root, root)


def test_an_empty_old_tree_proves_nothing_and_is_refused():
    with pytest.raises(merkle.OutsideTheTree):
        merkle.consistency_proof(0, 8, lambda level, index: b"")
    assert not merkle.verify_consistency(0, 8, [], merkle.EMPTY_ROOT, merkle.root(LEAVES))


def test_equal_sizes_need_equal_roots_and_no_proof():
    root = merkle.root(LEAVES)
    assert merkle.verify_consistency(8, 8, [], root, root)
    assert not merkle.verify_consistency(8, 8, [root], root, root)
    assert not merkle.verify_consistency(8, 8, [], LEAVES[0], root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_no_inclusion_proof_outside_the_tree(index, size):
    with pytest.raises(merkle.OutsideTheTree):
        merkle.inclusion_nodes(index, size)


@settings(deadline=None)
@given(st.integers(0, 70), st.integers(0, 70))
def test_growing_by_a_batch_makes_what_one_after_another_makes(size, count):
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size + count)]
    held: dict[tuple[int, int], bytes] = {}
    for number, leaf in enumerate(leaves):
        for level, index, value in merkle.new_nodes(number, leaf, lambda *place: held[place]):
            held[level, index] = value
    read = []

    def node(level, index):
        read.append((level, index))
        return held[level, index]

    made = {(level, index): value for level, index, value in merkle.grow(size, leaves[size:], node)}
    assert made == {place: value for place, value in held.items() if (place[1] + 1) << place[0] > size}
    assert read == merkle.grown_from(size, count) and set(read) <= set(merkle.frontier(size))


@settings(deadline=None)
@given(st.integers(1, 40), st.data())
def test_the_root_after_a_change_is_that_of_the_changed_leaves(size, data):
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    changes = data.draw(st.dictionaries(st.integers(0, size - 1), st.binary(min_size=32, max_size=32), min_size=1))
    rows = merkle.rows_of(leaves)
    assert rows[-1] == [merkle.root(leaves)]
    assert merkle.root_after(rows, changes) == merkle.root(
        changes.get(place, leaf) for place, leaf in enumerate(leaves)
    )
