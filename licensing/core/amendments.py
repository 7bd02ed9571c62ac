"""Amendments (変更契約・覚書): what changes from when, told in both languages, and the data that the paper carries.

An amendment is a whole new edition, made from the one in force on its effective day. The list of changes is computed
from the two, never typed, so the paper cannot say less than it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import Period, last_day
from contributions.core.words import Text
from licensing.core import calendar, tariffs, variables
from licensing.core.assembly import Article, Tree
from licensing.core.editions import Edition
from licensing.core.variables import Schema

# What identifies the parties' bargain is not amended: another licensee or model is another agreement.
FIXED = frozenset({"number", "licensor", "licensee", "release", "release_sha256"})


class NothingChanges(Refused):
    code = "amendment-changes-nothing"
    ja = "変更がありません。変更する項目の値か条項の版を指定してください。"
    en = "Nothing changes. State a new value of a variable or a new version of a clause."


class OutsideTerm(Refused):
    code = "amendment-outside-term"
    ja = "適用日 {day} は、許諾期間（{first} から {last} まで）の外にあります。期間の中の日にしてください。"
    en = "The effective day {day} lies outside the term, which runs from {first} to {last}. Choose a day within it."


class NotAmendable(Refused):
    code = "amendment-not-amendable"
    ja = "「{label}」は変更契約では変えられません。新しい契約としてください。"
    en = "“{label}” cannot be changed by an amendment; make a new agreement."


class Stale(Refused):
    code = "amendment-stale"
    ja = "この変更契約の作成後に、契約 {agreement} は別の変更で第{version}版になりました。作り直してください。"
    en = "Agreement {agreement} became version {version} after this amendment was drafted. Draft it again."


class MinimumWithinYear(Refused):
    code = "amendment-minimum-within-year"
    ja = "最低利用料及び年間上限は、許諾年度の初日（次は {day}）から変更してください。"
    en = "Change the minimum fee and the yearly cap from the first day of a licence year (the next is {day})."


class TermCutShort(Refused):
    code = "amendment-term-too-short"
    ja = "許諾期間の終わりは、適用日 {day} より後にしてください。早く終えるには契約終了の手続によってください。"
    en = "The term must end after the effective day {day}. To end it sooner, terminate the agreement."


class LeavesAGap(Refused):
    code = "amendment-leaves-a-gap"
    ja = "適用日 {day} では、現在の許諾期間との間に空白が生じます。{until} 以前の日にしてください。"
    en = "Taking effect on {day} it would leave a gap behind the present term. Let it be {until} or earlier."


@dataclass(frozen=True, slots=True)
class Change:
    """One changed variable or article as people read it."""

    name: str
    label: Text
    before: Text
    after: Text


def revised(before: Edition, changes: Mapping[str, Any], *, schema: Schema, day: date) -> dict[str, Any]:
    """The variables after the changes; refuses what is fixed and what changes nothing by itself is let pass.

    A changed term keeps its first day. A value of none takes an optional variable out.
    """
    for name in changes:
        if name in FIXED:
            raise NotAmendable(label=schema[name].label if name in schema else name)
    after = {**before.variables, **changes}
    after = {name: value for name, value in after.items() if value is not None}
    if "term" in after:
        start, until = before.variables["term"]["from"], after["term"]["until"]  # type: ignore[index]
        if date.fromisoformat(str(until)) <= day:
            raise TermCutShort(day=day)
        after["term"] = {"from": start, "until": until}
    after = variables.filled(schema, after)
    variables.values(schema, after)
    return after


def check_minimum(before: Edition, after: Mapping[str, Any], *, term: Period, day: date) -> None:
    """Refuse a minimum fee or cap that would change within a licence year: it is owed for the year as a whole."""
    old, new = before.variables["terms"], after["terms"]
    assert isinstance(old, Mapping) and isinstance(new, Mapping) and term.until is not None
    same = all(str(old.get(name) or "0") == str(new.get(name) or "0") for name in ("minimum", "cap"))
    if same or day not in term:
        return
    year = calendar.licence_year(term, day)
    if year.start != day:
        raise MinimumWithinYear(day=year.until)


def check_day(day: date, *, term: Period) -> None:
    """Refuse an amendment that takes effect outside the term."""
    if day not in term:
        assert term.until is not None
        raise OutsideTerm(day=day, first=term.start, last=last_day(term.until))


def check_current(based_on: int, editions: Sequence[Edition], *, agreement: str) -> None:
    """Refuse to go on with an amendment after another one was concluded: its text would undo that one."""
    if based_on != len(editions):
        raise Stale(agreement=agreement, version=len(editions))


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any], schema: Schema) -> tuple[Change, ...]:
    """Every changed variable with what stood and what stands, printed as the contract prints it."""
    names = [name for name in schema if before.get(name) != after.get(name)]
    return tuple(
        Change(name, schema[name].label, _printed(schema, before, name), _printed(schema, after, name))
        for name in names
    )


def articles_changed(before: Tree, after: Tree) -> tuple[tuple[Article | None, Article | None], ...]:
    """Articles whose clause came, went or has another version, paired with what they replace."""
    old = {article.clause: article for article in before.articles}
    new = {article.clause: article for article in after.articles}
    pairs = [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    return tuple(
        (was, becomes) for was, becomes in pairs if was is None or becomes is None or was.version != becomes.version
    )


def embedded(
    *,
    number: str,
    agreement: str,
    version: int,
    effective_from: date,
    before_sha256: str,
    changes: Mapping[str, Any],
    terms: Mapping[str, Any],
) -> dict[str, Any]:
    """amendment.json: what changes from when, and the whole terms that then hold, bound to what they replace."""
    return {
        "v": 1,
        "kind": "amendment",
        "number": number,
        "agreement": agreement,
        "version": version,
        "effective_from": effective_from.isoformat(),
        "replaces_sha256": before_sha256,
        "changes": dict(changes),
        "terms": dict(terms),
    }


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes of amendment.json, in hex."""
    return canonical.sha256_hex(canonical.dumps(document))


def _printed(schema: Schema, document: Mapping[str, Any], name: str) -> Text:
    if document.get(name) is None:
        return _NOTHING
    variable = schema[name]
    if variable.kind == "terms":
        tariff = tariffs.tariff(document[name])
        rows = [*tariffs.rows(tariff), *tariffs.conditions(document[name])]
        return Text(
            "、".join(f"{row.range.ja}　{row.price.ja}" for row in rows),
            "; ".join(f"{row.range.en}: {row.price.en}" for row in rows),
        )
    return variables.printed(variable, variables.values({name: variable}, {name: document[name]})[name])


_NOTHING = Text("定めなし", "not stated")
