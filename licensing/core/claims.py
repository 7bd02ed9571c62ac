"""Claims on too small an estate: four rules, exact. Proportional, equal awards, equal losses, and the Talmud's.

Every rule gives each claimant between nothing and its claim, and hands out the whole estate. Two of them fill equally
up to a level, which is found on the sorted claims without any search. Sources: O'Neill 1982; Aumann and Maschler 1985;
Thomson 2003.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from contributions.core.errors import Refused


class BadClaims(Refused):
    code = "bad-claims"
    ja = (
        "総額 {estate} と請求額の合計 {total} では計算できません。"
        "請求額は 0 以上、総額は 0 以上で請求額の合計以下にしてください。"
    )
    en = (
        "An estate of {estate} and claims of {total} in all cannot be shared by a claims rule. Claims must be 0 or"
        " more, and the estate between 0 and their sum."
    )


Rule = Callable[[Fraction, Sequence[Fraction]], list[Fraction]]


def proportional(estate: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Each gets the same part of its claim: E·c_i/C. 200 on 100, 200, 300 → 100/3, 200/3, 100."""
    total = _checked(estate, claims)
    return [estate * claim / total if total else Fraction(0) for claim in claims]


def equal_awards(estate: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal awards: all get the same, nobody more than its claim: min(c_i, λ), Σ = E.

    Worked example: 200 on 100, 200, 300 → 200/3 each; 400 → 100, 150, 150.
    """
    _checked(estate, claims)
    return _filled(estate, claims)


def equal_losses(estate: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal losses: all lose the same, nobody more than its claim: max(0, c_i − λ), Σ = E.

    Worked example: 200 on 100, 200, 300 → 0, 50, 150.
    """
    total = _checked(estate, claims)
    losses = _filled(total - estate, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def talmud(estate: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """The contested-garment rule: equal awards up to half of every claim, then equal losses down to half.

    It is the nucleolus of the bankruptcy game. Worked example (Ketubot 93a): claims 100, 200, 300; an estate of 100 →
    100/3 each; 200 → 50, 75, 75; 300 → 50, 100, 150.
    """
    total = _checked(estate, claims)
    halves = [claim / 2 for claim in claims]
    if 2 * estate <= total:
        return _filled(estate, halves)
    return [claim - loss for claim, loss in zip(claims, _filled(total - estate, halves), strict=True)]


def _filled(amount: Fraction, limits: Sequence[Fraction]) -> list[Fraction]:
    """Equal parts, none above its limit: the smallest limits are met first, the rest share what is left."""
    left, given = amount, [Fraction(0)] * len(limits)
    by_limit = sorted(range(len(limits)), key=lambda index: limits[index])
    for done, index in enumerate(by_limit):
        given[index] = min(limits[index], left / (len(limits) - done))
        left -= given[index]
    assert left == 0, "the whole amount must be handed out"
    return given


def _checked(estate: Fraction, claims: Sequence[Fraction]) -> Fraction:
    total = sum(claims, Fraction(0))
    if not 0 <= estate <= total or any(claim < 0 for claim in claims):
        raise BadClaims(estate=estate, total=total)
    return total


METHODS: Mapping[str, Rule] = {
    "claims-proportional/1": proportional,
    "claims-cea/1": equal_awards,
    "claims-cel/1": equal_losses,
    "claims-talmud/1": talmud,
}
