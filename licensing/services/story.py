"""The demo: a consortium's first half year, told through the same verbs that people use.

Every step is real: files in users' formats are read, reviews are decided by the review body, votes are cast, documents
are rendered and signed. What the press did not publish is invented and marked so; nothing adverse is attached to a real
company. The story ends on 31 October 2026 and leaves each role one thing to do.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from contributions import services as contributed
from contributions.adapters import croissant, spreadsheets
from contributions.core import cosignatures, notes
from contributions.core.cosignatures import Cosigner
from contributions.core.evidence import Evidence
from contributions.core.imports import Rejected
from contributions.core.periods import JST
from contributions.core.resources import Resource as Stated
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import (
    Checkpoint,
    Condition,
    DatasetVersion,
    Facility,
    FundingSource,
    InboundAgreement,
    Member,
    Organization,
    Resource,
    Review,
)
from contributions.services.journal import Attachment
from contributions.services.resources import Appraisal
from licensing.core import clauses as rules
from licensing.core.checklists import Given, items
from licensing.models import Agreement, Allocation, Licensee, Policy, Receipt, Release, Schedule
from licensing.selectors import clauses as library
from licensing.services import (
    agreements,
    allocations,
    checklists,
    clauses,
    distributions,
    evidence_story,
    invoices,
    licensees,
    life_story,
    negotiation_story,
    outside_story,
    policies,
    prospects,
    releases,
    reports,
    rights_story,
    schedules,
    usage,
)

FOLDER = settings.BASE_DIR / "demo"
NAMESPACE = uuid5(NAMESPACE_URL, "urn:moyai:demo")
PASSWORD = "moyai-demo"
FIRST_YEAR = (date(2026, 4, 1), date(2027, 4, 1))
HALF_YEAR = (date(2026, 4, 1), date(2026, 10, 1))
TRAINED_ON = ("honda", "sony", "nec", "nipponsteel", "kobesteel", "softbank", "pfn")
REVIEW_VALID_UNTIL = date(2028, 4, 1)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does a step and when; its `request` is the same in every telling of the story."""

    by: Viewer
    at: datetime


def read(name: str):
    """One of the demo's own JSON files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def moment(text: str) -> datetime:
    """An instant of the story, in Japan's time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST)


def act(username: str, when: str, step: str) -> dict:
    """The keyword arguments `by` and `at` of a verb done by one of the demo's people."""
    person = next(row for row in read("consortium.json")["people"] if row["username"] == username)
    viewer = Viewer(
        identity(username), person["name_ja"], person["home"], person["organization"], person["workplace"],
        request=uuid5(NAMESPACE, f"{username}/{when}/{step}"),
    )  # fmt: skip
    return {"by": viewer, "at": moment(when)}


def act_of(code: str, when: str, step: str, workplace: str = "member") -> dict:
    """The same for a member or licensee that has no login in the demo."""
    request = uuid5(NAMESPACE, f"{code}/{when}/{step}")
    return {"by": Viewer(None, code, code, code, workplace, request=request), "at": moment(when)}


def identity(username: str) -> UUID:
    """The fixed id of one of the demo's people."""
    return uuid5(NAMESPACE, f"person/{username}")


def found(installation: UUID | None = None) -> None:
    """The ledger is opened; organizations, people and the common tables enter."""
    cast, start = read("consortium.json"), moment("2026-04-01 09:00")
    system = Viewer.system("demo", request=uuid5(NAMESPACE, "found"))
    contributed.log.found(
        name=cast["name"], legal_form=cast["legal_form"], demo=True, by=system, at=start, installation=installation
    )
    for row in cast["organizations"]:
        contributed.organizations.register(**row, by=system, at=start)
    for row in cast["people"]:
        user = contributed.people.invite(
            username=row["username"],
            email=f"{row['username']}@example.invalid",
            name_ja=row["name_ja"],
            name_en=row["name_en"],
            home=Organization.objects.get(code=row["home"]),
            password=PASSWORD,
            identity=identity(row["username"]),
            by=system,
            at=start,
        )
        organization = Organization.objects.get(code=row["organization"])
        contributed.people.grant(
            user, organization=organization, workplace=row["workplace"], role="demo", by=system, at=start
        )


def admit() -> None:
    """Members join with their stakes; funding sources, inbound agreements, rate cards and facilities are recorded."""
    cast = read("consortium.json")
    legal = act("homu", "2026-04-01 10:00", "admit")
    for row in cast["funding"]:
        decided_on = date.fromisoformat(row["decided_on"]) if "decided_on" in row else None
        contributed.funding.register(**{**row, "decided_on": decided_on}, **legal)
    for row in cast["facilities"]:
        operator = Organization.objects.get(code=row["operator"])
        contributed.compute.register_facility(**{**row, "operator": operator}, **legal)
    for row in cast["rate_cards"]:
        contributed.ratecards.adopt(**row, valid_from=FIRST_YEAR[0], **legal)
    contributed.requirements.adopt(
        {kind: dict.fromkeys(kinds, 1) for kind, kinds in cast["requirements"].items()},
        valid_from=FIRST_YEAR[0],
        source_ja="データ審査規程（見本）",
        source_en="Rules of data review (specimen)",
        **legal,
    )
    for row in cast["members"]:
        _admit(row, legal)
    found = Organization.objects.in_bulk(field_name="code")
    for row in cast["affiliations"]:
        contributed.organizations.affiliate(
            parent=found[row["parent"]], child=found[row["child"]], control=row["control"],
            valid_from=FIRST_YEAR[0], **legal,
        )  # fmt: skip


def _admit(row: dict, legal: dict) -> None:
    organization, start = Organization.objects.get(code=row["code"]), date.fromisoformat(row["from"])
    member = contributed.members.admit(organization, member_class=row["class"], admitted_on=start, **legal)
    contributed.stakes.declare(
        member,
        share=row["share"],
        valid_from=start,
        public_statement_ja=row["statement_ja"],
        public_statement_en=row["statement_en"],
        **legal,
    )
    contributed.terms.conclude(
        organization=organization,
        type="participation",
        title_ja="参加契約（データ・計算資源・従事・知財の提供条件、見本）",
        title_en="Participation agreement (terms for data, compute, people and IP; specimen)",
        rights=[_right(subject) for subject in ("data", "compute", "people", "background")],
        valid_from=start,
        illustrative=True,
        **legal,
    )


def _right(subject: str) -> dict:
    return {
        "subject": subject,
        "purposes": ["training", "evaluation"],
        "fields": ["all"],
        "territory": ["all"],
        "sublicensing": subject == "data",
        "further_training": True,
        "after_withdrawal": "trained-releases-remain",
    }


def register_datasets() -> None:
    """Each member registers its datasets from Croissant files; legal opens their reviews."""
    for row in read("consortium.json")["datasets"]:
        source = (FOLDER / "datasets" / row["file"]).read_bytes()
        description = croissant.describe(source)
        stated = dict(description.additions)
        copies = [{"country": stated["country"], "region": stated["region"]}]
        if "secondCopyCountry" in stated:
            copies.append({"country": stated["secondCopyCountry"], "region": stated["secondCopyRegion"]})
        late = row["member"] == "minato"
        on = "2026-06-02" if late else "2026-04-20"
        version = contributed.datasets.register(
            description,
            member=_member(row["member"]),
            source=source,
            copies=copies,
            submitted_on=date.fromisoformat(on),
            modality=stated["kind"],
            category_ja=row["category_ja"],
            category_en=row["category_en"],
            agreement=InboundAgreement.objects.get(organization__code=row["member"]),
            funding=FundingSource.objects.get(code="F-01"),
            illustrative=True,
            **act_of(row["member"], f"{on} 11:00", row["file"]),
        )
        contributed.reviews.open_all(version, **act("homu", f"{on} 15:00", row["file"]))
    factors = {}
    for version, row in zip(DatasetVersion.objects.order_by("pk"), read("consortium.json")["datasets"], strict=True):
        factors |= {f"{version}/quality": row["quality"], f"{version}/uniqueness": row["uniqueness"]}
    contributed.ratecards.adopt(
        card="dataset",
        lines=factors,
        valid_from=FIRST_YEAR[0],
        source_ja="審査機構の評価（見本）",
        source_en="The review body's assessment (specimen)",
        **act("homu", "2026-06-02 16:00", "factors"),
    )


CONDITION = ("保管設備の入退室記録を四半期ごとに提出すること。（見本・架空）", date(2026, 12, 31))
OUTCOMES = {"privacy": "not-personal", "export": "not-listed"}
JUDGED = {"item": "9項(7)（見本）", "judge": "見本データ審査機構（架空）", "judged_on": "2026-05-25"}


def review() -> None:
    """The review body decides: what passes, what is refused, what passes on a condition, and one that is still open."""
    for version in DatasetVersion.objects.order_by("pk").select_related("dataset__member__organization"):
        for row in version.reviews.order_by("pk"):
            if _is_tool_wear(version) and row.kind == "safety":
                continue
            refused = "line camera" in version.name_en and row.kind == "privacy"
            contributed.reviews.decide(
                row,
                decision="refused" if refused else "passed",
                opinion="作業者の顔が識別できる映像が含まれます。匿名加工のうえ再審査を受けてください。（見本・架空）"
                if refused
                else "提出資料を確認し、適合と判断しました。（見本）",
                ground="" if refused else OUTCOMES.get(row.kind, ""),
                details=JUDGED if row.kind == "export" else {},
                conditions=[CONDITION] if _is_tool_wear(version) and row.kind == "security" else [],
                valid_from=date(2026, 6, 3),
                valid_until=None if refused else REVIEW_VALID_UNTIL,
                **act("shinsa", "2026-06-03 13:00", f"{version}/{row.kind}"),
            )


def _is_tool_wear(version: DatasetVersion) -> bool:
    return version.dataset.member.code == "minato" and version.name_en.startswith("Tool wear")


def answer() -> None:
    """The invented associate answers its reviewers, and has a company excluded from its data."""
    replies = {"privacy": "撮像範囲を工具のみに改め、匿名加工を進めています。（見本・架空）",
               "security": "保管設備の入退室記録を提出します。（見本・架空）"}  # fmt: skip
    for row in Review.objects.filter(version__dataset__member__organization__code="minato", kind__in=replies):
        condition = Condition.objects.filter(opinion__review=row).first()
        if row.state == "refused" or condition is not None:
            contributed.reviews.reply(
                row,
                text=replies[row.kind],
                condition=condition,
                evidence=Evidence("入退室記録（見本）.txt", "見本・架空".encode()) if condition else None,
                **act_of("minato", "2026-06-10 10:00", f"reply {row.version} {row.kind}"),
            )
    contributed.exclusions.declare(
        _member("minato"),
        rival=Organization.objects.get(code="aoba"),
        valid_from=date(2026, 6, 11),
        **act("homu", "2026-06-11 10:00", "exclusion"),
    )


def release() -> None:
    """A training run on what was cleared, at Osaka, and the release made of it."""
    versions = list(DatasetVersion.objects.filter(dataset__member__organization__code__in=TRAINED_ON))
    run = releases.record_run(
        facility=Facility.objects.get(code="osaka"),
        versions=versions,
        purpose="training",
        accelerator="b200",
        gpu_s=1_843_200,
        started_on=date(2026, 6, 4),
        ended_on=date(2026, 6, 12),
        **act("homu", "2026-06-12 18:00", "run"),
    )
    releases.publish(
        number="R-0.3",
        name_ja="基盤モデル リリース0.3（見本）",
        name_en="Foundation model release 0.3 (specimen)",
        weights_sha256="9c1e03f75ab2d84e6f7081c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6",
        runs=[run],
        published_on=date(2026, 6, 13),
        **act("homu", "2026-06-13 10:00", "publish"),
    )


def vote() -> None:
    """The allocation policy is proposed, put to the steering committee, voted on with recorded votes, and adopted."""
    policy = policies.propose(read("policies.json")["adopted"], **act("homu", "2026-06-13 11:00", "policy"))
    rights_story.vote(policy, act, act_of, moment("2026-06-20 17:00"))
    policies.adopt(policy, adopted_on=date(2026, 6, 20), **act("homu", "2026-06-20 18:00", "adopt"))


def license() -> None:
    """Clauses and schedules are adopted, licensees screened, and their agreements drafted, offered and signed."""
    clauses.take_in(read("clauses.json"), valid_from=date(2026, 6, 1), **act("homu", "2026-06-21 09:00", "clauses"))
    checklists.adopt(**_checklist(), **act("homu", "2026-06-21 09:10", "checklist"))
    for row in read("schedules.json"):
        schedule = schedules.propose(
            **row, valid_from=date(2026, 6, 1), **act("homu", "2026-06-21 10:00", row["number"])
        )
        schedules.adopt(schedule, **act("homu", "2026-06-21 11:00", row["number"]))
    for code, field in (("shinonome", "robotics"), ("aoba", "manufacturing"), ("hayama", "imaging"), *LATER):
        _screen(code, field)
    for code, schedule, field, regions in (
        ("shinonome", "S-ROBOT", "robot", ["JP", "TH"]),
        ("aoba", "S-CELL", "manufacturing", ["JP"]),
    ):
        row = _draft(code, schedule, field, regions, (date(2026, 6, 24), date(2028, 6, 24)), "2026-06-22 10:00")
        checklists.answer(row, _answers(row), **act("homu", "2026-06-22 14:00", f"checklist {code}"))
        agreements.approve(row, **act("homu", "2026-06-22 15:00", f"approve {code}"))
        row = agreements.offer(_fresh(row), **act("homu", "2026-06-22 16:00", f"offer {code}"))
        row = agreements.sign(_fresh(row), **act("homu", "2026-06-23 10:00", f"sign {code}"))
        agreements.countersign(_fresh(row), **act(code, "2026-06-23 14:00", f"countersign {code}"))
    for code, _ in LATER:
        _conclude_later(code)
    contributed.exclusions.check_all(on=date(2026, 6, 23), **act("homu", "2026-06-23 17:00", "exclusion check"))


# Two more licensees, whose agreements run from October: one is soon to be renewed or not, one was ended.
LATER = (("tsukimi", "manufacturing"), ("kazemachi", "manufacturing"))


def _conclude_later(code: str) -> None:
    until = date(2027, 4, 1) if code == "tsukimi" else date(2028, 10, 1)
    row = _draft(code, "S-CELL", "manufacturing", ["JP"], (date(2026, 10, 1), until), "2026-06-23 14:10")
    checklists.answer(row, _answers(row), **act("homu", "2026-06-23 14:15", f"checklist {code}"))
    agreements.approve(row, **act("homu", "2026-06-23 14:20", f"approve {code}"))
    row = agreements.offer(_fresh(row), **act("homu", "2026-06-23 14:30", f"offer {code}"))
    row = agreements.sign(_fresh(row), **act("homu", "2026-06-23 14:40", f"sign {code}"))
    agreements.countersign(_fresh(row), **act_of(code, "2026-06-23 14:50", f"countersign {code}", "licensee"))


def _checklist() -> dict:
    document = read("checklist.json")
    return {**document, "valid_from": date.fromisoformat(document["valid_from"])}


def _answers(row: Agreement) -> list[Given]:
    """Each question is settled by the clause of the first family it names that the agreement holds."""
    families = {version.id: version.family for version in library.for_agreement(row)}
    found = {}
    for item in items(read("checklist.json")["items"]):
        held = (one["id"] for family in item.families for one in row.clauses if families[one["id"]] == family)
        found[item.code] = next(held)
    return [Given(code, "yes", clause, "確認済み（見本）") for code, clause in found.items()]


def propose_wording() -> None:
    """Somebody of the legal staff without a login proposes the next version of a clause; it waits for approval."""
    notice = next(version for version in library.library() if version.id == "notice")
    document = rules.document(notice)
    document["paragraphs"].append(
        {
            "ja": "前二項の通知は、通常到達すべき時に到達したものとみなす。",
            "en": "Notices under the preceding paragraphs are deemed received when they would ordinarily arrive.",
            "items": [],
        }
    )
    step = act("homu", "2026-10-30 15:00", "wording")
    clauses.propose(
        document,
        rationale=Text(
            "受領の拒否又は住所の変更により通知が届かない場合に備える。（見本）",
            "For notices that are refused or sent to an old address. (specimen)",
        ),
        by=replace(step["by"], user=None, name="法務担当（架空）"),
        at=step["at"],
    )


CHECKS = {
    "japanese-firm": ("本店は国内、支配株主も国内です。（見本・架空）", "Seated and controlled in Japan. (specimen)"),
    "antisocial": ("該当しません。（見本・架空）", "None found. (specimen)"),
    "export": ("取引審査済み。仕向地と用途に懸念はありません。（見本・架空）", "Screened; no concern. (specimen)"),
    "affiliates": (
        "無料枠を重ねて使う関係会社はありません。（見本・架空）",
        "No affiliate shares a free tier. (specimen)",
    ),
    "competition": ("利用除外に当たりません。（見本・架空）", "No exclusion applies. (specimen)"),
}


SCREENED = {
    "japanese-firm": {"seat": "JP", "foreign_control": "0"},
    "export": {"category": "none", "end_use": "civil", "inference": ["JP"]},
}


def _screen(code: str, field: str) -> None:
    licensee = licensees.apply(
        Organization.objects.get(code=code),
        licensee_class="japanese",
        field_of_use=field,
        purpose="自社製品への組込み（見本・架空）",
        applied_on=date(2026, 6, 21),
        **act("homu", "2026-06-21 12:00", f"apply {code}"),
    )
    for kind, (ja, en) in CHECKS.items():
        licensees.screen(
            licensee,
            kind=kind,
            passed=True,
            finding_ja=ja,
            finding_en=en,
            details=SCREENED.get(kind, {}),
            screened_on=date(2026, 6, 21),
            valid_until=date(2027, 6, 21),
            **act("homu", "2026-06-21 14:00", f"screen {code} {kind}"),
        )
    licensees.approve(
        licensee,
        decided_on=date(2026, 6, 21),
        rescreen_on=date(2027, 6, 21),
        **act("homu", "2026-06-21 17:00", f"approve licensee {code}"),
    )


def _draft(code: str, schedule: str, field: str, regions: list[str], term: tuple[date, date], when: str) -> Agreement:
    return agreements.draft(
        Licensee.objects.get(organization__code=code),
        schedule=Schedule.objects.get(number=schedule),
        release=Release.objects.get(number="R-0.3"),
        template="standard",
        variables=_variables(code, Schedule.objects.get(number=schedule), field, regions, term),
        term=term,
        **act("homu", when, f"draft {code}"),
    )


# What single licensees agreed on beside the standard.
AGREED = {
    "shinonome": {"renewal_rise_max": "20/100"},
    "aoba": {"derivative_rate": "3/100", "royalty_policy": "all_ancestors"},
    "tsukimi": {"renewal_rise_max": "20/100", "termination_months": 3},
}


def _variables(code: str, schedule: Schedule, field: str, regions: list[str], term: tuple[date, date]) -> dict:
    licensor, licensee = Organization.objects.get(code="consortium"), Organization.objects.get(code=code)
    weights = Release.objects.get(number="R-0.3").weights_sha256
    return {
        "licensor": licensor.named,
        "licensor_address": {"ja": licensor.address_ja, "en": licensor.address_en},
        "licensor_signatory": {
            "ja": "代表取締役　髙﨑　一郎（架空）",
            "en": "Ichiro Takasaki, Representative Director (fictional)",
        },
        "licensee": licensee.named,
        "licensee_address": {"ja": licensee.address_ja, "en": licensee.address_en},
        "licensee_signatory": {
            "ja": "代表取締役　𠮷田　花子（架空）",
            "en": "Hanako Yoshida, Representative Director (fictional)",
        },
        "release": "R-0.3",
        "release_sha256": weights,
        "fields": [field],
        "regions": regions,
        "term": {"from": term[0].isoformat(), "until": term[1].isoformat()},
        "renewal": "automatic",
        "renewal_years": 1,
        "notice_months": 3,
        "schedule": {
            "ja": f"{schedule.name_ja}（第{schedule.version}版）",
            "en": f"{schedule.name_en} (version {schedule.version})",
        },
        "terms": schedule.terms,
        "minimum": schedule.terms["minimum"],
        "report_period": "quarter",
        "report_days": 60,
        "acceptance_days": 14,
        "incident_hours": 72,
        "late_rate": "146/1000",
        "record_years": 7,
        "audit_notice_days": 15,
        "audit_threshold": "10/100",
        "further_training": True,
        "registration_days": 14,
        "confidentiality_years": 5,
        "liability_months": 12,
        "cure_days": 30,
        "deletion_days": 30,
        "winddown_months": 6,
        "court": {"ja": "東京地方裁判所", "en": "Tokyo District Court"},
        **AGREED.get(code, {}),
    }


def meter() -> None:
    """Compute comes from Slurm accounting logs, the rest from spreadsheets; legal and finance accept."""
    for row in read("consortium.json")["metering"]:
        outcome = contributed.imports.receive(
            FOLDER / "compute" / row["file"],
            member=_member(row["member"]),
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
        member=_member(row.member),
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


def allocate() -> Allocation:
    """The desk calculates, desk and auditor recompute and attest, legal adopts."""
    checkpoint = seal("2026-10-07 09:00")
    policy = Policy.objects.get(state=Policy.State.ADOPTED)
    allocation = allocations.run(
        policy,
        Release.objects.get(number="R-0.3"),
        checkpoint=checkpoint,
        window=HALF_YEAR,
        **act("haibun", "2026-10-07 10:00", "run"),
    )
    for username in ("haibun", "kansa"):
        allocation = allocations.attest(allocation, **act(username, "2026-10-08 10:00", f"attest {username}"))
    rights_story.decide_elsewhere(allocation, act)
    return allocations.adopt(allocation, **act("homu", "2026-10-09 10:00", "adopt allocation"))


def bill() -> None:
    """Licensees report June; finance accepts, invoices and receives. Aoba's second quarter waits to be invoiced."""
    used = {"shinonome": [("robot", "JP", "620"), ("robot", "TH", "180")], "aoba": [("cell", "JP", "96")]}
    for code, rows in used.items():
        agreement = Agreement.objects.get(licensee__organization__code=code)
        report = _report(agreement, date(2026, 6, 24), rows, code, "2026-10-10 10:00")
        invoice = invoices.issue(
            report, issued_on=date(2026, 10, 13), **act("keiri", "2026-10-13 10:00", f"invoice {code}")
        )
        invoices.record_receipt(
            invoice,
            amount=invoice.gross,
            received_on=date(2026, 10, 28),
            reference="見本銀行　振込",
            **act("keiri", "2026-10-28 15:00", f"receipt {code}"),
        )
    aoba = Agreement.objects.get(licensee__organization__code="aoba")
    _report(aoba, date(2026, 7, 1), [("cell", "JP", "104")], "aoba", "2026-10-29 10:00")


def _report(agreement: Agreement, start: date, rows: list[tuple[str, str, str]], code: str, when: str):
    report = usage.submit(
        agreement,
        period_from=start,
        rows=[{"metric": metric, "region": region, "units": units} for metric, region, units in rows],
        on=moment(when).date(),
        **act(code, when, f"usage {code} {start}"),
    )
    return usage.accept(report, **act("keiri", when.replace("10:00", "16:00"), f"accept {code} {start}"))


def distribute() -> None:
    """What was received goes to the members by the adopted allocation; two of them have confirmed already."""
    distribution = distributions.propose(
        Allocation.objects.get(state=Allocation.State.ADOPTED),
        list(Receipt.objects.all()),
        payment_type="licence-fee",
        legal_form=read("consortium.json")["legal_form"],
        admin_rate="5/100",
        reserve_rate="10/100",
        period=HALF_YEAR,
        pay_on=date(2027, 3, 31),
        confirm_by=date(2027, 3, 15),
        **act("keiri", "2026-10-30 10:00", "propose distribution"),
    )
    distribution = distributions.approve(
        distribution, approved_on=date(2026, 10, 30), **act("homu", "2026-10-30 15:00", "approve distribution")
    )
    for code in ("sony", "nec"):
        payout = distribution.payouts.get(member__organization__code=code)
        distributions.confirm(payout, **act_of(code, "2026-10-31 09:00", "confirm"))


def follow() -> None:
    """What becomes of contributions afterwards, told of the invented associate alone: each step, each kind of paper."""
    member = _member("minato")
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
    resources.recover(
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
        rights=[_right("data") | {"purposes": ["evaluation"], "sublicensing": False, "further_training": False}],
        valid_from=date(2026, 6, 1),
        valid_until=date(2029, 6, 1),
        file=_paper("秘密保持契約書.txt"),
        marks=["trade-secret"],
        illustrative=True,
        **act("homu", "2026-10-09 11:00", "nda"),
    )
    rights = [_right(subject) for subject in ("data", "compute", "people", "background")]
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


def negotiate() -> None:
    """Rules of negotiation are adopted, and a licensee negotiates its second agreement."""
    negotiation_story.adopt(read("negotiation_rules.json"), act)
    row = _draft(
        "shinonome", "S-ROBOT", "robot", ["JP", "TH"], (date(2026, 12, 1), date(2028, 12, 1)), "2026-10-29 16:20"
    )
    negotiation_story.negotiate(_fresh(row), act)


def take_in() -> None:
    """Contracts that were concluded before and elsewhere."""
    outside_story.take_in(act)


def leave_work() -> None:
    """One thing for each role: a draft to approve, a signature to add, an allocation to attest, a ballot to vote on."""
    _draft("hayama", "S-IMAGE", "imaging", ["JP"], (date(2026, 12, 1), date(2028, 12, 1)), "2026-10-31 10:00")
    row = _draft("aoba", "S-IMAGE", "imaging", ["JP"], (date(2026, 12, 1), date(2028, 12, 1)), "2026-10-31 10:10")
    agreements.approve(row, **act("homu", "2026-10-31 10:20", "approve second"))
    row = agreements.offer(_fresh(row), **act("homu", "2026-10-31 10:30", "offer second"))
    agreements.sign(_fresh(row), **act("homu", "2026-10-31 10:40", "sign second"))
    rights_story.leave_ballots(read("policies.json")["proposed"], act, act_of, moment("2027-03-31 17:00"))
    allocations.run(
        Policy.objects.get(state=Policy.State.ADOPTED),
        Release.objects.get(number="R-0.3"),
        checkpoint=seal("2026-10-31 11:20"),
        window=(date(2026, 7, 1), date(2026, 10, 1)),
        **act("haibun", "2026-10-31 11:30", "second run"),
    )


WITNESS = Cosigner("witness.mihon-kansa.example/w1", hashlib.sha256(b"moyai demo witness, specimen").digest())
"""A specimen: whoever reads this can make the key. It shows what a cosignature looks like, and proves nothing."""


def witness() -> None:
    """The audit firm's neutral witness is enrolled, and cosigns."""
    contributed.witnesses.enroll(
        Organization.objects.get(code="kansahojin"),
        kind="neutral",
        vkey=WITNESS.key.vkey,
        valid_from=date(2026, 10, 31),
        **act("homu", "2026-10-31 13:00", "witness"),
    )
    _cosign(seal("2026-10-31 13:10"), "2026-10-31 13:20")


def _cosign(checkpoint: Checkpoint, when: str) -> None:
    text, _ = notes.parse_note(checkpoint.note)
    signed = WITNESS.cosign(text, int(moment(when).timestamp()))
    note = cosignatures.with_lines(checkpoint.note, [signed])
    contributed.witnesses.receive(note, by=Viewer.system("witness"), at=moment(when))


def report():
    """The audit report of the first licensee, with its proofs, under a checkpoint that the witness cosigned."""
    agreement = Agreement.objects.get(licensee__organization__code="shinonome", state=Agreement.State.EXECUTED)
    made = reports.prepare(agreement, **act("homu", "2026-10-31 14:00", "report"))
    _cosign(Checkpoint.objects.latest("size"), "2026-10-31 14:10")
    return made


def seal(when: str) -> Checkpoint:
    """A checkpoint of the story."""
    return contributed.log.seal(by=Viewer.system("demo"), at=moment(when))


def hand_over() -> None:
    """The release's files go to the licensees, and what each owes is raised."""
    life_story.hand_over(act, act_of)


def live_on() -> None:
    """Contracts go on: one is amended, duties are settled or waived, derivatives are registered, one is ended."""
    life_story.live_on(act, act_of)


def is_told() -> bool:
    """Whether the whole story stands in this database."""
    return Agreement.objects.filter(reports__isnull=False).exists()


def _member(code: str) -> Member:
    return Member.objects.select_related("organization").get(organization__code=code)


def _fresh(row: Agreement) -> Agreement:
    return Agreement.objects.select_related("licensee__organization", "schedule", "release", "template").get(pk=row.pk)


CHAPTERS = (
    ("台帳の開設、組織、担当者", found),
    ("会員、出資比率、受入契約、換算表、計算施設", admit),
    ("決定機関、届出義務の表", lambda: rights_story.constitute(act)),
    ("データセットの登録", register_datasets),
    ("データ審査", review),
    ("審査への回答、除外指定", answer),
    ("学習実行とモデルリリース", release),
    ("配分規程の議決", vote),
    ("条項、料金表、利用者審査、利用許諾契約", license),
    ("ファイルの納品と検収、契約上の義務", hand_over),
    ("派生するリリース、発明", lambda: (rights_story.descend(act), rights_story.invent(act))),
    ("計算資源、資金、従事、知財", meter),
    ("配分計算", allocate),
    ("拠出のその後：確認、異議、回収、従事日誌", follow),
    ("所在国の証拠、クリーンチームの許可", lambda: evidence_story.tell(act, identity)),
    ("利用実績、請求、入金", bill),
    ("変更契約、義務の履行と免除、派生モデル、契約の終了", live_on),
    ("契約交渉、標準外条項、稟議", negotiate),
    ("収益分配", distribute),
    ("提携の値の表", lambda: rights_story.value(act)),
    ("料金表の追加、外部からの申出、利用者審査の途中", lambda: prospects.tell(act)),
    ("外部で締結した契約の受入れ", take_in),
    ("各担当者の次の仕事", leave_work),
    ("条項の案", propose_wording),
    ("立会人と立会署名", witness),
    ("来歴・権利検証報告書", report),
)
