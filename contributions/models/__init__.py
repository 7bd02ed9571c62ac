from contributions.models.compute import Batch, BatchFinding, Facility, MeterDay, MeteredJob
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion, ExclusionCheck
from contributions.models.funding import FundingSource, RateCard
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, Stake
from contributions.models.organizations import Affiliation, Organization
from contributions.models.people import RoleGrant, User
from contributions.models.residency import Breach
from contributions.models.resources import Resource
from contributions.models.reviews import Condition, Opinion, Reply, Requirement
from contributions.models.terms import InboundAgreement, RightIn

__all__ = [
    "Affiliation",
    "Annex",
    "Batch",
    "BatchFinding",
    "Breach",
    "Checkpoint",
    "Condition",
    "Cursor",
    "Dataset",
    "DatasetVersion",
    "Entry",
    "Exclusion",
    "ExclusionCheck",
    "Facility",
    "FundingSource",
    "InboundAgreement",
    "Job",
    "LogHead",
    "Member",
    "MeterDay",
    "MeteredJob",
    "Movement",
    "Node",
    "Opinion",
    "Organization",
    "RateCard",
    "Reply",
    "Requirement",
    "Resource",
    "Review",
    "RightIn",
    "RoleGrant",
    "Stake",
    "Statement",
    "User",
]
