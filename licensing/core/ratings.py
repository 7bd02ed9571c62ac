"""The factors that rate a member's own lines: opened row by row from the rate cards, and folded with its own entries.

A rate card speaks of all members in one statement, which none of them may read. The root over its rows stands in an
entry that all may read (`contributions.core.rate_rows`); a member's bundle opens the rows of its own lines against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from contributions.core import rate_rows
from contributions.core.errors import Refused
from contributions.core.periods import fiscal_year
from contributions.core.ratecards import ACCELERATOR, DATASET, GRADE, VINTAGE
from licensing.core import extracts, inputs, policies, vintages
from licensing.core.policies import Category

Document = Mapping[str, Any]


def unrated(
    document: Document, statements: Iterable[dict[str, Any]], policy: Document, stated: Sequence[Document]
) -> list[str]:
    """Of the categories whose lines are rated, those whose factors do not follow from the opened rows of rate cards.

    `stated` are the facts of the entries that state the root of each card. The cards are read with the opened rows
    alone, and everything is folded by the rule of `inputs`, factors included. A card of which an edition is not there
    could have been another on the day; and that a line is missing from a card is nothing that rows could show.
    """
    rule = policies.read(policy)
    needed = {category.code: _cards(category) for category in rule.categories}
    rated = sorted({line["category"] for line in document["lines"] if line["factors"] or needed[line["category"]]})
    opened = {(row["card"], row["version"]): row["opened"] for row in document["rates"]}
    cards = []
    for facts in stated:
        lines = rate_rows.lines(facts, opened.pop((facts["card"], facts["version"]), ()))
        if lines is None:
            return rated
        cards.append({"kind": rate_rows.ADOPTED, "member": None, "facts": {**facts, "lines": lines}})
    if opened:
        return rated
    try:
        folded = inputs.fold(
            [*cards, *statements],
            policy=extracts.of_lines(policy),
            release=document["release"],
            window=(document["window"][0], document["window"][1]),
            log={"size": document["checkpoint"], "root": ""},
        )
    except Refused:
        return rated
    own = [line for line in folded["lines"] if line["member"] == document["member"]]
    complete = rate_rows.complete(stated)
    return [code for code in rated if not (needed[code] <= complete and _agree(document["lines"], own, code))]


def of_own(
    document: Document, said: Sequence[dict[str, Any]], policy: Document, cards: Iterable[Document]
) -> dict[str, Any]:
    """What an extract holds of factors: the opened rows by which the own lines are rated, and what they leave unproven.

    `said` are the statements that the bundle holds of before the run, `cards` the adopted ones, closed to members.
    """
    stated = {(facts["card"], facts["version"]): facts for facts in roots(said)}
    keys, found = _keys(document, said), []
    for adopted in cards:
        card, version = adopted["facts"]["card"], adopted["facts"]["version"]
        own = {key for key in adopted["facts"]["lines"] if {key, key.partition("/")[0]} & keys.get(card, set())}
        if own and (card, version) in stated:
            found.append({"card": card, "version": version, "opened": rate_rows.opened(adopted, own)})
    rates = {"rates": sorted(found, key=lambda row: (row["card"], row["version"]))}
    return rates | {"unrated": unrated({**document, **rates}, said, policy, list(stated.values()))}


def roots(said: Iterable[Document]) -> list[Document]:
    """The facts of the entries that state the root of a card, among these statements."""
    return [one["facts"] for one in said if one["kind"] == rate_rows.COMMITTED]


def _keys(document: Document, said: Iterable[Document]) -> dict[str, set[str]]:
    """Card → the keys by which the own lines are rated; of a dataset its name, behind which its factors stand."""
    grades = {one["facts"].get("grade") for one in said if one["kind"].startswith("resource.")} - {None}
    found: dict[str, set[str]] = {DATASET: set(), ACCELERATOR: set(), GRADE: grades, VINTAGE: set()}
    for line in document["lines"]:
        year = fiscal_year(date.fromisoformat(f"{line['month']}-01"))
        found[VINTAGE].add(f"{line['category']}/FY{year}")
        if line["category"] == "data":
            found[DATASET].add(line["asset"])
        elif line["category"] == "compute":
            found[ACCELERATOR].add(line["asset"].partition("/")[2])
    return found


def _cards(category: Category) -> set[str]:
    """The rate cards that the factors of a category are looked up on."""
    aged = category.vintage is not None and category.vintage.rule == vintages.TABLE
    found = {DATASET} if category.code == "data" and category.factors else set(category.factors) & {ACCELERATOR, GRADE}
    return found | ({VINTAGE} if aged else set())


def _agree(stated: list[Document], folded: list[Document], code: str) -> bool:
    """Whether the lines of a category are the same, factors and all."""
    fields = ("asset", "unit", "month", "quantity", "factors", "counted", "reasons")

    def told(lines: list[Document]) -> list[str]:
        return sorted(repr([line[field] for field in fields]) for line in extracts.of_category(lines, code))

    missing = any(extracts.MISSING in line["reasons"] for line in extracts.of_category(stated, code))
    return not missing and told(stated) == told(folded)
