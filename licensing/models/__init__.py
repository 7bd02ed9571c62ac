from licensing.models.agreements import Agreement, AgreementDocument, Signature
from licensing.models.allocations import Allocation, Share
from licensing.models.ballots import Ballot, Vote
from licensing.models.bodies import Body, BodyEdition
from licensing.models.books import Posting, Slip
from licensing.models.checklists import Checklist, ChecklistAnswer
from licensing.models.clauses import AgreementTemplate, Clause, ClauseVersion
from licensing.models.distributions import Distribution, Payout
from licensing.models.fields import FieldOfUse
from licensing.models.inquiries import Inquiry
from licensing.models.inventions import Duty, Filing, Holder, Invention, Inventor, Notice
from licensing.models.invoices import Invoice, InvoiceLine, Receipt
from licensing.models.licences import Licence
from licensing.models.licensees import Conflict, Licensee, Screening, ScreeningRule
from licensing.models.outside import OutsideAgreement
from licensing.models.policies import Policy
from licensing.models.releases import Parent, Release, RunBreach, TrainingRun
from licensing.models.reports import AuditReport
from licensing.models.retention import RetentionRule
from licensing.models.schedules import Schedule, ScheduleDraft
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
    "Checklist",
    "ChecklistAnswer",
    "Clause",
    "ClauseVersion",
    "Conflict",
    "Distribution",
    "Duty",
    "FieldOfUse",
    "Filing",
    "Holder",
    "Inquiry",
    "Invention",
    "Inventor",
    "Invoice",
    "InvoiceLine",
    "Licence",
    "Licensee",
    "Notice",
    "OutsideAgreement",
    "Parent",
    "Payout",
    "Policy",
    "Posting",
    "Receipt",
    "Release",
    "RetentionRule",
    "RunBreach",
    "Schedule",
    "ScheduleDraft",
    "Screening",
    "ScreeningRule",
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
