from contributions.models.clearances import Clearance
from contributions.models.compute import Batch, BatchFinding, Facility, MeterDay, MeteredJob
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion
from contributions.models.funding import FundingSource, RateCard
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, MemberClass, Stake
from contributions.models.openings import Opening
from contributions.models.organizations import Affiliation, Organization, Particulars
from contributions.models.people import HomeSpell, RoleGrant, User
from contributions.models.resources import Resource
from contributions.models.terms import InboundAgreement, RightIn

__all__ = [
    "Affiliation",
    "Annex",
    "Batch",
    "BatchFinding",
    "Checkpoint",
    "Clearance",
    "Cursor",
    "Dataset",
    "DatasetVersion",
    "Entry",
    "Exclusion",
    "Facility",
    "FundingSource",
    "HomeSpell",
    "InboundAgreement",
    "Job",
    "LogHead",
    "Member",
    "MemberClass",
    "MeterDay",
    "MeteredJob",
    "Movement",
    "Node",
    "Opening",
    "Organization",
    "Particulars",
    "RateCard",
    "Resource",
    "Review",
    "RightIn",
    "RoleGrant",
    "Stake",
    "Statement",
    "User",
]
