"""Inventions of the joint work: inventors' shares, the route each takes, and the notices that state money asks for.

Patents follow the inventor, and joint ones are held in shares by contribution, so shares are exact fractions that sum
to one. Which notice is due when is an adopted table with a source, never a constant here: a line names the funding
modes that it concerns, what sets it going, and its time.

    {"code": "filing-notice", "ja": "出願通知書", "en": "notice of filing", "modes": ["commission"], "trigger": "filed",
     "days": 60, "source_ja": "委託契約約款32条1項", "source_en": "commission terms, art. 32(1)"}

`trigger` is the making of the invention, a filing, publication, or `transfer` and `exclusive-licence`, which must be
approved *before* they happen. `every_months` repeats a notice, and `months` sets a clock such as that of an unused
right, after which a licence may be asked for (産業技術力強化法17条).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.money import NotAFraction, fraction
from contributions.core.words import Text
from licensing.core.calendar import plus_months

ROUTES = {
    "filed": Text("出願する", "to be filed"),
    "kept": Text("ノウハウとして秘匿する", "kept secret as know-how"),
    "published": Text("公表する", "published"),
}
TRIGGERS = {
    "made": Text("発明の日から", "from the day of the invention"),
    "filed": Text("出願の日から", "from the day of filing"),
    "published": Text("公表の日から", "from the day of publication"),
    "transfer": Text("持分の移転の前に", "before a transfer of a share"),
    "exclusive-licence": Text("専用実施権等の設定の前に", "before an exclusive right is granted"),
}
BEFORE = frozenset({"transfer", "exclusive-licence"})
MODES = frozenset({"commission", "subsidy", "own"})
REPEATS_MAX = 40


class BadInvention(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "bad-invention"
    ja = "発明の記載に {count} 件の誤りがあります。{first}"
    en = "The invention as stated has {count} faults. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=Text(findings[0].text("ja"), findings[0].text("en")))


class BadDuties(BadInvention):
    code = "bad-duties"
    ja = "届出義務の表に {count} 件の誤りがあります。{first}"
    en = "The table of notice duties has {count} faults. {first}"


class ApprovalFirst(Refused):
    code = "approval-first"
    ja = "{invention} の{act}には、先に「{duty}」が必要です（{source}）。承認を記録してから行ってください。"
    en = "{act} of {invention} needs “{duty}” first ({source}). Record the approval, then go ahead."


class NotHeld(Refused):
    code = "share-not-held"
    ja = "{organization} の持分は {held} で、{share} は移転できません。"
    en = "{organization} holds {held} and cannot transfer {share}."


class RouteTaken(Refused):
    code = "route-taken"
    ja = "{invention} の取扱いは決定済みです（{route}）。秘匿中のものだけを改めて出願・公表できます。"
    en = "The route of {invention} is decided ({route}). Only what is kept secret may be filed or published later."


@dataclass(frozen=True, slots=True)
class Named:
    """An inventor as stated: name, employer, share."""

    name: str
    employer: str
    share: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """One notice that is due, or was given; `due` None for what must come before an act."""

    code: str
    name: Text
    source: Text
    trigger: str
    due: date | None
    done_on: date | None

    def state(self, on: date) -> str:
        if self.done_on is not None:
            return "done"
        return "overdue" if self.due is not None and self.due < on else "waiting"


def check_inventors(inventors: Sequence[Named]) -> dict[str, Fraction]:
    """Each employer's share, the sum of its inventors'; refuses with all that is wrong.

    >>> check_inventors([Named("x", "a", "1/2"), Named("y", "a", "1/4"), Named("z", "b", "1/4")])["a"]
    Fraction(3, 4)
    """
    found: list[Finding] = []
    held: dict[str, Fraction] = {}
    for line, inventor in enumerate(inventors, 1):
        try:
            share = fraction(inventor.share.strip())
        except NotAFraction:
            share = Fraction(0)
        if not 0 < share <= 1:
            found.append(_fault(line, inventor.share or "–", _SHARE))
        if not inventor.name.strip():
            found.append(_fault(line, "name", _NAME))
        held[inventor.employer] = held.get(inventor.employer, Fraction(0)) + share
    total = sum(held.values(), Fraction(0))
    if not found and total != 1:
        said = Text(f"合計が {total} です。ちょうど 1 にしてください。", f"sum to {total}; they must sum to exactly 1.")
        found.append(_fault(None, "share", said))
    if found:
        raise BadInvention(found)
    return dict(sorted(held.items()))


def check_route(invention: str, state: str, route: str) -> None:
    """Refuse a second route, save that what was kept secret may be filed or published after all."""
    assert route in ROUTES, "a door offers the routes there are"
    if state not in {"registered", "kept"} or state == route:
        raise RouteTaken(invention=invention, route=ROUTES.get(state, Text("登録", "registered")))


def check_duties(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same lines, once each is complete and known; refuses with all faults by line."""
    found: list[Finding] = []
    seen: set[str] = set()
    for line, row in enumerate(lines, 1):
        for name in ("code", "ja", "en", "trigger", "source_ja", "source_en"):
            if not isinstance(row.get(name), str) or not row[name].strip():
                found.append(_fault(line, name, _MISSING))
        if row.get("trigger") not in TRIGGERS:
            found.append(_fault(line, str(row.get("trigger")), _TRIGGER))
        if not row.get("modes") or set(row["modes"]) - MODES:
            found.append(_fault(line, "modes", _MODES))
        times = [name for name in ("days", "months") if name in row]
        timed = len(times) == 1 and type(row[times[0]]) is int and row[times[0]] > 0
        if (row.get("trigger") in BEFORE and times) or (row.get("trigger") not in BEFORE and not timed):
            found.append(_fault(line, "days", _TIME))
        if "every_months" in row and (type(row["every_months"]) is not int or row["every_months"] < 1):
            found.append(_fault(line, "every_months", _TIME))
        if row.get("code") in seen:
            found.append(_fault(line, str(row["code"]), _TWICE))
        seen.add(str(row.get("code")))
    if found or not lines:
        raise BadDuties(found or [_fault(None, "lines", _MISSING)])
    return [dict(row) for row in lines]


def obligations(
    lines: Iterable[Mapping[str, Any]],
    *,
    mode: str,
    happened: Mapping[str, Collection[date]],
    done: Iterable[tuple[str, date]],
    on: date,
) -> list[Obligation]:
    """Every notice that the table asks of an invention under funding of that mode, by due date.

    `happened`: trigger → its days; `done`: (code, day) of notices given. Each occurrence takes the earliest notice that
    was given after it was set going; of a repeated duty those due by the day, and the next one.
    """
    found = []
    given: dict[str, list[date]] = {}
    for code, day in sorted(done, key=lambda one: one[1]):
        given.setdefault(code, []).append(day)
    for row in lines:
        if mode not in row["modes"]:
            continue
        days = given.get(row["code"], [])
        name, source = Text(row["ja"], row["en"]), Text(row["source_ja"], row["source_en"])
        if row["trigger"] in BEFORE:
            approved = days[-1] if days else None
            found.append(Obligation(row["code"], name, source, row["trigger"], None, approved))
            continue
        for start in sorted(happened.get(row["trigger"], ())):
            for due in _dues(row, start, on):
                told = next((day for day in days if day >= start), None)
                days = [day for day in days if day != told]
                found.append(Obligation(row["code"], name, source, row["trigger"], due, told))
    return sorted(found, key=lambda one: (one.due or date.max, one.code))


def check_before(
    lines: Iterable[Mapping[str, Any]], *, mode: str, act: str, done: Iterable[tuple[str, date]], invention: str
) -> None:
    """Refuse an act for which the table asks approval that is not on record."""
    given = {code for code, _ in done}
    for row in lines:
        if mode in row["modes"] and row["trigger"] == act and row["code"] not in given:
            name, source = Text(row["ja"], row["en"]), Text(row["source_ja"], row["source_en"])
            raise ApprovalFirst(invention=invention, act=_ACTS[act], duty=name, source=source)


def transferred(holders: Mapping[str, Fraction], *, giver: str, taker: str, share: Fraction) -> dict[str, Fraction]:
    """Who holds what after a transfer; what is not held cannot be given."""
    held = holders.get(giver, Fraction(0))
    if not 0 < share <= held:
        raise NotHeld(organization=giver, held=held, share=share)
    after = {**holders, giver: held - share}
    after[taker] = after.get(taker, Fraction(0)) + share
    return {code: part for code, part in sorted(after.items()) if part}


def _dues(row: Mapping[str, Any], start: date, on: date) -> list[date]:
    first = plus_months(start, row["months"]) if "months" in row else start + timedelta(days=row["days"])
    dues, every = [first], row.get("every_months")
    while every and dues[-1] < on and len(dues) < REPEATS_MAX:
        dues.append(plus_months(first, every * len(dues)))
    return dues


def _fault(line: int | None, field: str, said: Text) -> Finding:
    where_ja, where_en = (f"{line} 件目：", f"Line {line}: ") if line else ("", "")
    return Finding(
        line, field, "bad-line", "{where}「{field}」{said}", "{where}“{field}” {said}",
        {"where": Text(where_ja, where_en), "field": field, "said": said},
    )  # fmt: skip


_ACTS = {
    "transfer": Text("持分の移転", "A transfer"),
    "exclusive-licence": Text("専用実施権等の設定", "Granting an exclusive right"),
}
_SHARE = Text(
    "持分は 0 より大きく 1 以下の分数（例 1/2）にしてください。", "is no fraction above 0 and up to 1, such as 1/2."
)
_NAME = Text("発明者の氏名がありません。", "is missing: name the inventor.")
_MISSING = Text("がありません。", "is missing.")
_TRIGGER = Text("という起算点はありません。", "is no event that a notice can follow.")
_MODES = Text("には委託・補助・自己資金の別を指定してください。", "names the funding modes that it concerns.")
_TIME = Text("期限は日数または月数の一方を正の整数で指定してください（事前の承認には付けません）。",
             "state its time in days or in months, not both; an approval beforehand has none.")  # fmt: skip
_TWICE = Text("は既にあります。", "stands in the table already.")
