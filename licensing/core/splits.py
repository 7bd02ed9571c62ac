"""The plain rules by which members share: equally, by stakes, by amounts, by time, by use, by inheritance. All exact.

A split is the part of each member, by its code; the parts sum to 1. A rule that has nothing to share by refuses rather
than guess. Sources: domain.md T8, T17 and T21; pro-rata and user-centric shares as in music (domain.md 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from contributions.core.errors import Refused

Split = dict[str, Fraction]

METHODS = (
    "equal/1",
    "stakes/1",
    "proportional/1",
    "time-weighted/1",
    "pro-rata/1",
    "licensee-centric/1",
    "share-pool/1",
    "inherited/1",
)


class NothingToShareBy(Refused):
    code = "nothing-to-share-by"
    ja = "配分の基になる量の合計が 0 のため、分けられません。"
    en = "There is nothing to share by: the amounts sum to 0."


class NegativeAmount(Refused):
    code = "negative-amount"
    ja = "「{member}」の量 {amount} が負です。0 以上にしてください。"
    en = "The amount {amount} of “{member}” is negative; it must be 0 or more."


class BadInheritance(Refused):
    code = "bad-inheritance"
    ja = "親モデルの重みの合計が {total} です。それぞれ 0 以上で、合計を 1 以下にしてください。"
    en = "The weights of the parents sum to {total}; each must be 0 or more, and their sum at most 1."


def equal(members: Iterable[str]) -> Split:
    """`equal/1`: 1/n each."""
    return proportional(dict.fromkeys(members, Fraction(1)))


def proportional(amounts: Mapping[str, Fraction]) -> Split:
    """`proportional/1`, and `stakes/1` where the amounts are stakes: x_i / Σ x.

    >>> proportional({"a": Fraction(2), "b": Fraction(6)})
    {'a': Fraction(1, 4), 'b': Fraction(3, 4)}
    """
    total = _total(amounts)
    if not total:
        raise NothingToShareBy()
    return {member: Fraction(amount) / total for member, amount in amounts.items()}


def time_weighted(amounts: Mapping[str, Fraction], days: Mapping[str, int]) -> Split:
    """`time-weighted/1`: x_i·d_i / Σ x·d, with the days of membership within the window.

    Worked example (domain.md T21): two equal members, 365 and 182 days → 365/547 and 182/547.
    """
    return proportional({member: amount * days[member] for member, amount in amounts.items()})


def pro_rata(used: Iterable[Mapping[str, Fraction]]) -> Split:
    """`pro-rata/1`: all that licensees paid is one pot, shared by all use of each member's part: Σ_l u_li / Σ u.

    Worked example (domain.md T8): L1 uses A 90 and B 10, L2 uses B 900, whatever each paid → 9/100, 91/100.
    """
    together: dict[str, Fraction] = {}
    for uses in used:
        _total(uses)
        for member, amount in uses.items():
            together[member] = together.get(member, Fraction(0)) + amount
    return proportional(together)


def licensee_centric(paid: Mapping[str, Fraction], used: Mapping[str, Mapping[str, Fraction]]) -> Split:
    """`licensee-centric/1`: what each licensee paid goes to those whose parts it used: Σ_l p_l/Σp · u_li/Σ_i u_li.

    Worked example (domain.md T8): as above, each paid the same → 9/20, 11/20.
    """
    total = _total(paid)
    if not total:
        raise NothingToShareBy()
    parts: Split = {}
    for licensee, amount in paid.items():
        if amount:
            for member, part in proportional(used.get(licensee, {})).items():
                parts[member] = parts.get(member, Fraction(0)) + part * amount / total
    return parts


def share_pool(transactions: Mapping[str, Fraction], contributors: Iterable[str]) -> Split:
    """`share-pool/1`: a pool for those who gave data, by their transactions; whoever gave none has no part.

    Worked example (domain.md T17): contributors A 4,000 and B 1,000, C 5,000 without data → 4/5 and 1/5.
    """
    return proportional({member: transactions.get(member, Fraction(0)) for member in contributors})


def inherited(parents: Sequence[tuple[Fraction, Mapping[str, Fraction]]], own: Mapping[str, Fraction]) -> Split:
    """`inherited/1`: a derivative's split is Σ_p w_p · split of the parent + (1 − Σ w) · what was added since.

    Worked example: a parent of A 1/2, B 1/2 at 3/5, and the rest added by B → A 3/10, B 7/10.
    """
    kept = sum((weight for weight, _ in parents), Fraction(0))
    if kept > 1 or any(weight < 0 for weight, _ in parents):
        raise BadInheritance(total=kept)
    parts: Split = {}
    for weight, split in [*parents, (1 - kept, own)]:
        if weight:
            for member, part in proportional(split).items():
                parts[member] = parts.get(member, Fraction(0)) + weight * part
    return parts


def _total(amounts: Mapping[str, Fraction]) -> Fraction:
    for member, amount in amounts.items():
        if amount < 0:
            raise NegativeAmount(member=member, amount=amount)
    return sum(amounts.values(), Fraction(0))
