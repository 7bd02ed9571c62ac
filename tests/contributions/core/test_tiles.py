"""Tiles: the published paths, and that every proof can be made out of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.core import merkle, tiles
from contributions.core.tiles import NoSuchTile, Tile

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "cosignatures.json").read_text(encoding="utf-8"))
LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]


def hashes(tile):
    width = 1 << tile.node_level
    return b"".join(merkle.root(LEAVES[at * width : (at + 1) * width]) for at in _places(tile))


def _places(tile):
    return range(tile.start, tile.start + tile.width)


@pytest.mark.parametrize(("path", "fields"), VECTORS["tile_paths"].items())
def test_the_published_paths_read_and_write_themselves(path, fields):
    assert Tile.parse(path) == Tile(*fields)
    assert Tile(*fields).path == path


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000",
        "tile/64/000",
        "tile/0/0",
        "tile/0/x000/001",
        "tile/0/1000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/007",
        "tile/data/000",
        "tile/-1/000",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/000\n",
    ],
)
def test_another_spelling_is_no_tile(path):
    with pytest.raises(NoSuchTile):
        Tile.parse(path)


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts():
    for place, width in VECTORS["tree_of_70000"].items():
        level, index = map(int, place.split("/"))
        assert Tile(level, index, width).is_in(70_000)
        assert not Tile(level, index, width + 1).is_in(70_000)
    assert Tile(0, 272).is_in(70_000) and Tile(1, 0).is_in(70_000)
    assert Tile(0, 0).is_in(256) and not Tile(0, 0).is_in(255) and Tile(1, 0, 1).is_in(256)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (5, 8), (255, 257), (256, 600), (66_000, 70_000), (69_999, 70_000)]
)
def test_inclusion_is_proved_out_of_tiles_alone(index, size):
    node = tiles.reader(lambda tile: hashes(tiles.check_in(tile, size)), size)
    proof = merkle.inclusion_proof(index, size, node)
    assert merkle.verify_inclusion(LEAVES[index], index, size, proof, merkle.root(LEAVES[:size]))


@pytest.mark.parametrize(("old", "size"), [(1, 2), (255, 256), (256, 300), (257, 70_000), (65_536, 70_000)])
def test_consistency_is_proved_out_of_few_tiles(old, size):
    asked = []

    def fetch(tile):
        asked.append(tiles.check_in(tile, size))
        return hashes(tile)

    proof = merkle.consistency_proof(old, size, tiles.reader(fetch, size))
    assert merkle.verify_consistency(old, size, proof, merkle.root(LEAVES[:old]), merkle.root(LEAVES[:size]))
    assert len(asked) == len(set(asked)) <= 7


def test_a_tile_of_another_width_is_refused():
    with pytest.raises(NoSuchTile):
        tiles.reader(lambda tile: hashes(tile)[:-32], 300)(0, 3)


def test_an_entry_bundle_holds_each_leaf_behind_its_length():
    assert tiles.entry_bundle([b"", b"ab", b"c" * 300]) == b"\0\0\0\2ab\1\x2c" + b"c" * 300
