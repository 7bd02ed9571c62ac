"""The clause library as a whole: what keeps it from being published, found all at once.

Beyond the faults of each clause these are: one id twice, a reference that leads nowhere or in a circle, a fallback
ladder that stands on nothing, and the contradictions of each template that is made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from contributions.core.errors import Finding
from contributions.core.words import Text
from licensing.core import clauses, contradictions
from licensing.core.clauses import FORBIDDEN, ClauseRefused, ClauseVersion, Reference
from licensing.core.templates import Template

Faults = list[tuple[str, Finding]]
_Node = tuple[str, int, int]


class LibraryRefused(ClauseRefused):
    """More than one fault: each is named with its clause."""

    code = "library-refused"
    ja = "条項は公開できません。{count}件の指摘があります。{reason}"
    en = "The clauses cannot be published; there are {count} findings. {reason}"


def faults(versions: Sequence[ClauseVersion], known: Iterable[str]) -> Faults:
    """The faults of a library, each with the clause it is about.

    A reference must hit its paragraph and item in every clause it can mean: the one with that id and its alternatives,
    or all of the family.
    """
    names = frozenset(known)
    found = [(version.id, fault) for version in versions for fault in clauses.faults(version, names)]
    counted = Counter(version.id for version in versions)
    found += [(version_id, _duplicate(version_id)) for version_id, n in counted.items() if n > 1]
    for version in versions:
        found += [(version.id, fault) for fault in _ladder_faults(version, versions)]
        for wanted in sorted(version.references(), key=repr):
            targets = [one for one in clauses.targets_of(wanted, versions) if one.rank != FORBIDDEN]
            if not targets or not all(clauses.reaches(wanted, target) for target in targets):
                found.append((version.id, _unresolved(wanted)))
    return found + [(nodes[0][0], _circle(nodes)) for nodes in _circles(versions)]


def check(versions: Sequence[ClauseVersion], templates: Sequence[Template]) -> None:
    """Refuse to publish a library with any fault; the sentences name each clause and reason."""
    refuse(all_faults(versions, templates))


def all_faults(versions: Sequence[ClauseVersion], templates: Sequence[Template], about: str | None = None) -> Faults:
    """The faults of the library, and of the templates made of it the places that hold no clause, or one twice.

    Where the library has none, also what the templates contradict, or that no clause says which language governs.

    With `about`, what is said of that clause or template comes first, and unless it is free of faults, alone.
    """
    known = {name for source in templates for name in source.schema}
    found = faults(versions, known)
    if found:
        found += [fault for source in templates for fault in contradictions.places(source, versions)]
    else:
        for source in templates:
            found += contradictions.faults(source, versions) or contradictions.language_faults(source, versions)
    own = [one for one in found if one[0] == about]
    return own or found


def refuse(found: Faults) -> None:
    """Raise what was found, if anything was."""
    if not found:
        return
    if len(found) == 1:
        (name, fault) = found[0]
        raise ClauseRefused(clause=name, reason=Text(fault.text("ja"), fault.text("en")))
    said = Text(*("".join(f"「{name}」{fault.text('ja')}" for name, fault in found), _english(found)))
    raise LibraryRefused(clause=found[0][0], count=len(found), reason=said, faults=tuple(found))


def _english(found: Faults) -> str:
    return " ".join(f"“{name}”: {fault.text('en')}" for name, fault in found)


def ladder(base: str, versions: Iterable[ClauseVersion]) -> list[ClauseVersion]:
    """A clause and its alternatives, from what is preferred to what is forbidden."""
    order = list(clauses.RANKS)
    rungs = [version for version in versions if base in (version.id, version.of)]
    return sorted(rungs, key=lambda one: (order.index(one.rank), one.id))


def departures(placed: Mapping[str, str], versions: Iterable[ClauseVersion]) -> list[ClauseVersion]:
    """Which of the alternatives that stand in an agreement need somebody's approval.

    `placed` is the agreement's variable `alternatives`: clause of the template → clause in its place.
    """
    chosen = set(placed.values())
    return [one for one in versions if one.id in chosen and one.rank not in (clauses.PREFERRED, clauses.ACCEPTABLE)]


def _ladder_faults(version: ClauseVersion, versions: Sequence[ClauseVersion]) -> Iterator[Finding]:
    if version.of is None:
        return
    bases = [one for one in versions if one.id == version.of]
    if not bases:
        ja, en = (
            f"元の条項「{version.of}」がありません。",
            f"The clause “{version.of}” it is an alternative of is missing.",
        )
        yield Finding(None, version.of, "no-base", ja, en)
    elif bases[0].of is not None:
        ja = f"元の条項「{version.of}」自体が代替文言です。代替は標準の条項に対して定めてください。"
        en = f"“{version.of}” is itself an alternative; alternatives belong to the preferred clause."
        yield Finding(None, version.of, "ladder-on-ladder", ja, en)
    elif bases[0].family != version.family:
        ja, en = f"元の条項「{version.of}」と分類が異なります。", f"It is of another family than “{version.of}”."
        yield Finding(None, version.of, "other-family", ja, en)


def _circles(versions: Sequence[ClauseVersion]) -> Iterator[list[_Node]]:
    """Texts that refer to one another in a circle, so that none of them says anything.

    A text is a paragraph's opening (item 0) or an item. That two clauses refer to each other's different paragraphs is
    ordinary, and no circle.
    """
    leads = {node: list(targets) for version in versions for node, targets in _leads(version, versions)}
    state: dict[_Node, int] = {}
    for start in leads:
        if start not in state:
            yield from _walk(start, leads, state)


def _walk(start: _Node, leads: Mapping[_Node, list[_Node]], state: dict[_Node, int]) -> Iterator[list[_Node]]:
    path, stack = [start], [iter(leads[start])]
    state[start] = 1
    while stack:
        following = next(stack[-1], None)
        if following is None:
            state[path.pop()] = 2
            stack.pop()
        elif state.get(following) == 1:
            yield path[path.index(following) :]
        elif following not in state:
            state[following] = 1
            path.append(following)
            stack.append(iter(leads.get(following, ())))


def _leads(version: ClauseVersion, versions: Sequence[ClauseVersion]) -> Iterator[tuple[_Node, list[_Node]]]:
    for number, paragraph in enumerate(version.paragraphs, 1):
        for item, text in enumerate((paragraph.text, *paragraph.items)):
            names = [name for name in clauses.placeholders(text.ja) if clauses.is_reference(name)]
            targets = [node for name in names for node in _nodes(clauses.reference(name), versions)]
            yield (version.id, number, item), targets


def _nodes(wanted: Reference, versions: Sequence[ClauseVersion]) -> Iterator[_Node]:
    for target in clauses.targets_of(wanted, versions):
        for number, paragraph in enumerate(target.paragraphs, 1):
            if wanted.paragraph in (None, number):
                for item in range(len(paragraph.items) + 1):
                    if wanted.item in (None, item):
                        yield target.id, number, item


def _circle(nodes: Sequence[_Node]) -> Finding:
    places = [f"{name}.{number}" + (f".{item}" if item else "") for name, number, item in nodes]
    around = " → ".join([*places, places[0]])
    return Finding(
        None,
        places[0],
        "circular-reference",
        f"参照が循環しています（{around}）。",
        f"References run in a circle ({around}).",
    )


def _unresolved(wanted: Reference) -> Finding:
    place = ".".join(str(part) for part in (wanted.clause, wanted.paragraph, wanted.item) if part is not None)
    ja, en = f"参照先「{place}」がありません。", f"The reference “{place}” leads nowhere."
    return Finding(None, place, "unresolved-reference", ja, en)


def _duplicate(name: str) -> Finding:
    return Finding(None, name, "duplicate", "同じ識別子の条項が二つあります。", "Two clauses carry this identifier.")
