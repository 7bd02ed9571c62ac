from licensing.models.agreements import Agreement, AgreementDocument, Signature
from licensing.models.allocations import Allocation, Share
from licensing.models.approvals import Approval, ApprovalAct, Deputy, NegotiationRules
from licensing.models.ballots import Ballot, Vote
from licensing.models.books import Posting, Slip
from licensing.models.checklists import Checklist, ChecklistAnswer
from licensing.models.clauses import AgreementTemplate, Clause, ClauseVersion
from licensing.models.deviations import Deviation
from licensing.models.distributions import Distribution, Payout
from licensing.models.fields import FieldOfUse
from licensing.models.inquiries import Inquiry
from licensing.models.invoices import Invoice, InvoiceLine, Receipt
from licensing.models.licences import Licence
from licensing.models.licensees import Conflict, Licensee, Screening, ScreeningRule
from licensing.models.negotiations import AgreementVersion, Comment, Negotiation, Proposal, ProposalEdition
from licensing.models.outside import OutsideAgreement
from licensing.models.policies import Policy
from licensing.models.releases import Release, TrainingRun
from licensing.models.reports import AuditReport
from licensing.models.retention import RetentionRule
from licensing.models.schedules import Schedule, ScheduleDraft
from licensing.models.taxes import TaxRate
from licensing.models.usage import UsageLine, UsageReport

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementTemplate",
    "AgreementVersion",
    "Allocation",
    "Approval",
    "ApprovalAct",
    "AuditReport",
    "Ballot",
    "Checklist",
    "ChecklistAnswer",
    "Clause",
    "ClauseVersion",
    "Comment",
    "Conflict",
    "Deputy",
    "Deviation",
    "Distribution",
    "FieldOfUse",
    "Inquiry",
    "Invoice",
    "InvoiceLine",
    "Licence",
    "Licensee",
    "Negotiation",
    "NegotiationRules",
    "OutsideAgreement",
    "Payout",
    "Policy",
    "Posting",
    "Proposal",
    "ProposalEdition",
    "Receipt",
    "Release",
    "RetentionRule",
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
    "Vote",
]
