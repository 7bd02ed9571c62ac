from contributions.models.compute import Batch, Facility, MeterDay
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion
from contributions.models.funding import FundingSource, RateCard
from contributions.models.intakes import ColumnMap, Intake
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, Stake
from contributions.models.organizations import Affiliation, Organization
from contributions.models.people import RoleGrant, User
from contributions.models.resources import Resource
from contributions.models.terms import InboundAgreement, RightIn

__all__ = [
    "Affiliation",
    "Annex",
    "Batch",
    "Checkpoint",
    "ColumnMap",
    "Cursor",
    "Dataset",
    "DatasetVersion",
    "Entry",
    "Exclusion",
    "Facility",
    "FundingSource",
    "InboundAgreement",
    "Intake",
    "Job",
    "LogHead",
    "Member",
    "MeterDay",
    "Movement",
    "Node",
    "Organization",
    "RateCard",
    "Resource",
    "Review",
    "RightIn",
    "RoleGrant",
    "Stake",
    "Statement",
    "User",
]
