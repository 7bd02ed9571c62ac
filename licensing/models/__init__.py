from licensing.models.agreements import Agreement, AgreementDocument, Signature
from licensing.models.allocations import Allocation, Share
from licensing.models.amendments import Amendment, AmendmentDocument, AmendmentSignature
from licensing.models.approvals import Approval, ApprovalAct, Deputy, NegotiationRules
from licensing.models.ballots import Ballot, Vote
from licensing.models.bodies import Body, BodyEdition
from licensing.models.books import Posting, Slip
from licensing.models.checklists import Checklist, ChecklistAnswer
from licensing.models.clauses import AgreementTemplate, Clause, ClauseVersion
from licensing.models.deliveries import Delivery, Download, ReleaseFile
from licensing.models.derivatives import Derivative
from licensing.models.deviations import Deviation
from licensing.models.distributions import Distribution, Payout
from licensing.models.fields import FieldOfUse
from licensing.models.inquiries import Inquiry
from licensing.models.inventions import Duty, Filing, Holder, Invention, Inventor, Notice
from licensing.models.invoices import Invoice, InvoiceLine, Receipt
from licensing.models.licences import Licence
from licensing.models.licensees import Conflict, Licensee, Screening, ScreeningRule
from licensing.models.mandates import RulesProposal
from licensing.models.negotiations import AgreementVersion, Comment, Negotiation, Proposal, ProposalEdition
from licensing.models.obligations import CalendarFeed, DigestPreference, Obligation
from licensing.models.outside import OutsideAgreement
from licensing.models.policies import Policy
from licensing.models.releases import Parent, Release, RunBreach, TrainingRun
from licensing.models.renewals import PriceAnnouncement, Renewal, RenewalNotice, RenewalProposal
from licensing.models.reports import AuditReport
from licensing.models.retention import RetentionRule
from licensing.models.schedules import Schedule, ScheduleDraft
from licensing.models.step_ups import StepUp
from licensing.models.taxes import TaxRate
from licensing.models.terminations import Suspension, Termination
from licensing.models.usage import UsageLine, UsageReport
from licensing.models.valuations import Valuation

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementTemplate",
    "AgreementVersion",
    "Allocation",
    "Amendment",
    "AmendmentDocument",
    "AmendmentSignature",
    "Approval",
    "ApprovalAct",
    "AuditReport",
    "Ballot",
    "Body",
    "BodyEdition",
    "CalendarFeed",
    "Checklist",
    "ChecklistAnswer",
    "Clause",
    "ClauseVersion",
    "Comment",
    "Conflict",
    "Delivery",
    "Deputy",
    "Derivative",
    "Deviation",
    "DigestPreference",
    "Distribution",
    "Download",
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
    "Negotiation",
    "NegotiationRules",
    "Notice",
    "Obligation",
    "OutsideAgreement",
    "Parent",
    "Payout",
    "Policy",
    "Posting",
    "PriceAnnouncement",
    "Proposal",
    "ProposalEdition",
    "Receipt",
    "Release",
    "ReleaseFile",
    "Renewal",
    "RenewalNotice",
    "RenewalProposal",
    "RetentionRule",
    "RulesProposal",
    "RunBreach",
    "Schedule",
    "ScheduleDraft",
    "Screening",
    "ScreeningRule",
    "Share",
    "Signature",
    "Slip",
    "StepUp",
    "Suspension",
    "TaxRate",
    "Termination",
    "TrainingRun",
    "UsageLine",
    "UsageReport",
    "Valuation",
    "Vote",
]
