from contributions.models.compute import Batch, BatchFinding, Facility, MeterDay, MeteredJob
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion
from contributions.models.funding import FundedAsset, FundingEdition, FundingSource, RateCard
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, Stake
from contributions.models.organizations import Affiliation, Organization
from contributions.models.people import RoleGrant, User
from contributions.models.resources import Recovery, Resource, ResourceStep, WorkLog
from contributions.models.terms import AgreementType, InboundAgreement, RightIn, TermsEdition

__all__ = [
    "Affiliation",
    "AgreementType",
    "Annex",
    "Batch",
    "BatchFinding",
    "Checkpoint",
    "Cursor",
    "Dataset",
    "DatasetVersion",
    "Entry",
    "Exclusion",
    "Facility",
    "FundedAsset",
    "FundingEdition",
    "FundingSource",
    "InboundAgreement",
    "Job",
    "LogHead",
    "Member",
    "MeterDay",
    "MeteredJob",
    "Movement",
    "Node",
    "Organization",
    "RateCard",
    "Recovery",
    "Resource",
    "ResourceStep",
    "Review",
    "RightIn",
    "RoleGrant",
    "Stake",
    "Statement",
    "TermsEdition",
    "User",
    "WorkLog",
]
