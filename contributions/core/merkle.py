"""The tree over all entries: RFC 9162, section 2.1.

A leaf is hashed as SHA-256(0x00 ‖ bytes), a node as SHA-256(0x01 ‖ left ‖ right); a tree of n leaves splits at the
largest power of two below n; the empty tree is SHA-256 of nothing.

Storage keeps *complete* subtrees only: node (level, index) covers the leaves [index·2^level, (index+1)·2^level); level
0 holds the leaf hashes. They never change once written; each append writes two on average. Roots and proofs of any
size up to the present one are folded from them. `frontier`, `inclusion_nodes` and `consistency_nodes` name beforehand
what a computation will read, so that a database fetches it at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from contributions.core.errors import Refused

Node = tuple[int, int]
NodeAt = Callable[[int, int], bytes]
Range = tuple[int, int]

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_SIZE = 32


class OutsideTheTree(Refused):
    code = "outside-the-tree"
    ja = "記録 {position} は、{size} 件の台帳の範囲にありません。"
    en = "Position {position} lies outside a log of {size} entries."


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order, in one pass and with O(log n) memory.

    >>> root([]) == EMPTY_ROOT
    True
    """
    peaks: list[bytes] = []
    for position, current in enumerate(leaf_hashes):
        while position & 1:
            current = node_hash(peaks.pop(), current)
            position >>= 1
        peaks.append(current)
    return _fold(peaks)


def rows_of(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """The tree row by row from the leaves up; the last of an odd row goes up as it is. The last row is the root."""
    rows = [list(leaf_hashes)]
    while len(rows[-1]) > 1:
        below = rows[-1]
        row = [node_hash(left, right) for left, right in zip(below[::2], below[1::2], strict=False)]
        rows.append(row + below[len(row) * 2 :])
    return rows


def root_after(rows: Sequence[Sequence[bytes]], changes: Mapping[int, bytes]) -> bytes:
    """The root if some leaf hashes were others: O(changes · log n) hashes over the tree of `rows_of`."""
    changed = dict(changes)
    for row in rows[:-1]:
        above: dict[int, bytes] = {}
        for parent in {index >> 1 for index in changed}:
            left, right = 2 * parent, 2 * parent + 1
            first = changed.get(left, row[left])
            above[parent] = node_hash(first, changed.get(right, row[right])) if right < len(row) else first
        changed = above
    return changed[0]


def frontier(size: int) -> list[Node]:
    """The complete subtrees that a tree of that size is made of, left to right: all that an append or a root reads.

    >>> frontier(6)
    [(2, 0), (1, 2)]
    """
    return _pieces((0, size))


def new_nodes(size: int, leaf: bytes, node: NodeAt) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that come to be when leaf number `size` (from 0) is appended, its own hash first.

    `node` is asked for subtrees of `frontier(size)` only.
    """
    made = [(0, size, leaf)]
    level, index, current = 0, size, leaf
    while index & 1:
        current = node_hash(node(level, index - 1), current)
        level, index = level + 1, index >> 1
        made.append((level, index, current))
    return made


def grown_from(size: int, count: int) -> list[Node]:
    """The stored nodes that `grow` will read when `count` leaves follow `size` others: fewer than `frontier(size)`.

    >>> grown_from(6, 1), grown_from(7, 1)
    ([], [(0, 6), (1, 2), (2, 0)])
    """
    wanted, level, start = [], 0, size
    while count:
        if start & 1:
            wanted.append((level, start - 1))
            start, count = start - 1, count + 1
        level, start, count = level + 1, start >> 1, count >> 1
    return wanted


def grow(size: int, leaves: Sequence[bytes], node: NodeAt) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that come to be when these leaf hashes follow `size` others, level by level.

    The same nodes as `new_nodes` for each leaf in turn, made without asking for one of them twice. `node` is asked for
    those of `grown_from(size, len(leaves))`.
    """
    rows = grown_rows(size, leaves, node)
    return [(level, index, value) for level, start, row in rows for index, value in enumerate(row, start)]


def grown_rows(size: int, leaves: Sequence[bytes], node: NodeAt) -> list[tuple[int, int, list[bytes]]]:
    """The same as rows: level, index of the first node, and the hashes from there on."""
    made: list[tuple[int, int, list[bytes]]] = []
    level, start, row = 0, size, list(leaves)
    sha256 = hashlib.sha256
    while row:
        made.append((level, start, row))
        if start & 1:
            row = [node(level, start - 1), *row]
            start -= 1
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]
        level, start = level + 1, start >> 1
    return made


def root_from(size: int, node: NodeAt) -> bytes:
    """The root of the first `size` leaves, from stored nodes (`frontier(size)`)."""
    return _hash_of((0, size), node)


def inclusion_nodes(index: int, size: int) -> list[Node]:
    """The stored nodes that `inclusion_proof` will read."""
    return [piece for span in inclusion_ranges(index, size) for piece in _pieces(span)]


def inclusion_proof(index: int, size: int, node: NodeAt) -> list[bytes]:
    """PATH(index, first `size` leaves), from the leaf upwards: at most ⌈log₂ size⌉ hashes. RFC 9162, 2.1.3.1."""
    return [_hash_of(span, node) for span in inclusion_ranges(index, size)]


def consistency_nodes(old: int, size: int) -> list[Node]:
    """The stored nodes that `consistency_proof` will read."""
    return [piece for span in _consistency_ranges(old, size) for piece in _pieces(span)]


def consistency_proof(old: int, size: int, node: NodeAt) -> list[bytes]:
    """PROOF(old, first `size` leaves): that the older tree is a beginning of the newer one. RFC 9162, 2.1.4.1.

    Empty for old = size. An empty old tree is refused: it is a beginning of everything and would prove nothing.
    """
    return [_hash_of(span, node) for span in _consistency_ranges(old, size)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash at `index` to the root of `size` leaves. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or any(len(part) != HASH_SIZE for part in proof):
        return False
    position, last, current = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(part, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, part)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the proof shows the old tree to be a beginning of the new one; never for old = 0. RFC 9162, 2.1.4.2."""
    if not 0 < old <= size or any(len(part) != HASH_SIZE for part in proof):
        return False
    if old == size:
        return not proof and old_root == root
    parts = list(proof)
    if old & (old - 1) == 0:
        parts.insert(0, old_root)
    if not parts:
        return False
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_side = new_side = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_side, new_side = node_hash(part, old_side), node_hash(part, new_side)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_side = node_hash(new_side, part)
        position, last = position >> 1, last >> 1
    return last == 0 and old_side == old_root and new_side == root


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << ((count - 1).bit_length() - 1)


def _pieces(span: Range) -> list[Node]:
    """A span that a tree of RFC 9162 can contain, cut into complete subtrees, left to right."""
    start, end = span
    found: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _fold(peaks: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees of falling size, joined from the right."""
    if not peaks:
        return EMPTY_ROOT
    current = peaks[-1]
    for left in reversed(peaks[:-1]):
        current = node_hash(left, current)
    return current


def _hash_of(span: Range, node: NodeAt) -> bytes:
    return _fold([node(level, index) for level, index in _pieces(span)])


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The entries, from the first up to not including the last, that each hash of an inclusion proof stands for."""
    if not 0 <= index < size:
        raise OutsideTheTree(position=index, size=size)
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def _consistency_ranges(old: int, size: int) -> list[Range]:
    if not 0 < old <= size:
        raise OutsideTheTree(position=old, size=size)
    start, end, spans = 0, size, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, end))
    return spans[::-1]
