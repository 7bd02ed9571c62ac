"""The lineage of releases: what descends from what, with the weight that each parent carries, as layers and a picture.

A derivative hangs below the release it was made from. Only what is passed in is drawn: what a viewer may know is
decided before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.shapes import Number, box, fitted, line, picture, words
from contributions.core.shapes import coordinate as n
from contributions.core.words import Text

Place = tuple[Number, Number]
WIDTH, BOX_WIDTH, BOX_HEIGHT, COLUMN, ROW, BEND = 840, 150, 44, 230, 70, 45


@dataclass(frozen=True, slots=True)
class Node:
    """A release or a derivative of one."""

    code: str
    name: Text
    is_derivative: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """That `child` descends from `parent`, which carries `weight` of it; a derivative's edge has none."""

    child: str
    parent: str
    weight: Fraction | None = None


def kin(code: str, edges: Iterable[Edge]) -> set[str]:
    """The one, all it descends from, and all that descends from it; not what only shares an ancestor with it.

    >>> sorted(kin("b", [Edge("b", "a"), Edge("c", "b"), Edge("d", "a")]))
    ['a', 'b', 'c']
    """
    listed = list(edges)
    found = {code}
    for near, far in (("child", "parent"), ("parent", "child")):
        queue = [code]
        while queue:
            here = queue.pop()
            steps = {getattr(edge, far) for edge in listed if getattr(edge, near) == here} - found
            found |= steps
            queue += steps
    return found


def layers(codes: Iterable[str], edges: Sequence[Edge]) -> list[list[str]]:
    """The codes by the longest way from a root, each layer in order; refusing cycles is for whoever records them."""
    wanted = set(codes)
    held = [edge for edge in edges if edge.child in wanted and edge.parent in wanted]
    depth = dict.fromkeys(wanted, 0)
    for _ in wanted:
        for edge in held:
            depth[edge.child] = max(depth[edge.child], min(depth[edge.parent] + 1, len(wanted) - 1))
    return [sorted(code for code in wanted if depth[code] == at) for at in range(max(depth.values(), default=-1) + 1)]


def draw(nodes: Sequence[Node], edges: Sequence[Edge], *, me: str, language: str) -> str:
    """Ancestors at the left, descendants at the right; a line is labelled with the weight that it carries."""
    by_code = {node.code: node for node in nodes}
    columns = layers(by_code, edges)
    tall = max((len(column) for column in columns), default=1)
    place = {
        code: (10 + COLUMN * x, 10 + ROW * y + Fraction(ROW * (tall - len(column)), 2))
        for x, column in enumerate(columns)
        for y, code in enumerate(column)
    }
    shapes: list[str] = []
    for edge in edges:
        if edge.child in place and edge.parent in place:
            shapes += _edge(place[edge.parent], place[edge.child], edge)
    for code, (x, y) in place.items():
        shapes += _node(by_code[code], x, y, code == me, language)
    width = max(WIDTH, 30 + COLUMN * len(columns))
    return picture(width, 30 + ROW * tall, finding(nodes, edges, me).of(language), shapes)


def finding(nodes: Sequence[Node], edges: Sequence[Edge], me: str) -> Text:
    """What the picture shows, in a sentence."""
    parents = [edge for edge in edges if edge.child == me]
    children = {edge.child for edge in edges if edge.parent == me}
    named = "・".join(f"{edge.parent}（{edge.weight}）" for edge in parents)
    named_en = ", ".join(f"{edge.parent} ({edge.weight})" for edge in parents)
    count = len(children)
    if not parents:
        return Text(
            f"{me} に派生元はなく、{count} 件が派生しています。",
            f"{me} has no parent; {count} descend from it directly.",
        )
    return Text(
        f"{me} は {named} から派生し、{count} 件が派生しています。",
        f"{me} descends from {named_en}; {count} descend from it directly.",
    )


def _edge(start: Place, end: Place, edge: Edge) -> list[str]:
    """A straight line to the next column; one that passes a column bends below what stands there."""
    left, right = (start[0] + BOX_WIDTH, start[1] + BOX_HEIGHT // 2), (end[0], end[1] + BOX_HEIGHT // 2)
    kind = "axis" if edge.weight is None else "s1"
    middle, height = Fraction(left[0] + right[0], 2), Fraction(left[1] + right[1]) / 2
    if end[0] - start[0] > COLUMN:
        height += BEND
        low = f"{n(left[0] + 40)} {n(height + BEND // 3)} {n(right[0] - 40)} {n(height + BEND // 3)}"
        shapes = [f'<path class="{kind}" d="M{n(left[0])} {n(left[1])}C{low} {n(right[0])} {n(right[1])}"/>']
    else:
        shapes = [line(kind, [left, right])]
    if edge.weight is not None:
        shapes.append(words(str(edge.weight), middle, height - 5, kind="q", anchor="middle"))
    return shapes


def _node(node: Node, x: Number, y: Number, is_me: bool, language: str) -> list[str]:
    name = node.name.of(language)
    said = Text("取下げ", "withdrawn") if node.is_withdrawn else Text("派生モデル", "derivative")
    under = name if not (node.is_withdrawn or node.is_derivative) else said.of(language)
    return [
        box("box me" if is_me else "box", x, y, BOX_WIDTH, BOX_HEIGHT, name),
        words(node.code, x + 10, y + 18, kind="strong"),
        words(fitted(under, BOX_WIDTH - 12), x + 10, y + 35, kind="q"),
    ]
