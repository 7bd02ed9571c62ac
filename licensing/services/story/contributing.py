"""The chapters on what members put in beside data, and on what becomes of it, told of the invented associate alone."""

from __future__ import annotations

from datetime import date
from uuid import uuid5

from contributions import services as contributed
from contributions.adapters import spreadsheets
from contributions.core.imports import Rejected
from contributions.core.resources import Resource as Stated
from contributions.core.roles import Viewer
from contributions.models import Facility, FundingSource, InboundAgreement, Member, Organization, Resource
from contributions.services.journal import Attachment
from contributions.services.resources import Appraisal
from licensing.services.story.cast import FOLDER, NAMESPACE, act, act_of, identity, member_of, moment, read
from licensing.services.story.opening import right


def meter() -> None:
    """Compute comes from Slurm accounting logs, the rest from spreadsheets; legal and finance accept."""
    for row in read("consortium.json")["metering"]:
        outcome = contributed.imports.receive(
            FOLDER / "compute" / row["file"],
            member=member_of(row["member"]),
            facility=Facility.objects.get(code=row["facility"]),
            funding=FundingSource.objects.get(code=row["funding"]),
            **act_of(row["member"], "2026-10-02 10:00", row["file"]),
        )
        if row["member"] != "minato":
            contributed.compute.attest(outcome.batch, **act("homu", "2026-10-05 10:00", row["file"]))
    for kind in ("cash", "people", "background"):
        with (FOLDER / "resources" / f"{kind}.csv").open("rb") as stream:
            for number, row in enumerate(spreadsheets.READERS[kind](stream)):
                assert not isinstance(row, Rejected), row.finding.text("en")
                _record(kind, number, row)
    last = Resource.objects.filter(member__organization__code="minato").order_by("number").last()
    for resource in Resource.objects.exclude(pk=last.pk).order_by("number"):
        contributed.resources.accept(resource, **act("keiri", "2026-10-06 10:00", resource.number))


FUNDING = {"own": "F-01", "subsidy": "F-02", "commission": "F-03"}


def _record(kind: str, number: int, row: Stated) -> None:
    contributed.resources.record(
        member=member_of(row.member),
        kind=kind,
        title_ja=row.title,
        title_en=read("consortium.json")["titles"].get(row.title, row.title),
        quantity=row.quantity,
        period_from=row.period.start,
        period_until=row.period.until,
        nature=row.nature or "",
        grade=row.grade or "",
        funding=FundingSource.objects.get(code=FUNDING[row.funding]),
        agreement=InboundAgreement.objects.get(organization__code=row.member),
        illustrative=True,
        foreign=row.foreign,
        appraisal=Appraisal("見本評価法人（架空）", row.period.start, row.limits, (), ("consortium", "members"))
        if kind == "background"
        else None,
        **act_of(row.member, "2026-10-02 14:00", f"{kind} {number}"),
    )


def follow() -> None:
    """What becomes of contributions afterwards, told of the invented associate alone: each step, each kind of paper."""
    member = member_of("minato")
    terms = InboundAgreement.objects.get(organization__code="minato")
    _agree(member, terms)
    source = _fund(member)
    kept = {"member": member, "illustrative": True, "period_until": date(2026, 10, 1), "agreement": terms}
    cash = kept | {"kind": "cash", "nature": "levy", "agreement": None}
    resources = contributed.resources
    early = resources.record(
        **cash, title_ja="交付決定前の設備費（見本・架空）", title_en="Equipment before the grant decision (fictional)",
        quantity=3_000_000, funding=source, period_from=date(2026, 6, 15),
        **act_of("minato", "2026-10-09 13:00", "early"),
    )  # fmt: skip
    resources.accept(early, **act("keiri", "2026-10-09 13:30", "accept early"))
    paid = resources.record(
        **cash, title_ja="準会員負担金（追加、見本・架空）", title_en="Associate's levy, additional (fictional)",
        quantity=4_000_000, period_from=date(2026, 7, 1), evidence=[_paper("受領証.txt")],
        **act_of("minato", "2026-10-09 14:00", "paid"),
    )  # fmt: skip
    resources.accept(paid, **act("keiri", "2026-10-09 14:30", "accept paid"))
    contributed.recoveries.declare(
        paid, part="1/4", source="insurance", recovered_on=date(2026, 9, 30),
        **act_of("minato", "2026-10-09 15:00", "recover"),
    )  # fmt: skip
    refused = resources.record(
        **cash, title_ja="準会員負担金（証憑なし、見本・架空）", title_en="Levy without evidence (fictional)",
        quantity=2_000_000, period_from=date(2026, 8, 1), **act_of("minato", "2026-10-09 15:30", "refused"),
    )  # fmt: skip
    refused = resources.take_up(refused, **act("keiri", "2026-10-09 16:00", "take up"))
    refused = resources.refuse(
        refused, reason="入金を示す証憑がありません。振込明細を添えて、もう一度提出してください。（見本・架空）",
        **act("keiri", "2026-10-09 16:30", "refuse"),
    )  # fmt: skip
    resources.dispute(
        refused, reason="8月3日に送金しました。明細は取引銀行に請求中です。（見本・架空）",
        **act_of("minato", "2026-10-09 17:00", "dispute"),
    )  # fmt: skip
    resources.pledge(
        **cash | {"period_until": date(2028, 4, 1)}, title_ja="翌年度負担金の予定（見本・架空）",
        title_en="Next year's levy, pledged (fictional)", quantity=8_000_000, period_from=date(2027, 4, 1),
        **act_of("minato", "2026-10-09 17:30", "pledge"),
    )  # fmt: skip
    wrong = resources.record(
        **cash, title_ja="準会員負担金（9月分、見本・架空）", title_en="Associate's levy for September (fictional)",
        quantity=5_000_000, period_from=date(2026, 9, 1), evidence=[_paper("振込明細.txt")],
        **act_of("minato", "2026-10-09 17:32", "wrong"),
    )  # fmt: skip
    resources.accept(wrong, **act("keiri", "2026-10-09 17:34", "accept wrong"))
    right = resources.supersede(wrong, quantity=50_000_000, **act_of("minato", "2026-10-09 17:36", "correct"))
    resources.accept(right, **act("keiri", "2026-10-09 17:38", "accept correction"))
    _second(kept)


def _paper(name: str) -> Attachment:
    return Attachment(name, "text/plain", "見本・架空の文書です。".encode())


def _agree(member: Member, terms: InboundAgreement) -> None:
    """A non-disclosure agreement with its file and mark, and a second edition of the associate's terms."""
    consortium = Organization.objects.get(code="consortium")
    contributed.terms.conclude(
        organization=member.organization,
        parties=[consortium],
        type="nda",
        title_ja="秘密保持契約（見本・架空）",
        title_en="Non-disclosure agreement (fictional)",
        rights=[right("data") | {"purposes": ["evaluation"], "sublicensing": False, "further_training": False}],
        valid_from=date(2026, 6, 1),
        valid_until=date(2029, 6, 1),
        file=_paper("秘密保持契約書.txt"),
        marks=["trade-secret"],
        illustrative=True,
        **act("homu", "2026-10-09 11:00", "nda"),
    )
    rights = [right(subject) for subject in ("data", "compute", "people", "background")]
    rights[0] |= {"fields": ["manufacturing"], "territory": ["JP"], "after_withdrawal": "no-new-training"}
    contributed.terms.amend(
        terms, rights=rights, valid_from=date(2026, 10, 15), **act("homu", "2026-10-09 11:10", "amend minato")
    )


def _fund(member: Member) -> FundingSource:
    """The associate's own grant: decided in July, with an asset that must not be disposed of for five years."""
    source = contributed.funding.register(
        code="F-04",
        name_ja="みなと精機への補助（見本・架空）",
        name_en="Grant to Minato Seiki (fictional)",
        mode="subsidy",
        programme="製造設備データ整備補助（見本・架空）",
        decision_number="見本-2026-0004",
        decided_on=date(2026, 7, 1),
        state_rate="1/2",
        recipient=member.organization,
        expense_category="機械装置費（見本）",
        fiscal_year=2026,
        illustrative=True,
        **act("keiri", "2026-10-09 11:20", "grant"),
    )
    contributed.funding.acquire(
        source,
        name_ja="振動計測装置（見本・架空）",
        name_en="Vibration recorder (fictional)",
        acquired_on=date(2026, 8, 20),
        price=12_400_000,
        restriction="転用・譲渡・貸付・担保には承認が必要（見本）",
        restricted_until=date(2031, 8, 20),
        **act("keiri", "2026-10-09 11:30", "asset"),
    )
    return source


def _second(kept: dict) -> None:
    """One engineer of the associate, with a month's work log behind the hours."""
    contributed.people.invite(
        username="minato-tan", email="minato-tan@example.invalid", name_ja="みなと精機の従事者（架空）",
        name_en="Secondee of Minato Seiki (fictional)", home=Organization.objects.get(code="minato"),
        password=None, identity=identity("minato-tan"), by=Viewer.system("demo", uuid5(NAMESPACE, "minato-tan")),
        at=moment("2026-10-09 17:35"),
    )  # fmt: skip
    people = contributed.resources.record(
        **kept, kind="people", grade="engineer", title_ja="出向・従事 1名（従事日誌あり、見本・架空）",
        title_en="Secondee, 1, with a work log (fictional)", quantity=19 * 465, period_from=date(2026, 9, 1),
        **act_of("minato", "2026-10-09 17:40", "secondee"),
    )  # fmt: skip
    contributed.worklogs.receive(
        people, person="minato-tan", month="2026-09", name="minato-2026-09.csv",
        content=(FOLDER / "worklogs" / "minato-2026-09.csv").read_bytes(),
        **act_of("minato", "2026-10-09 17:50", "worklog"),
    )  # fmt: skip
    contributed.resources.accept(people, **act("keiri", "2026-10-09 18:00", "accept secondee"))
    contributed.resources.pledge(
        **kept | {"period_until": date(2027, 4, 1)}, kind="data", unit="media_second", quantity=500 * 3600,
        title_ja="溶接工程の映像 500時間の提供予定（見本・架空）",
        title_en="500 hours of video of welding, pledged (fictional)", period_from=date(2026, 12, 1),
        **act_of("minato", "2026-10-09 18:05", "pledge data"),
    )  # fmt: skip
