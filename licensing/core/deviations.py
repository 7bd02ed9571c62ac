"""Deviations (標準外条項): where an agreement leaves the approved wording or the standard figure, and who approves it.

A deviation names the clause, the digest of the approved wording, the digest of the changed one, reason, tier, and until
when its approval holds. It exists as soon as the two digests differ. The fallback ladder answers whether it is allowed:
an acceptable wording needs no approval, a forbidden one gets none. An approval is for one wording against one approved
wording: it lapses when either changes, and on its last day.

How far figures may go, and which tier a clause belongs to, stands in the negotiation rules: dated data, adopted by the
consortium (`approvals.Rules`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.words import Text
from licensing.core import clauses, rewordings, tariffs
from licensing.core.clauses import ACCEPTABLE, APPROVAL, FORBIDDEN, PREFERRED, ClauseVersion
from licensing.core.decimals import percent

TIERS = {"low": Text("低", "low"), "medium": Text("中", "medium"), "high": Text("高", "high")}
KINDS = {
    "wording": Text("文言", "wording"),
    "added": Text("特約条項の追加", "clause added"),
    "removed": Text("条項の削除", "clause removed"),
    "variable": Text("条件", "term"),
    "price": Text("料金", "price"),
}
STATES = {
    "awaiting": Text("承認待ち", "awaiting approval"),
    "allowed": Text("承認不要", "no approval needed"),
    "approved": Text("承認済み", "approved"),
    "refused": Text("不承認", "refused"),
    "lapsed": Text("失効", "lapsed"),
    "withdrawn": Text("取下げ", "withdrawn"),
}
ORDER = tuple(TIERS)
NO_WORDING = "0" * 64


class DeviationForbidden(Refused):
    code = "deviation-forbidden"
    ja = "「{subject}」のこの変更は、{rule}により認められません。{mend}"
    en = "This change of “{subject}” is not allowed by {rule}. {mend}"


class NotCovered(Refused):
    code = "deviation-not-approved"
    ja = "承認を得ていない標準外条項があります：{subjects}。標準外条項の承認を得るか、標準の文言に戻してください。"
    en = "There are deviations without an approval in force: {subjects}. Have them approved, or return to the standard."


@dataclass(frozen=True, slots=True)
class Found:
    """One place where the agreement leaves the standard."""

    kind: str
    subject: str
    approved_sha256: str
    changed_sha256: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a change is allowed, and how grave it is."""

    rung: str
    tier: str

    @property
    def needs_approval(self) -> bool:
        """Whether somebody must approve it."""
        return self.rung == APPROVAL


@dataclass(frozen=True, slots=True)
class Cover:
    """A deviation on record, as far as it can cover what is found."""

    subject: str
    approved_sha256: str
    changed_sha256: str
    state: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one figure may go: from the standard to `acceptable` freely, to `approval` with approval, no farther."""

    standard: Fraction
    acceptable: Fraction
    approval: Fraction
    tier: str


def find(
    library: Sequence[ClauseVersion],
    wordings: Mapping[str, Mapping[str, Any]],
    variables: Mapping[str, object],
    standards: Mapping[str, object],
) -> list[Found]:
    """Every deviation of an agreement, in the order of clauses, then of variables.

    `library` holds the approved wordings, `standards` the standard of each figure that has one; the schedule's price
    terms stand among them under `terms`.
    """
    approved = {version.id: rewordings.sha256(version) for version in library}
    found = []
    for code, changed in sorted(wordings.items()):
        before = approved.get(code, NO_WORDING)
        if changed.get("removed"):
            found.append(Found("removed", code, before, NO_WORDING))
            continue
        after = rewordings.sha256(_clause(changed))
        if after != before:
            found.append(Found("wording" if code in approved else "added", code, before, after))
    found += _alternatives(library, variables.get("alternatives"))
    for name, standard in sorted(standards.items()):
        value = variables.get(name)
        if value is None:
            continue
        if isinstance(standard, Fraction):
            standard, value = fraction_text(standard), fraction_text(fraction(str(value)))
        if value != standard:
            kind = "price" if name == "terms" else "variable"
            found.append(Found(kind, name, digest(standard), digest(value)))
    return found


def _alternatives(library: Sequence[ClauseVersion], chosen: object) -> list[Found]:
    """Alternatives of the ladder that stand in a clause's place and need an approval to do so."""
    by_id = {version.id: version for version in library}
    pairs = sorted(chosen.items()) if isinstance(chosen, Mapping) else []
    return [
        Found("wording", base, rewordings.sha256(by_id[base]), rewordings.sha256(by_id[name]))
        for base, name in pairs
        if base in by_id and name in by_id and by_id[name].rank == APPROVAL
    ]


def rung_of(changed_sha256: str, approved_sha256: str, ladder: Sequence[tuple[str, str]]) -> str:
    """The rung of a wording: that of the alternative with the same digest; what nobody foresaw needs approval.

    `ladder` holds (rung, digest) of the clause's alternatives.

    >>> rung_of("b", "a", [("acceptable", "b"), ("forbidden", "c")])
    'acceptable'
    """
    if changed_sha256 == approved_sha256:
        return PREFERRED
    return next((rung for rung, sha256 in ladder if sha256 == changed_sha256), APPROVAL)


def judge_figure(value: Fraction, limits: Limits) -> Judgement:
    """A changed figure: free up to the acceptable limit, with approval up to the other one, and no farther.

    On the other side of the standard, in the licensor's favour, it is acceptable as far as it goes.

    >>> limits = Limits(Fraction(12), Fraction(18), Fraction(36), "high")
    >>> [judge_figure(Fraction(n), limits).rung for n in (6, 12, 18, 24, 37)]
    ['acceptable', 'preferred', 'acceptable', 'approval', 'forbidden']
    """
    if value == limits.standard:
        return Judgement(PREFERRED, limits.tier)
    upwards = limits.approval >= limits.standard
    if (value < limits.standard) if upwards else (value > limits.standard):
        return Judgement(ACCEPTABLE, limits.tier)
    ends = [(limits.acceptable, ACCEPTABLE), (limits.approval, APPROVAL)]
    for end, rung in ends:
        if (limits.standard < value <= end) if upwards else (end <= value < limits.standard):
            return Judgement(rung, limits.tier)
    return Judgement(FORBIDDEN, limits.tier)


def discount(standard: object, asked: object) -> Fraction | None:
    """The largest part by which any tier's price, or the minimum, is lower than the schedule's.

    `None` where the two cannot be compared tier by tier: another unit, mode, or other bounds. A raised price counts 0.
    Worked example: tiers at 12,000 and 9,000 asked at 11,400 and 8,100: 1/10.
    """
    before, after = tariffs.tariff(standard), tariffs.tariff(asked)
    shape = [[(tier.start, tier.until) for tier in one.tiers] for one in (before, after)]
    if (before.unit, before.mode) != (after.unit, after.mode) or shape[0] != shape[1]:
        return None
    if tariffs.conditions(_terms(standard)) != tariffs.conditions(_terms(asked)):
        return None
    pairs = [(one.price, two.price) for one, two in zip(before.tiers, after.tiers, strict=True)]
    pairs.append((before.minimum, after.minimum))
    return max(max(Fraction(0), 1 - two / one) for one, two in pairs if one) if any(one for one, _ in pairs) else None


def judge_price(standard: object, asked: object, acceptable: Fraction, approval: Fraction, tier: str) -> Judgement:
    """A price below the schedule: by its largest discount; a structure that differs needs approval at the top tier."""
    lower = discount(standard, asked)
    if lower is None:
        return Judgement(APPROVAL, ORDER[-1])
    if lower <= acceptable:
        return Judgement(ACCEPTABLE, tier)
    return Judgement(APPROVAL if lower <= approval else FORBIDDEN, tier)


def check_allowed(judgement: Judgement, subject: object, rule: object) -> Judgement:
    """Refuse what nobody may approve."""
    if judgement.rung == FORBIDDEN:
        raise DeviationForbidden(subject=subject, rule=rule, mend=_MEND)
    return judgement


def stands(cover: Cover, found: Found, on: date) -> bool:
    """Whether a deviation on record covers what is found on that day: same wordings, approved or free, not expired."""
    same = (cover.subject, cover.approved_sha256, cover.changed_sha256) == (
        found.subject,
        found.approved_sha256,
        found.changed_sha256,
    )
    return same and cover.state in {"approved", "allowed"} and (cover.expires_on is None or on < cover.expires_on)


def uncovered(found: Sequence[Found], covers: Sequence[Cover], on: date) -> list[Found]:
    """What no deviation on record covers on that day."""
    return [one for one in found if not any(stands(cover, one, on) for cover in covers)]


def highest(tiers: Sequence[str]) -> str:
    """The gravest of the tiers; low where there is none."""
    return max(tiers, key=ORDER.index, default=ORDER[0])


def digest(value: object) -> str:
    """The digest of a figure, as its JSON stands in the agreement."""
    return canonical.sha256_hex(canonical.dumps(value))


def limits(row: Mapping[str, object]) -> Limits:
    """One row of the rules' figures: standard, acceptable and approval as numbers, and the tier."""
    standard, acceptable, approval = (fraction(str(row[name])) for name in ("standard", "acceptable", "approval"))
    return Limits(standard, acceptable, approval, str(row["tier"]))


def price_words(standard: object, asked: object) -> Text:
    """A price deviation in words: how far below the schedule."""
    lower = discount(standard, asked)
    if lower is None:
        return Text("料金の構造が料金表と異なります。", "The structure of the prices differs from the schedule.")
    return Text(f"料金表から最大 {percent(lower)} の引下げ", f"up to {percent(lower)} below the schedule")


def _clause(changed: Mapping[str, Any]) -> ClauseVersion:
    return clauses.clause(changed["document"])


def _terms(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


_MEND = Text(
    "標準の文言か、条項ライブラリにある許容の文言で提案してください。",
    "Propose the standard wording, or an acceptable one of the clause library.",
)
