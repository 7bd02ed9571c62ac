"""The demo's chapter on what becomes of contracts, told of invented companies alone.

Files are delivered and checked, an amendment is concluded, duties stand in every state, a derivative waits to be
decided, and one licensee’s agreement was ended with a wind-down.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.evidence import Evidence
from contributions.core.words import Text
from licensing.models import Agreement, Derivative, Obligation, Release
from licensing.services import (
    amendments,
    calendars,
    deliveries,
    derivatives,
    obligations,
    renewal_proposals,
    terminations,
)
from licensing.services.story import evaluation

FILES = (
    ("weights", "R-0.3-weights.specimen.bin", b"specimen weights, fictional\n" * 512),
    ("program", "R-0.3-runtime.specimen.txt", "推論プログラムの見本です（架空）。\n".encode() * 20),
    ("card", "R-0.3-model-card.md", "# モデル説明書（見本・架空）\n\n用途：ロボット、製造設備、画像。\n".encode()),
    ("classification", "R-0.3-gaihi.txt", "該非判定書（見本・架空）\n判定：9項(7) 非該当（見本）\n".encode()),
    ("notes", "R-0.3-notes.txt", "リリース0.3の変更点（見本・架空）\n".encode()),
)
KEPT = {"prohibited": True, "residency": True, "export": True}


LICENSEES = ("shinonome", "aoba", "tsukimi", "kazemachi")


def hand_over(act, act_of) -> None:
    """From June on: files are filed, delivered and accepted, and duties raised; aoba's first derivative is approved.

    `act` and `act_of` give who and when, as the story does.
    """
    release = Release.objects.get(number="R-0.3")
    for kind, name, content in FILES:
        deliveries.file(release, kind=kind, content=Evidence(name, content), **act("homu", "2026-06-24 08:30", name))
    for code in ("shinonome", "aoba"):
        row = deliveries.deliver(_of(code), **act("homu", "2026-06-24 09:00", f"deliver {code}"))
        row = deliveries.receive(row, **act(code, "2026-06-24 11:00", f"receive {code}"))
        deliveries.accept(row, **act(code, "2026-06-30 15:00", f"accept {code}"))
    evaluation.hand_over()
    _derive_first(act)
    evaluation.step_up()
    for step, clause, title, due in (
        ("late", "grant", Text("再許諾先一覧の提出（見本・架空）", "Hand in the list of sublicensees (fictional)"), 15),
        (
            "waived",
            "licensee-data",
            Text("混入防止措置の報告（見本・架空）", "Report on contamination (fictional)"),
            20,
        ),
    ):
        obligations.add(
            _of("shinonome"), clause=clause, paragraph=3, party="licensee", title=title, opens_on=date(2026, 10, 1),
            due_on=date(2026, 10, due), **act("homu", "2026-09-25 10:00", f"add {step}"),
        )  # fmt: skip
    for code in ("tsukimi", "kazemachi"):
        row = deliveries.deliver(_of(code), **act("homu", "2026-10-01 09:00", f"deliver {code}"))
        deliveries.accept(row, **act_of(code, "2026-10-01 12:00", f"accept {code}", "licensee"))
    for code in LICENSEES:
        _owe(code, act("homu", "2026-10-01 12:30", f"owed {code}"))
    terminations.suspend(
        _of("kazemachi"), reason="設備移転のため一時停止します。（見本・架空）",
        **act("homu", "2026-10-01 13:00", "suspend"),
    )  # fmt: skip


def live_on(act, act_of) -> None:
    """At the end of October: an amendment, duties in every state, what waits for legal to decide, and an ending."""
    terminations.reinstate(
        _of("kazemachi"), reason="移転が完了したため再開します。（見本・架空）",
        **act("homu", "2026-10-29 16:10", "reinstate"),
    )  # fmt: skip
    _amend(act)
    _owe("shinonome", act("homu", "2026-10-29 17:05", "owed as amended"))
    _settle(act)
    _merge(act)
    _propose(act_of)
    _end(act)
    for code in LICENSEES:
        _owe(code, act("homu", "2026-10-30 09:40", f"owed later {code}"))
    calendars.prefer("weekly", **act("homu", "2026-10-30 09:45", "letter"))


def _owe(code: str, who: dict) -> None:
    """What the worker does when it follows the journal, for every contract of a licensee."""
    for agreement in _concluded(code).order_by("pk"):
        obligations.raise_for(agreement, **who)
        obligations.follow_deliveries(number=agreement.number, **who)
        for number in agreement.usage_reports.order_by("pk").values_list("number", flat=True):
            obligations.follow_usage(number=number, **who)
        for number in agreement.invoices.order_by("pk").values_list("number", flat=True):
            obligations.follow_invoice(number=number, **who)


def _of(code: str) -> Agreement:
    return _concluded(code).filter(template__code="standard").earliest("pk")


def _concluded(code: str) -> QuerySet[Agreement]:
    rows = Agreement.objects.select_related("licensee__organization", "schedule", "release", "template")
    return rows.filter(licensee__organization__code=code, executed_at__isnull=False)


def _amend(act) -> None:
    """Shinonome may also infer in Viet Nam from 1 January 2027, and reports within 45 days."""
    row = amendments.draft(
        _of("shinonome"),
        changes={"regions": ["JP", "TH", "VN"], "report_days": 45},
        effective_from=date(2027, 1, 1),
        reason="ベトナムでの販売開始に伴う推論地域の追加と、報告期限の短縮（見本・架空）",
        **act("homu", "2026-10-29 16:20", "draft amendment"),
    )
    row = amendments.approve(row, **act("bucho", "2026-10-29 16:30", "approve amendment"))
    row = amendments.offer(row, **act("homu", "2026-10-29 16:40", "offer amendment"))
    row = amendments.sign(row, **act("homu", "2026-10-29 16:50", "sign amendment"))
    amendments.countersign(row, **act("shinonome", "2026-10-29 17:00", "countersign amendment"))


def _settle(act) -> None:
    """Shinonome: one duty was waived, and a waiver of money waits for finance."""
    rows = Obligation.objects.filter(agreement=_of("shinonome"))
    obligations.waive(
        rows.get(clause="licensee-data"), reason="立入確認の記録で足りるため免除します。（見本・架空）",
        **act("homu", "2026-10-29 17:10", "waive"),
    )  # fmt: skip
    obligations.waive(
        rows.filter(rule="minimum", state="open").earliest("due_on"),
        reason="初年度の立上げ支援として免除を申し出ます。（見本・架空）",
        **act("homu", "2026-10-29 17:20", "ask waiver"),
    )  # fmt: skip


MADE = {
    "purpose": "切削条件の推定（見本・架空）",
    "data_category": "自社設備の振動・電流（見本・架空）",
    "passed_on": KEPT,
}


def _derive_first(act) -> None:
    row = derivatives.register(
        _of("aoba"), name="青葉 切削モデル 1（見本・架空）", kind="fine-tune", rate="2/100", use_from=date(2026, 9, 1),
        parents=[{"model": "R-0.3", "weight": "1"}], **MADE, **act("aoba", "2026-08-03 10:00", "derivative"),
    )  # fmt: skip
    derivatives.approve(row, **act("homu", "2026-08-05 10:00", "approve derivative"))


def _merge(act) -> None:
    """Aoba's merge of its own model with the release waits for legal."""
    first = Derivative.objects.get(state="approved")
    derivatives.register(
        _of("aoba"), name="青葉 統合モデル（見本・架空）", kind="merge", rate="1/100", use_from=date(2026, 12, 15),
        parents=[{"model": "R-0.3", "weight": "1/2"}, {"model": first.number, "weight": "1/2"}], **MADE,
        **act("aoba", "2026-10-30 09:00", "merge"),
    )  # fmt: skip


def _propose(act_of) -> None:
    """Tsukimi proposes a year more, and to report within 45 days; it waits for legal."""
    renewal_proposals.propose(
        _of("tsukimi"), until=date(2028, 4, 1), reason="量産を続けるため、一年の更新を希望します。（見本・架空）",
        changes={"report_days": 45}, **act_of("tsukimi", "2026-10-30 09:20", "propose renewal", "licensee"),
    )  # fmt: skip


def _end(act) -> None:
    """Kazemachi and the consortium end their agreement; stock may be sold for six months more."""
    terminations.terminate(
        _of("kazemachi"),
        ground="agreed",
        reason="事業の整理に伴い、両当事者の合意により終了します。（見本・架空）",
        ends_on=date(2026, 10, 31),
        paper=Evidence("合意解約書（見本・架空）.txt", "両当事者が署名した合意解約書の見本です。".encode()),
        **act("homu", "2026-10-30 09:30", "terminate"),
    )
