"""The demo's chapter of negotiation: a licensee asks for its second agreement, and not all of it is granted at once.

One figure is accepted, which the rules allow; one wording waits for the head of legal; one price waits for an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from licensing.core import rewordings
from licensing.models import Agreement, Negotiation
from licensing.services import agreements, mandates, negotiations, proposals

LOSS = (("通常かつ直接の損害", "通常の損害"), ("ordinary and direct loss", "ordinary loss"))


def adopt(rules: dict, act: Callable[..., dict]) -> None:
    """The rules by which deviations are judged and approved."""
    proposal = mandates.propose(
        rules,
        valid_from=date(2026, 10, 29),
        source_ja="交渉・決裁規程（見本・架空）",
        source_en="Negotiation and approval rules (specimen, fictitious)",
        reason="交渉と決裁の権限を定める。（見本・架空）",
        **act("homu", "2026-10-29 16:05", "mandate proposed"),
    )
    mandates.adopt(proposal, **act("bucho", "2026-10-29 16:10", "mandate"))


def negotiate(agreement: Agreement, act: Callable[..., dict]) -> None:
    """The licensee proposes three changes; the licensor accepts one and has another approved."""
    talks = negotiations.open(agreement, **act("homu", "2026-10-29 16:30", "talks"))
    texts = _typed(agreement, "liability", *LOSS)
    asked = [
        {"kind": "variable", "subject": "audit_notice_days", "value": 30,
         "reason": "監査対応の準備に1か月を要するため。（見本・架空）"},
        {"kind": "wording", "subject": "liability", **texts,
         "reason": "当社の標準契約では間接損害の除外を明記していないため。（見本・架空）"},
        {"kind": "price", "subject": "terms", "value": _cheaper(agreement.variables["terms"]),
         "reason": "導入台数の増加に見合う単価をお願いしたいため。（見本・架空）"},
    ]  # fmt: skip
    drafts = [
        proposals.save(talks, **one, **act("shinonome", f"2026-10-29 17:{at}0", f"draft {at}")).proposal
        for at, one in enumerate(asked)
    ]
    _comment(talks, "audit", "対象の記録は本社で保管しています。（見本・架空）", "shinonome", "2026-10-29 17:40", act)
    talks = negotiations.hand_over(talks, **act("shinonome", "2026-10-29 18:00", "hand over"))
    proposals.accept(
        drafts[0],
        reason="許容の範囲内。（見本・架空）",
        answer="了承します。",
        **act("homu", "2026-10-30 09:00", "accept notice"),
    )
    proposals.accept(
        drafts[1],
        reason="上限額を維持するため、範囲の緩和は許容できる。（見本・架空）",
        **act("homu", "2026-10-30 09:20", "accept loss"),
    )
    _comment(talks, "liability", "上限額は動かさない。（見本・架空）", "homu", "2026-10-30 09:30", act, internal=True)


def _typed(agreement: Agreement, clause: str, *swaps: tuple[str, str]) -> dict[str, str]:
    """A clause as printed, with those words swapped, as somebody would edit it."""
    tree = agreements.assembled(agreement).tree
    article = next(one for one in tree.articles if one.clause == clause)
    texts = {language: rewordings.typed(article, language) for language in ("ja", "en")}
    for old, new in swaps:
        texts = {language: text.replace(old, new) for language, text in texts.items()}
    return texts


def _cheaper(terms: dict) -> dict:
    """Prices a tenth below the schedule."""
    tiers = [row | {"price": str(int(row["price"]) * 9 // 10)} for row in terms["tiers"]]
    return terms | {"tiers": tiers}


def _comment(
    talks: Negotiation, clause: str, text: str, who: str, when: str, act: Callable, *, internal: bool = False
) -> None:
    negotiations.comment(
        talks, clause=clause, text=text, internal=internal, **act(who, when, f"comment {clause} {internal}")
    )
