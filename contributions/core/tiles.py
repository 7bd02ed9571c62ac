"""Tiles: the tree as files that never change, so that an ordinary transparency-log client can follow the log.

Format: C2SP tlog-tiles. A tile is up to 256 consecutive hashes of one level of the tree, level L of tiles standing for
level 8·L of nodes; an entry bundle holds the leaves behind a tile of level 0, each behind its length in two bytes.
A client needs a checkpoint and a handful of tiles for any proof, and trusts none of them before it has recomputed
the signed root.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contributions.core import merkle
from contributions.core.errors import Refused

WIDTH = 256
HEIGHT = 8
LEVEL_MAX = 63
TILE_MEDIA = "application/octet-stream"
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?\Z"
)


class NoSuchTile(Refused):
    code = "no-such-tile"
    ja = "そのタイルはありません：{path}。"
    en = "There is no such tile: {path}."


@dataclass(frozen=True, slots=True)
class Tile:
    """Which hashes, or which entries where `level` is None; `width` counts them, 256 for a full tile."""

    level: int | None
    index: int
    width: int = WIDTH

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read the path of a tile; refuses any spelling but its own."""
        match = _PATH.match(path)
        if match is None:
            raise NoSuchTile(path=path[:80])
        level = None if match["level"] == "entries" else int(match["level"])
        index = int(match["index"].replace("x", "").replace("/", ""))
        found = cls(level, index, int(match["width"] or WIDTH))
        if found.path != path or found.width > WIDTH or (level or 0) > LEVEL_MAX:
            raise NoSuchTile(path=path[:80])
        return found

    @property
    def path(self) -> str:
        """The path below the log's prefix.

        >>> Tile(0, 1234067).path, Tile(1, 0, 17).path
        ('tile/0/x001/x234/067', 'tile/1/000.p/17')
        """
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
        spelt = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{spelt}" + ("" if self.is_full else f".p/{self.width}")

    @property
    def is_full(self) -> bool:
        """Whether the tile can never grow."""
        return self.width == WIDTH

    @property
    def node_level(self) -> int:
        """The level of the tree whose nodes it holds."""
        return HEIGHT * (self.level or 0)

    @property
    def start(self) -> int:
        """The index of its first node, or of its first entry."""
        return self.index * WIDTH

    def is_in(self, size: int) -> bool:
        """Whether a tree of that size has every hash of the tile."""
        return (self.start + self.width) << self.node_level <= size


def check_in(tile: Tile, size: int) -> Tile:
    """The tile, if a tree of that size has it."""
    if not tile.is_in(size):
        raise NoSuchTile(path=tile.path)
    return tile


def entry_bundle(leaves: Iterable[bytes]) -> bytes:
    """Leaves as an entry bundle: each behind its length in two bytes, big-endian."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def holding(level: int, index: int, size: int) -> Tile:
    """The tile, of a tree of that size, whose hashes a node is made from."""
    tile_level = level // HEIGHT
    first = index << (level - HEIGHT * tile_level)
    place = first // WIDTH
    return Tile(tile_level, place, min(WIDTH, (size >> (HEIGHT * tile_level)) - place * WIDTH))


def reader(fetch: Callable[[Tile], bytes], size: int) -> merkle.NodeAt:
    """Nodes of a tree of that size out of tiles, each tile fetched once. What comes out is as true as the tiles are."""
    held: dict[Tile, bytes] = {}

    def node(level: int, index: int) -> bytes:
        tile = holding(level, index, size)
        if tile not in held:
            held[tile] = fetch(tile)
            if len(held[tile]) != tile.width * merkle.HASH_SIZE:
                raise NoSuchTile(path=tile.path)
        below = level - tile.node_level
        first = (index << below) - tile.start
        hashes = [held[tile][32 * place : 32 * (place + 1)] for place in range(first, first + (1 << below))]
        return merkle.root(hashes)

    return node
