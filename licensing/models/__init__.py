from licensing.models.agreements import Agreement, AgreementDocument, Signature
from licensing.models.allocations import Allocation, Share
from licensing.models.ballots import Ballot, Vote
from licensing.models.bodies import Body, BodyEdition
from licensing.models.books import Posting, Slip
from licensing.models.clauses import AgreementTemplate, Clause, ClauseVersion
from licensing.models.distributions import Distribution, Payout
from licensing.models.inventions import Duty, Filing, Holder, Invention, Inventor, Notice
from licensing.models.invoices import Invoice, InvoiceLine, Receipt
from licensing.models.licensees import Licensee, Screening
from licensing.models.policies import Policy
from licensing.models.releases import Parent, Release, RunBreach, TrainingRun
from licensing.models.reports import AuditReport
from licensing.models.schedules import Schedule
from licensing.models.taxes import TaxRate
from licensing.models.usage import UsageLine, UsageReport
from licensing.models.valuations import Valuation

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementTemplate",
    "Allocation",
    "AuditReport",
    "Ballot",
    "Body",
    "BodyEdition",
    "Clause",
    "ClauseVersion",
    "Distribution",
    "Duty",
    "Filing",
    "Holder",
    "Invention",
    "Inventor",
    "Invoice",
    "InvoiceLine",
    "Licensee",
    "Notice",
    "Parent",
    "Payout",
    "Policy",
    "Posting",
    "Receipt",
    "Release",
    "RunBreach",
    "Schedule",
    "Screening",
    "Share",
    "Signature",
    "Slip",
    "TaxRate",
    "TrainingRun",
    "UsageLine",
    "UsageReport",
    "Valuation",
    "Vote",
]
