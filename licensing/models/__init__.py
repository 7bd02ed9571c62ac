from licensing.models.agreements import Agreement, AgreementDocument, Signature
from licensing.models.allocations import Allocation, Share
from licensing.models.approvals import Approval, ApprovalAct, Deputy, NegotiationRules
from licensing.models.ballots import Ballot, Vote
from licensing.models.books import Posting, Slip
from licensing.models.clauses import AgreementTemplate, Clause, ClauseVersion
from licensing.models.deviations import Deviation
from licensing.models.distributions import Distribution, Payout
from licensing.models.invoices import Invoice, InvoiceLine, Receipt
from licensing.models.licensees import Licensee, Screening
from licensing.models.negotiations import AgreementVersion, Comment, Negotiation, Proposal, ProposalEdition
from licensing.models.policies import Policy
from licensing.models.releases import Release, TrainingRun
from licensing.models.reports import AuditReport
from licensing.models.schedules import Schedule
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
    "Clause",
    "ClauseVersion",
    "Comment",
    "Deputy",
    "Deviation",
    "Distribution",
    "Invoice",
    "InvoiceLine",
    "Licensee",
    "Negotiation",
    "NegotiationRules",
    "Payout",
    "Policy",
    "Posting",
    "Proposal",
    "ProposalEdition",
    "Receipt",
    "Release",
    "Schedule",
    "Screening",
    "Share",
    "Signature",
    "Slip",
    "TaxRate",
    "TrainingRun",
    "UsageLine",
    "UsageReport",
    "Vote",
]
