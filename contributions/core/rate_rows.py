"""A rate card's lines as salted rows behind one root, so that a member is shown its own factors and no other.

The statement that adopts a card speaks of all members in one and is closed to each of them. A second entry, common to
all, states the root over its lines, one row a line. A row's salt is drawn from the nonce of the adopting statement:

    salt(name) = SHA-256("moyai rate row/1" ‖ 0 ‖ nonce ‖ 0 ‖ name)

so whoever has that statement works out the same root, and whoever is shown one row learns nothing of another. Rows
stand in order of their hashes and are filled up to a power of two, 64 at least, so that neither a row's place nor the
number of rows tells how much of whom was rated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from contributions.core import committed

Document = Mapping[str, Any]
ADOPTED, COMMITTED = "ratecard.adopted", "ratecard.committed"
ROWS_MIN = 64
_EMPTY = "~"  # no key of a card begins so


def rows(adopted: Document) -> list[dict[str, Any]]:
    """The rows of a statement that adopts a card, in their order."""
    facts, nonce = adopted["facts"], bytes.fromhex(adopted["nonce"])
    card = {"v": 1, "card": facts["card"], "version": facts["version"]}
    found = [
        {**card, "row": key, "factor": factor, "salt": _salt(nonce, key)}
        for key, factor in sorted(facts["lines"].items())
    ]
    size = max(ROWS_MIN, 1 << (len(found) - 1).bit_length())
    empty = (f"{_EMPTY}{place}" for place in range(size - len(found)))
    found += [{**card, "row": name, "factor": None, "salt": _salt(nonce, name)} for name in empty]
    return sorted(found, key=committed.row_hash)


def facts_of(adopted: Document) -> dict[str, Any]:
    """What the entry beside the adoption states: which card, from which day, and the root."""
    said = {name: adopted["facts"][name] for name in ("card", "version", "from")}
    return said | {"rows_root": committed.rows_root(rows(adopted))}


def opened(adopted: Document, keys: Collection[str]) -> list[dict[str, Any]]:
    """The rows of these keys, each with its place and its path to the root."""
    return committed.openings(rows(adopted), set(keys) & set(adopted["facts"]["lines"]))


def lines(stated: Document, shown: Iterable[Document]) -> dict[str, str] | None:
    """Key → factor, of rows that lead to the root of that entry; None if one of them does not, or is another card's.

    `stated` are the facts of the entry, `shown` what `opened` gave.
    """
    found = {}
    for one in shown:
        row = one["row"]
        if (row["card"], row["version"]) != (stated["card"], stated["version"]) or row["factor"] is None:
            return None
        if not committed.leads_to(stated["rows_root"], committed.row_hash(row), one):
            return None
        found[str(row["row"])] = str(row["factor"])
    return found


def unfaithful(statements: Iterable[tuple[int, Document]]) -> list[int]:
    """The numbers of the entries that state another root than the lines of the card they speak of lead to.

    Cards that were adopted before there were such entries have none, and are not looked for.
    """
    adopted: dict[tuple[str, int], dict[str, Any]] = {}
    wrong = []
    for seq, said in statements:
        if said["kind"] == ADOPTED:
            adopted[said["facts"]["card"], said["facts"]["version"]] = facts_of(said)
        elif said["kind"] == COMMITTED:
            facts = said["facts"]
            if adopted.get((facts["card"], facts["version"])) != facts:
                wrong.append(seq)
    return wrong


def complete(stated: Iterable[Document]) -> set[str]:
    """The cards of which every edition stands there, from the first: of these the one in force on a day is known."""
    versions: dict[str, list[int]] = {}
    for facts in stated:
        versions.setdefault(facts["card"], []).append(facts["version"])
    return {card for card, found in versions.items() if sorted(found) == list(range(1, len(found) + 1))}


def _salt(nonce: bytes, name: str) -> str:
    return hashlib.sha256(b"\0".join((b"moyai rate row/1", nonce, name.encode()))).hexdigest()
