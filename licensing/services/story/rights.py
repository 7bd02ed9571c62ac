"""The demo's chapters about deciding and descending: bodies, ballots, coalition values, inventions, lineage.

Whatever is adverse, or secret, is told of invented companies; every figure is invented and marked so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

from contributions.core.evidence import Evidence
from contributions.models import DatasetVersion, Facility, FundingSource, Member
from licensing.core.inventions import Named
from licensing.models import Allocation, Ballot, Body, Policy
from licensing.services import ballots, bodies, inventions, policies, releases, valuations
from licensing.services.ballots import Minutes

START = date(2026, 4, 1)
MARK, MARK_EN = "（見本・架空）", " (specimen, fictional)"
BY_MEMBERS = {"basis": "members", "quorum": "2/3", "threshold": "2/3", "strict": False, "of": "decided",
              "written": {"quorum": "1", "threshold": "1", "strict": False, "of": "all"}}  # fmt: skip
ORDINARY = {"basis": "stakes", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "present"}
BOARD = {"basis": "members", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "present"}
BOTH = {"basis": "both", "quorum": "1/2", "threshold": "2/3", "strict": False, "of": "present"}
BODIES = (
    ("steering", "committee", "運営委員会", "Steering committee", {"kind": "members"}, "open",
     {"policy": BY_MEMBERS, "allocation": BY_MEMBERS}, "参加契約 第12条", "Participation agreement, art. 12"),
    ("board", "board", "取締役会", "Board of directors", {"kind": "classes", "classes": ["founder"]}, "open",
     {"allocation": BOARD}, "定款 第24条", "Articles of association, art. 24"),
    ("shareholders", "shareholders", "株主総会", "Shareholders’ meeting", {"kind": "stakeholders"}, "until-closed",
     {"policy": ORDINARY, "allocation": ORDINARY}, "定款 第15条", "Articles of association, art. 15"),
    ("assembly", "assembly", "総会", "General assembly", {"kind": "members"}, "secret",
     {"policy": BOTH, "allocation": BOTH}, "参加契約 第9条", "Participation agreement, art. 9"),
)  # fmt: skip
ACT, ACT_EN = "産業技術力強化法17条", "Industrial Technology Enhancement Act, art. 17"
TERMS, TERMS_EN = "委託契約約款", "commission terms, art."
DUTIES = (
    ("invention-report", "発明等の届出", "Report of an invention", "made", {"days": 60},
     f"{ACT}1項1号", f"{ACT_EN}(1)(i)"),
    ("filing-notice", "出願通知書", "Notice of filing", "filed", {"days": 60}, f"{TERMS}32条1項", f"{TERMS_EN} 32(1)"),
    ("status-notice", "出願後状況通知書", "Notice of status after filing", "filed",
     {"months": 12, "every_months": 12}, f"{TERMS}33条1項", f"{TERMS_EN} 33(1)"),
    ("unused-clock", "不実施の場合の第三者許諾（相当期間）", "Unused right: licence on request", "filed",
     {"months": 36}, f"{ACT}1項3号", f"{ACT_EN}(1)(iii)"),
    ("transfer-approval", "移転承認申請書", "Approval of transfer", "transfer", {},
     f"{TERMS}31条の3第1項", f"{TERMS_EN} 31-3(1)"),
    ("exclusive-approval", "専用実施権等設定承認申請書", "Approval of an exclusive right", "exclusive-licence", {},
     f"{TERMS}31条の3第2項", f"{TERMS_EN} 31-3(2)"),
)  # fmt: skip
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 62>>stream\nBT /F1 14 Tf 30 120 Td"
    b" (Minutes - specimen, fictional) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
Act = Callable[[str, str, str], dict]


def constitute(act: Act) -> None:
    """The four deciding bodies with their rules, and the table of notices."""
    for code, kind, name_ja, name_en, who, shown, matters, source_ja, source_en in BODIES:
        bodies.constitute(
            code=code, kind=kind, name_ja=name_ja, name_en=name_en, valid_from=START,
            stated={"electorate": who, "visibility": shown, "matters": matters,
                    "grounds": ["party", "beneficiary", "affiliate", "dispute"]},
            source_ja=f"{source_ja}{MARK}", source_en=f"{source_en}{MARK_EN}",
            **act("homu", "2026-04-01 11:00", f"body {code}"),
        )  # fmt: skip
    inventions.adopt_duties(
        [
            {"code": code, "ja": f"{ja}（見本）", "en": f"{en} (specimen)", "modes": ["commission"], "trigger": trigger,
             **time, "source_ja": source_ja, "source_en": source_en}
            for code, ja, en, trigger, time, source_ja, source_en in DUTIES
        ],
        valid_from=START,
        source_ja="委託契約約款と産業技術力強化法による届出（期間は見本・架空。条文と約款で確認してください）",
        source_en="Notices under commission terms and the Act (times are specimens: check law and terms)",
        **act("homu", "2026-04-01 11:30", "duties"),
    )  # fmt: skip


def vote(proposal: Policy, act: Act, act_of: Act, closes_at) -> Ballot:
    """The first policy: ten for, the invented associate against with its reason."""
    ballot = ballots.open(
        proposal,
        body=Body.objects.get(code="steering"),
        closes_at=closes_at,
        **act("homu", "2026-06-13 11:30", "ballot"),
    )
    for member in Member.objects.select_related("organization"):
        dissents = member.code == "minato"
        ballots.cast(
            ballot,
            member=member,
            choice="against" if dissents else "for",
            dissent="準会員の下限が低すぎると考えます。（見本・架空）" if dissents else "",
            **act_of(member.code, "2026-06-15 10:00", "vote"),
        )
    minutes = Minutes(
        "運営委員会 第1号議決。賛成10、反対1、棄権0で可決。（見本・架空）",
        "Steering committee, ballot 1. Carried: 10 for, 1 against, 0 abstaining. (specimen, fictional)",
    )
    return ballots.close(ballot, minutes=minutes, **act("homu", "2026-06-20 17:30", "close"))


def decide_elsewhere(allocation: Allocation, act: Act) -> Ballot:
    """The first allocation: the board decided at a meeting of its own; its minutes are recorded here."""
    return ballots.record_elsewhere(
        allocation,
        body=Body.objects.get(code="board"),
        decided_on=date(2026, 10, 8),
        reference=f"2026年10月8日 第7回取締役会 第2号議案{MARK}",
        minutes=Minutes(file=Evidence("取締役会議事録（見本・架空）.pdf", PDF)),
        **act("homu", "2026-10-09 09:30", "decision"),
    )


def descend(act: Act) -> None:
    """A second release that descends from the first, and a domain model that descends from both."""
    version = DatasetVersion.objects.filter(dataset__member__organization__code="honda").first()
    osaka = Facility.objects.get(code="osaka")
    for number, name, name_en, months, parents in (
        ("R-0.4", "基盤モデル リリース0.4（見本）", "Foundation model release 0.4 (specimen)", 8, {"R-0.3": "7/10"}),
        ("R-M.1", "製造業領域モデル（見本）", "Manufacturing model (specimen)", 9, {"R-0.3": "1/10", "R-0.4": "6/10"}),
    ):
        run = releases.record_run(
            facility=osaka, versions=[version], purpose="training", accelerator="b200", gpu_s=360_000 * months,
            started_on=date(2026, months, 3), ended_on=date(2026, months, 20),
            **act("homu", f"2026-{months:02d}-20 18:00", f"run {number}"),
        )  # fmt: skip
        releases.publish(
            number=number, name_ja=name, name_en=name_en, runs=[run], parents=parents,
            weights_sha256=hashlib.sha256(f"moyai demo {number}".encode()).hexdigest(),
            published_on=date(2026, months, 21),
            **act("homu", f"2026-{months:02d}-21 10:00", f"publish {number}"),
        )  # fmt: skip


def invent(act: Act) -> None:
    """An invention of the invented associate with the consortium's own, made with commissioned money, and filed."""
    invention = inventions.register(
        title_ja=f"工具摩耗の予兆検知方法{MARK}",
        title_en=f"Predicting tool wear{MARK_EN}",
        summary="振動の特徴量から交換時期を推定する方法。（見本・架空）",
        inventors=[Named("湊　太郎（架空）", "minato", "2/3"), Named("潮　花子（架空）", "consortium", "1/3")],
        made_on=date(2026, 8, 3),
        funding=FundingSource.objects.get(code="F-03"),
        **act("homu", "2026-09-24 10:00", "invention"),
    )
    inventions.notify(
        invention, duty="invention-report", done_on=date(2026, 9, 25), reference=f"見本-届-001{MARK}",
        **act("homu", "2026-09-25 10:00", "report invention"),
    )  # fmt: skip
    inventions.file(
        invention, country="JP", number=f"特願2026-000000{MARK}", filed_on=date(2026, 10, 1),
        **act("homu", "2026-10-01 16:00", "file"),
    )  # fmt: skip


def value(act: Act) -> None:
    """A table of coalition values of three, the invented associate among them, waits for a second pair of eyes."""
    worths = {"minato": 4, "honda": 30, "sony": 28, "minato+honda": 40, "minato+sony": 37, "honda+sony": 70}
    lines = [f"{group},{worth}" for group, worth in (worths | {"minato+honda+sony": 84}).items()]
    valuations.submit(
        file=Evidence("ablation-2026-10.csv", "\n".join(["coalition,value", *lines]).encode()),
        name_ja=f"除去実験の結果{MARK}",
        name_en=f"Result of ablation runs{MARK_EN}",
        method_ja="各会員のデータを除いて学習した代理モデルの評価値。（見本・架空の数値）",
        method_en="Scores of proxy models trained without each member’s data (specimen, invented figures).",
        **act("haibun", "2026-10-30 10:00", "valuation"),
    )


def leave_ballots(document: dict, act: Act, act_of: Act, closes_at) -> None:
    """A second policy is open for the members: the associate has voted, the others have not."""
    proposal = policies.propose(document, **act("homu", "2026-10-31 11:00", "policy 2"))
    ballot = ballots.open(
        proposal,
        body=Body.objects.get(code="steering"),
        closes_at=closes_at,
        **act("homu", "2026-10-31 11:10", "ballot 2"),
    )
    ballots.cast(
        ballot, member=Member.objects.get(organization__code="minato"), choice="for",
        **act_of("minato", "2026-10-31 11:20", "vote 2"),
    )  # fmt: skip
