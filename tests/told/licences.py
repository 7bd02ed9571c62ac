"""What licensees do and pay: applications, agreements, usage, invoices, and the split of what came in."""

from __future__ import annotations

import json
from datetime import date

from contributions.core.evidence import Evidence
from contributions.models import Organization
from licensing import services as licensed
from licensing.models import Agreement, Allocation, Distribution, Invoice, Licensee, Release, Schedule, UsageReport
from told.cast import LIBRARY, SCREENED, TERM, TERMS, WINDOW
from told.deciding import Deciding
from told.papers import fresh, variables


class Licensing(Deciding):
    """Licensees apply, sign, report and pay; the money is split."""

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
                "evidence": Evidence("証明書（見本）.txt", b"specimen"),
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
