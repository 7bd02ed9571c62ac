"""One cast for all tests: an invented consortium, told through the real services.

tetsu and hagane make steel and are rivals; kuruma makes cars; ginko is a bank; tetsuken is the laboratory of tetsu.
robo and arm are licensees, and rivals. Chapters build on one another (`CHAPTERS`); each is told once a session and then
put back from memory, so that a test may start late in the story without paying for its documents again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection

from contributions import services as contributed
from contributions.core.descriptions import DatasetDescription, DescribedFile
from contributions.core.periods import JST
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import (
    Batch,
    DatasetVersion,
    Facility,
    FundingSource,
    InboundAgreement,
    Member,
    Organization,
    Resource,
    Review,
    User,
)
from contributions.selectors import people
from licensing import services as licensed
from licensing.models import (
    Agreement,
    Allocation,
    Body,
    Distribution,
    Invoice,
    Licensee,
    Policy,
    Release,
    Schedule,
    UsageReport,
)
from licensing.services.ballots import Minutes

NAMESPACE = UUID("5e1ab6a0-50a1-4c7e-8f0b-0c6f0b7a9d11")
INSTALLATION = UUID("11111111-2222-4333-8444-555555555555")
PASSWORD = "correct horse"
JOINED = date(2026, 4, 1)
WINDOW = (date(2026, 4, 1), date(2026, 10, 1))
TERM = (date(2026, 6, 24), date(2028, 6, 24))
# What a screening records of an applicant that passes.
SCREENED = {
    "japanese-firm": {"seat": "JP", "foreign_control": "0"},
    "export": {"residency": "none", "category": "none", "end_use": "civil", "inference": ["JP"]},
}
REVIEWS = ("title", "privacy", "export", "competition", "security", "safety")
LIBRARY = Path(__file__).resolve().parent.parent / "demo" / "clauses.json"

# code: (Japanese name, English name, kind)
ORGANIZATIONS = {
    "consortium": ("もやい事務局", "Moyai Secretariat", "office"),
    "tetsu": ("鉄山製鋼", "Tetsuyama Steel", "company"),
    "tetsuken": ("鉄山研究所", "Tetsuyama Laboratory", "company"),
    "hagane": ("鋼野製鉄", "Hagano Iron", "company"),
    "kuruma": ("車田自動車", "Kurumada Motors", "company"),
    "ginko": ("銀河銀行", "Ginga Bank", "company"),
    "shinsa": ("審査機構", "Review Body", "review"),
    "kansa": ("監査法人", "Audit Firm", "audit"),
    "robo": ("ロボ工業", "Robo Industries", "company"),
    "arm": ("腕木製作所", "Udegi Works", "company"),
    "yoso": ("余所商会", "Yoso Trading", "company"),
}
MEMBERS = ("ginko", "hagane", "kuruma", "tetsu")
LICENSEES = ("arm", "robo")
# username: (employer, workplace, organization it acts for)
PEOPLE = {
    "legal": ("consortium", "legal", "consortium"),
    "second": ("consortium", "legal", "consortium"),
    "finance": ("consortium", "finance", "consortium"),
    "desk": ("consortium", "desk", "consortium"),
    "auditor": ("kansa", "auditor", "kansa"),
    "reviewer": ("shinsa", "reviewer", "shinsa"),
    "seconded": ("tetsuken", "reviewer", "shinsa"),
    "operator": ("consortium", "operator", "consortium"),
    **{code: (code, "member", code) for code in MEMBERS},
    **{code: (code, "licensee", code) for code in LICENSEES},
}
# Employed by a member and lent to an office of the consortium: they enter only where a test asks for them.
SECONDEES = {
    "lent": ("hagane", "legal", "consortium"),
    "lent-finance": ("hagane", "finance", "consortium"),
    "lent-desk": ("hagane", "desk", "consortium"),
    "lent-reviewer": ("hagane", "reviewer", "shinsa"),
}
FUNDING = {"F-01": ("own", "0"), "F-02": ("subsidy", "1/2"), "F-03": ("commission", "1")}
FACILITIES = {"osaka": ("kuruma", "JP", "大阪"), "austin": ("kuruma", "US", "Texas")}
BY_MEMBERS = {"basis": "members", "quorum": "1/2", "threshold": "2/3", "strict": False, "of": "decided"}
POLICY = {
    "v": 1,
    "number": "P-0001",
    "version": 1,
    "right": "revenue",
    "form": "claim",
    "method": "category-weighted/1",
    "categories": [
        {"code": "data", "weight": "45/100", "units": {"record": "1/1000000"}, "factors": ["quality", "uniqueness"]},
        {"code": "compute", "weight": "25/100", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
        {"code": "cash", "weight": "20/100", "units": {"JPY": "1/1000000"}, "factors": []},
        {"code": "people", "weight": "10/100", "units": {"minute": "1/9600"}, "factors": ["grade"]},
    ],
    "equity_counts": False,
    "residency": ["JP"],
    "empty_category": "renormalise",
    "floor": "1/100",
    "cap": "60/100",
    "rounding": {"method": "largest-remainder/1", "grid": 1000000, "tie": "member-code"},
    "disclosure": "safe-totals/1",
}
TERMS = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [
        {"from": "0", "until": "500", "price": "12000"},
        {"from": "500", "until": None, "price": "9000"},
    ],
    "minimum": "6000000",
}
JUDGED = {"item": "9項(7)", "judge": "審査機構 輸出管理担当", "judged_on": "2026-04-28"}
RECORD = {
    "site": "第一工場",
    "rightsHolder": "当社",
    "collectedFrom": "2025-04-01",
    "collectedUntil": "2026-04-01",
    "tlp": "amber",
    "personalData": "none",
    "thirdPartyRights": "なし",
    "purposes": "training",
    "prohibited": "再提供",
    "marks": "trade-secret",
}
# kind of data: reviews and how many opinions each needs
REQUIREMENTS = {
    "plant": dict.fromkeys(REVIEWS, 1),
    "simulation": dict.fromkeys(("title", "export", "competition", "security"), 1),
}
SACCT = "JobID|Cluster|Submit|Start|End|Elapsed|State|NNodes|NCPUS|AllocTRES|JobName"


def sacct(*jobs: tuple[int, str, int, int]) -> str:
    """Accounting lines in Slurm's format: (job number, its day, hours from 09:00, GPUs of type h100)."""
    lines = [SACCT]
    for number, day, hours, gpus in jobs:
        gres = f",gres/gpu:h100={gpus}" if gpus else ""
        lines.append(
            f"{number}|osaka|{day}T08:00:00|{day}T09:00:00|{day}T{9 + hours:02d}:00:00|{hours:02d}:00:00|COMPLETED|1|8|"
            f"cpu=8{gres},node=1|job {number}"
        )
    return "\n".join(lines) + "\n"


def description(title: str, **changes) -> DatasetDescription:
    """What a Croissant file of that title would describe: one file, licence and digest stated."""
    stated = {
        "name": Text(title, title),
        "description": Text(title, title),
        "licences": ("as agreed",),
        "conforms_to": "1.0",
        "version": "1.0.0",
        "url": None,
        "creators": (),
        "date_published": None,
        "files": (DescribedFile("data.bin", "data.bin", "application/octet-stream", "ab" * 32, 1000),),
        "additions": tuple(RECORD.items()),
    }
    return DatasetDescription(**(stated | changes))


class World:
    """The story so far. It holds a clock and a count of acts; everything else stands in the database."""

    def __init__(self, clock: datetime = datetime(2026, 4, 1, 9, tzinfo=JST), acts: int = 0) -> None:
        self.clock, self.acts = clock, acts

    # ---- who and when ------------------------------------------------------------------------------------------------
    def viewer(self, username: str) -> Viewer:
        """One of the people at their workplace, about to act."""
        self.acts += 1
        request = uuid5(NAMESPACE, f"act {self.acts}")
        if username in SECONDEES:
            _, workplace, organization = SECONDEES[username]
            on = self.clock.date()
            return people.standing(
                self.user(username), workplace=workplace, acting=organization, on=on, request=request
            )
        home, workplace, organization = PEOPLE[username]
        return Viewer(identity(username), username, home, organization, workplace, request=request)

    def member(self, code: str) -> Viewer:
        """The officer of a member."""
        assert code in MEMBERS
        return self.viewer(code)

    def licensee(self, code: str) -> Viewer:
        """The officer of a licensee."""
        assert code in LICENSEES
        return self.viewer(code)

    def second(self, username: str = "lent") -> Viewer:
        """A member's employee joins an office of the consortium, by default legal."""
        home, workplace, organization = SECONDEES[username]
        user = contributed.people.invite(
            username=username,
            email=f"{username}@example.invalid",
            name_ja=f"{username}の担当",
            name_en=username,
            home=Organization.objects.get(code=home),
            password=PASSWORD,
            identity=identity(username),
            home_from=JOINED,
            **self.by("legal"),
        )
        contributed.people.grant(
            user,
            organization=Organization.objects.get(code=organization),
            workplace=workplace,
            valid_from=JOINED,
            **self.by("legal"),
        )
        return self.viewer(username)

    def rivals(self, member: str, rival: str, *, on: date = JOINED):
        """A member names its rival; from then on people of either side are barred from the other's material."""
        return contributed.exclusions.declare(
            self.of(member), rival=Organization.objects.get(code=rival), valid_from=on, **self.by(member)
        )

    def clear_person(self, username: str, rival: str, *, start: date, until: date):
        """Legal lets a person see a rival's material, for a time."""
        return contributed.clearances.grant(
            self.user(username),
            rival=Organization.objects.get(code=rival),
            purpose="受入れの確認",
            valid_from=start,
            valid_until=until,
            **self.by("legal"),
        )

    def nowhere(self) -> Viewer:
        """A person with an account and no workplace."""
        return Viewer(None, "nowhere", "yoso", None, "")

    def viewers(self) -> dict[str, Viewer]:
        """Everybody."""
        return {username: self.viewer(username) for username in PEOPLE}

    def by(self, username: str) -> dict:
        """The keyword arguments `by` and `at` of a verb done by that person, a minute after the last."""
        self.clock += timedelta(minutes=1)
        return {"by": self.viewer(username), "at": self.clock}

    def wait_until(self, when: str) -> None:
        """Let time pass up to an instant in Japan's time."""
        later = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=JST)
        assert later >= self.clock, "time does not run backwards"
        self.clock = later

    def user(self, username: str) -> User:
        """The account of one of the people."""
        return User.objects.get(username=username)

    def of(self, member: str) -> Member:
        """The member of that code."""
        return Member.objects.select_related("organization").get(organization__code=member)

    # ---- putting things in -------------------------------------------------------------------------------------------
    def dataset(
        self,
        member: str,
        title: str,
        *,
        quantity: int = 1_000_000,
        countries: Sequence[str] = ("JP",),
        on: date = date(2026, 4, 20),
        with_terms: bool = True,
        funding: str = "F-01",
        opened: bool = True,
    ) -> DatasetVersion:
        """Register a dataset version of that many records and open its reviews."""
        version = contributed.datasets.register(
            description(title),
            member=self.of(member),
            source=f'{{"name": "{title}"}}'.encode(),
            copies=[{"country": country, "region": country} for country in countries],
            submitted_on=on,
            quantity=quantity,
            unit_code="record",
            modality="plant",
            category_ja="設備",
            category_en="plant",
            agreement=InboundAgreement.objects.get(organization__code=member) if with_terms else None,
            funding=FundingSource.objects.get(code=funding),
            **self.by(member),
        )
        if opened:
            contributed.reviews.open_all(version, **self.by("legal"))
        return version

    def decide(self, review: Review, decision: str = "passed", *, by: str = "reviewer", **changes) -> Review:
        """Let the review body decide one review."""
        stated = {
            "decision": decision,
            "opinion": "確認しました。",
            "ground": {"privacy": "not-personal", "export": "not-listed"}.get(review.kind, ""),
            "details": JUDGED if review.kind == "export" else {},
            "valid_from": date(2026, 5, 1),
            "valid_until": date(2028, 4, 1) if decision == "passed" else None,
        }
        return contributed.reviews.decide(review, **(stated | changes), **self.by(by))

    def clear(self, version: DatasetVersion) -> DatasetVersion:
        """Pass every open review of a version."""
        for review in version.reviews.filter(state="open").order_by("kind"):
            self.decide(review)
        return version

    def rate_datasets(self) -> None:
        """The review body's factors, for every version there is."""
        names = [str(version) for version in DatasetVersion.objects.select_related("dataset")]
        lines = {f"{name}/{factor}": "1" for name in names for factor in ("quality", "uniqueness")}
        contributed.ratecards.adopt(
            card="dataset", lines=lines, valid_from=JOINED, source_ja="評価", source_en="rating", **self.by("legal")
        )

    def file(self, content: str | bytes, name: str = "jobs.log") -> Path:
        """A file as a member would hand it in."""
        path = Path(tempfile.mkdtemp(dir=settings.MOYAI_HOME)) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def batch(
        self, member: str, content: str, *, facility: str = "osaka", funding: str = "F-01", attested: bool = True
    ) -> Batch:
        """Hand in a metering file, and let legal attest it."""
        outcome = contributed.imports.receive(
            self.file(content),
            member=self.of(member),
            facility=Facility.objects.get(code=facility),
            funding=FundingSource.objects.get(code=funding),
            **self.by(member),
        )
        return contributed.compute.attest(outcome.batch, **self.by("legal")) if attested else outcome.batch

    def resource(
        self,
        member: str,
        kind: str,
        quantity: int,
        *,
        nature: str = "",
        grade: str = "",
        funding: str = "F-01",
        accepted: bool = True,
        on: date = date(2026, 5, 1),
    ) -> Resource:
        """Record cash, people or background IP, and let finance accept it."""
        resource = contributed.resources.record(
            member=self.of(member),
            kind=kind,
            title_ja=f"{kind}の拠出",
            title_en=f"{kind} put in",
            quantity=quantity,
            nature=nature,
            grade=grade,
            period_from=on,
            period_until=date(2026, 6, 1) if kind == "people" else None,
            funding=FundingSource.objects.get(code=funding),
            agreement=InboundAgreement.objects.get(organization__code=member),
            **self.by(member),
        )
        return contributed.resources.accept(resource, **self.by("finance")) if accepted else resource

    def cash(self, member: str, yen: int, **more) -> Resource:
        """A levy paid in."""
        return self.resource(member, "cash", yen, **({"nature": "levy"} | more))

    def people(self, member: str, minutes: int, **more) -> Resource:
        """Engineers seconded."""
        return self.resource(member, "people", minutes, **({"grade": "senior"} | more))

    def narrow(self, member: str, **changes) -> None:
        """The member's inbound agreement is amended from 1 June on: each right changed alike."""
        agreement = InboundAgreement.objects.get(organization__code=member)
        rights = [right | changes for right in agreement.editions.get().rights]
        contributed.terms.amend(agreement, rights=rights, valid_from=date(2026, 6, 1), **self.by("legal"))

    def seal(self):
        """A checkpoint of the log as it stands."""
        return contributed.log.seal(**self.by("legal"))

    # ---- deciding ----------------------------------------------------------------------------------------------------
    def propose(self, **changes) -> Policy:
        """Propose the policy of this cast, changed where a test says so."""
        return licensed.policies.propose(POLICY | changes, **self.by("legal"))

    def body(self, members: Sequence[str] = MEMBERS, **changes) -> Body:
        """A steering committee of those members, each with one vote, two thirds carrying; changed where a test says."""
        stated = {"electorate": {"kind": "named", "members": list(members)}, "grounds": ["party", "beneficiary"]}
        stated["matters"] = dict.fromkeys(("policy", "allocation"), BY_MEMBERS)
        return licensed.bodies.constitute(
            code=f"committee-{Body.objects.count() + 1}",
            kind="committee",
            name_ja="運営委員会",
            name_en="Steering committee",
            stated=stated | changes,
            valid_from=JOINED,
            source_ja="参加契約",
            source_en="participation agreement",
            **self.by("legal"),
        )

    def ballot(
        self, proposal, *, electorate: Sequence[str] = MEMBERS, days: int = 30, body: Body | None = None, **more
    ):
        """Put a proposal to a body, by default to the committee of those members."""
        body = body or self.body(electorate)
        closes_at = self.clock + timedelta(days=days)
        return licensed.ballots.open(proposal, body=body, closes_at=closes_at, **more, **self.by("legal"))

    def vote(self, ballot, **choices: str) -> None:
        """Each member named casts its vote."""
        for code, choice in choices.items():
            licensed.ballots.cast(ballot, member=self.of(code), choice=choice, **self.by(code))

    def close(self, ballot):
        """Count a ballot, once all have voted or its time is over."""
        if ballot.votes.count() < len(ballot.electorate):
            self.clock = max(self.clock, ballot.closes_at)
        return licensed.ballots.close(ballot, minutes=Minutes("議事録", "minutes"), **self.by("legal"))

    def carry(self, proposal):
        """Every member votes for a proposal."""
        ballot = self.ballot(proposal)
        self.vote(ballot, **dict.fromkeys(MEMBERS, "for"))
        self.close(ballot)
        return proposal

    def adopt(self, policy: Policy) -> Policy:
        """Put a carried policy in force."""
        return licensed.policies.adopt(policy, adopted_on=self.clock.date(), **self.by("legal"))

    def policy(self, **changes) -> Policy:
        """A policy proposed, carried by every member, and adopted."""
        return self.adopt(self.carry(self.propose(**changes)))

    def release(self, number: str = "R-0.1", versions: Sequence[DatasetVersion] | None = None, **more) -> Release:
        """A release of one training run, on what is cleared for it."""
        cleared = DatasetVersion.objects.filter(reviews__state="passed").distinct() if versions is None else versions
        usable = [one for one in cleared if {copy["country"] for copy in one.copies} == {"JP"}]
        run = licensed.releases.record_run(
            facility=Facility.objects.get(code="osaka"),
            versions=usable,
            purpose="training",
            accelerator="h100",
            gpu_s=360_000,
            started_on=date(2026, 6, 1),
            ended_on=date(2026, 6, 10),
            **self.by("legal"),
        )
        return licensed.releases.publish(
            number=number,
            name_ja="基盤モデル",
            name_en="Foundation model",
            weights_sha256="9c" * 32,
            runs=[run],
            published_on=date(2026, 6, 13),
            **more,
            **self.by("legal"),
        )

    def run(self, **changes) -> Allocation:
        """The desk calculates by the adopted policy over the log as it stands."""
        stated = {"checkpoint": self.seal(), "window": WINDOW}
        policy = Policy.objects.get(state=Policy.State.ADOPTED)
        release = Release.objects.get(number="R-0.1")
        return licensed.allocations.run(policy, release, **(stated | changes), **self.by("desk"))

    def attest(self, allocation: Allocation, *people: str) -> Allocation:
        """Recompute and attest, by the desk and the auditor unless others are named."""
        for username in people or ("desk", "auditor"):
            allocation = licensed.allocations.attest(allocation, **self.by(username))
        return allocation

    # ---- licensing ---------------------------------------------------------------------------------------------------
    def apply(self, code: str) -> Licensee:
        """A company applies to use the models in robots."""
        return licensed.licensees.apply(
            Organization.objects.get(code=code),
            licensee_class="japanese",
            field_of_use="robotics",
            purpose="自社製品への組込み",
            applied_on=date(2026, 6, 15),
            **self.by("legal"),
        )

    def screen(self, licensee: Licensee, *kinds: str, passed: bool = True, by: str = "legal", **changes) -> None:
        """Legal records checks of an applicant: all of them unless some are named."""
        for kind in kinds or ("japanese-firm", "antisocial", "export", "affiliates", "competition"):
            stated = {
                "finding_ja": "問題ありません。",
                "finding_en": "Nothing found.",
                "screened_on": date(2026, 6, 16),
                "valid_until": date(2027, 6, 17),
                "details": SCREENED.get(kind, {}),
            }
            licensed.licensees.screen(licensee, kind=kind, passed=passed, **(stated | changes), **self.by(by))

    def approve(self, licensee: Licensee) -> Licensee:
        """A second person of legal approves an applicant."""
        days = {"decided_on": date(2026, 6, 17), "rescreen_on": date(2027, 6, 17)}
        return licensed.licensees.approve(licensee, **days, **self.by("second"))

    def schedule(self, number: str = "S-ROBOT", *, adopted: bool = True, **terms) -> Schedule:
        """A price list for robots."""
        schedule = licensed.schedules.propose(
            number=number,
            name_ja="ロボット",
            name_en="Robots",
            field_of_use="robotics",
            licensee_class="japanese",
            terms=TERMS | terms,
            valid_from=date(2026, 6, 1),
            **self.by("legal"),
        )
        return licensed.schedules.adopt(schedule, **self.by("second")) if adopted else schedule

    def library(self) -> None:
        """The clause library that the product ships with."""
        document = json.loads(LIBRARY.read_text(encoding="utf-8"))
        licensed.clauses.take_in(document, valid_from=date(2026, 6, 1), **self.by("legal"))

    def draft(self, code: str, **changes) -> Agreement:
        """Draft the standard agreement with a licensee."""
        schedule = Schedule.objects.filter(number="S-ROBOT").first()
        stated = {
            "schedule": schedule,
            "release": Release.objects.get(number="R-0.1"),
            "template": "standard",
            "variables": variables(code, schedule),
            "term": TERM,
        }
        licensee = Licensee.objects.get(organization__code=code)
        return licensed.agreements.draft(licensee, **(stated | changes), **self.by("legal"))

    def execute(self, agreement: Agreement) -> Agreement:
        """Take a draft all the way: approved, offered as a real PDF, signed by both."""
        code = agreement.licensee.organization.code
        steps = (
            (licensed.agreements.approve, "second"),
            (licensed.agreements.offer, "legal"),
            (licensed.agreements.sign, "legal"),
            (licensed.agreements.countersign, code),
        )
        for step, username in steps:
            agreement = step(fresh(agreement), **self.by(username))
        return fresh(agreement)

    def agreement(self, code: str) -> Agreement:
        """The executed agreement of a licensee."""
        return fresh(Agreement.objects.get(licensee__organization__code=code, state=Agreement.State.EXECUTED))

    def usage(self, code: str, units: str = "620", *, start: date = TERM[0], accepted: bool = True) -> UsageReport:
        """A licensee reports a period; finance accepts."""
        report = licensed.usage.submit(
            self.agreement(code),
            period_from=start,
            rows=[{"metric": "robot", "region": "JP", "units": units}],
            on=self.clock.date(),
            **self.by(code),
        )
        return licensed.usage.accept(report, **self.by("finance")) if accepted else report

    def invoice(self, report: UsageReport, **changes) -> Invoice:
        """Finance invoices an accepted report."""
        return licensed.invoices.issue(report, **({"issued_on": date(2026, 10, 13)} | changes), **self.by("finance"))

    def receive(self, invoice: Invoice, amount: int | None = None):
        """Money comes in on an invoice, all of it unless a sum is named."""
        return licensed.invoices.record_receipt(
            invoice, amount=amount or invoice.gross, received_on=date(2026, 10, 28), **self.by("finance")
        )

    def split(self, receipts, **changes) -> Distribution:
        """Finance proposes a distribution of receipts by the adopted allocation."""
        stated = {
            "payment_type": "licence-fee",
            "legal_form": "kabushiki",
            "admin_rate": "5/100",
            "reserve_rate": "10/100",
            "period": WINDOW,
            "pay_on": date(2026, 11, 30),
            "confirm_by": date(2026, 11, 20),
        }
        allocation = Allocation.objects.get(state=Allocation.State.ADOPTED)
        return licensed.distributions.propose(allocation, list(receipts), **(stated | changes), **self.by("finance"))


def identity(username: str) -> UUID:
    """The id of a person's account, the same in every telling."""
    return uuid5(NAMESPACE, f"person {username}")


def fresh(agreement: Agreement) -> Agreement:
    """The agreement as it now stands, with what its papers print."""
    return Agreement.objects.select_related("licensee__organization", "schedule", "release", "template").get(
        pk=agreement.pk
    )


def variables(code: str, schedule: Schedule) -> dict:
    """What the standard agreement asks for."""
    licensor, licensee = Organization.objects.get(code="consortium"), Organization.objects.get(code=code)
    return {
        "licensor": licensor.named,
        "licensor_address": {"ja": "東京都港区1-1-1", "en": "1-1-1 Minato, Tokyo"},
        "licensor_signatory": {"ja": "髙﨑　一郎", "en": "Ichiro Takasaki"},
        "licensee": licensee.named,
        "licensee_address": {"ja": "大阪府大阪市2-2-2", "en": "2-2-2 Osaka"},
        "licensee_signatory": {"ja": "𠮷田　花子", "en": "Hanako Yoshida"},
        "release": "R-0.1",
        "release_sha256": Release.objects.get(number="R-0.1").weights_sha256,
        "fields": ["robot"],
        "regions": ["JP", "TH"],
        "term": {"from": TERM[0].isoformat(), "until": TERM[1].isoformat()},
        "renewal": "automatic",
        "renewal_years": 1,
        "notice_months": 3,
        "schedule": {"ja": f"ロボット（第{schedule.version}版）", "en": f"Robots (version {schedule.version})"},
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
    }


# ---- chapters ----
def found(world: World, *, demo: bool = False) -> None:
    """The ledger is opened."""
    contributed.log.found(
        name={"ja": "もやい", "en": "Moyai"},
        legal_form="kabushiki",
        demo=demo,
        installation=INSTALLATION,
        by=Viewer.system("founding", request=uuid5(NAMESPACE, "founding")),
        at=world.clock,
    )


def join(world: World) -> None:
    """Organizations and people enter, members are admitted, and the common tables are adopted."""
    found(world)
    legal = world.by("legal") | {"by": Viewer.system("joining", request=uuid5(NAMESPACE, "joining"))}
    for code, (name_ja, name_en, kind) in ORGANIZATIONS.items():
        contributed.organizations.register(
            code=code, name_ja=name_ja, name_en=name_en, kind=kind, invented=True, **legal
        )
    found_at = Organization.objects.in_bulk(field_name="code")
    contributed.organizations.affiliate(
        parent=found_at["tetsu"], child=found_at["tetsuken"], control="51/100", valid_from=JOINED, **legal
    )
    for username, (home, workplace, organization) in PEOPLE.items():
        user = contributed.people.invite(
            username=username,
            email=f"{username}@example.invalid",
            name_ja=f"{username}の担当",
            name_en=username,
            home=found_at[home],
            password=PASSWORD,
            identity=identity(username),
            **legal,
        )
        contributed.people.grant(
            user, organization=found_at[organization], workplace=workplace, valid_from=JOINED, **legal
        )
    _common_tables(found_at, legal)
    for code in MEMBERS:
        _admit(found_at[code], legal)


def _common_tables(organizations: dict[str, Organization], legal: dict) -> None:
    for code, (mode, rate) in FUNDING.items():
        contributed.funding.register(code=code, name_ja=code, name_en=code, mode=mode, state_rate=rate, **legal)
    for code, (operator, country, region) in FACILITIES.items():
        contributed.facilities.register(
            code=code,
            name_ja=code,
            name_en=code,
            operator=organizations[operator],
            country=country,
            region=region,
            default_accelerator="h100",
            **legal,
        )
    contributed.requirements.adopt(
        REQUIREMENTS, valid_from=JOINED, source_ja="データ審査規程", source_en="data review rules", **legal
    )
    for card, lines in (("accelerator", {"h100": "1", "cpu": "1"}), ("grade", {"senior": "3/2", "staff": "1"})):
        contributed.ratecards.adopt(
            card=card, lines=lines, valid_from=JOINED, source_ja="換算", source_en="rates", **legal
        )


def _admit(organization: Organization, legal: dict) -> None:
    member = contributed.members.admit(organization, member_class="founder", admitted_on=JOINED, **legal)
    contributed.stakes.declare(member, share="1/4", valid_from=JOINED, **legal)
    right = {
        "purposes": ["training"],
        "fields": ["all"],
        "territory": ["all"],
        "sublicensing": True,
        "further_training": True,
        "after_withdrawal": "trained-releases-remain",
    }
    contributed.terms.conclude(
        organization=organization,
        type="participation",
        title_ja="参加契約",
        title_en="Participation agreement",
        rights=[{"subject": subject, **right} for subject in ("data", "compute", "people", "background")],
        valid_from=JOINED,
        **legal,
    )


def contribute(world: World) -> None:
    """Every member puts something in; one dataset lies abroad, one is not cleared, and some waits to be accepted."""
    world.wait_until("2026-06-01 09:00")
    world.clear(world.dataset("tetsu", "高炉", quantity=3_000_000))
    world.clear(world.dataset("hagane", "転炉", quantity=2_000_000))
    world.clear(world.dataset("kuruma", "走行", quantity=4_000_000, countries=("JP", "US")))
    world.dataset("kuruma", "衝突", quantity=5_000_000)
    world.rate_datasets()
    world.batch("kuruma", sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8)), funding="F-02")
    world.batch("hagane", sacct((3, "2026-05-12", 3, 4)), attested=False)
    world.cash("ginko", 5_000_000)
    world.cash("ginko", 90_000_000, nature="equity")
    world.cash("tetsu", 1_000_000)
    world.cash("hagane", 2_000_000, accepted=False)
    world.people("hagane", 9_600)


def allocate(world: World) -> None:
    """A policy is adopted, a release published, and an allocation calculated, attested and adopted."""
    world.wait_until("2026-06-13 09:00")
    world.policy()
    world.release()
    licensed.allocations.adopt(world.carry(world.attest(world.run())), **world.by("legal"))


def license(world: World) -> None:
    """Both licensees are approved and sign; robo's agreement and arm's are real PDFs with real signatures."""
    world.wait_until("2026-06-20 09:00")
    world.library()
    world.schedule()
    for code in LICENSEES:
        licensee = world.apply(code)
        world.screen(licensee)
        world.approve(licensee)
        world.execute(world.draft(code))


def settle(world: World) -> None:
    """Both report June, are invoiced and pay; the money is split, approved, and waits for the members."""
    world.wait_until("2026-10-10 09:00")
    receipts = [world.receive(world.invoice(world.usage(code))) for code in LICENSEES]
    licensed.distributions.approve(world.split(receipts), approved_on=date(2026, 10, 30), **world.by("legal"))


CHAPTERS = {"join": join, "contribute": contribute, "allocate": allocate, "license": license, "settle": settle}
_told: dict[str, tuple[datetime, int, list]] = {}


def tell(chapter: str) -> World:
    """The story up to the end of that chapter, in the current database."""
    if chapter in _told:
        clock, acts, held = _told[chapter]
        put_back(held)
        return World(clock, acts)
    names = list(CHAPTERS)
    before = names.index(chapter) - 1
    world = tell(names[before]) if before >= 0 else World()
    CHAPTERS[chapter](world)
    _told[chapter] = (world.clock, world.acts, rows())
    return world


def _models() -> list:
    configs = [apps.get_app_config(label) for label in ("contributions", "licensing")]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return [model for model in models if model.__name__ not in {"TaxRate", "RetentionRule"}]  # by a migration


def rows() -> list:
    """Every row of both wings, to be put back later."""
    return [(model, list(model._base_manager.all())) for model in _models()]


def put_back(held: list) -> None:
    """Rows as they were. Foreign keys are checked at the end of the transaction, so that their order is free."""
    for model, found_rows in held:
        model._base_manager.bulk_create(found_rows, batch_size=200)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in held]):
            cursor.execute(statement)
