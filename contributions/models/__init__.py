from contributions.models.acts import Act
from contributions.models.balances import BalanceBlock, BalanceLine
from contributions.models.clearances import Clearance
from contributions.models.compute import Batch, BatchFinding, Facility, MeterDay, MeteredJob
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion
from contributions.models.funding import FundingSource, RateCard
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Correction, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, MemberClass, Stake
from contributions.models.openings import Opening
from contributions.models.organizations import Affiliation, Organization, Particulars
from contributions.models.people import HomeSpell, RoleGrant, User
from contributions.models.resources import Resource
from contributions.models.terms import InboundAgreement, RightIn
from contributions.models.witnesses import Cosignature, KeyRotation, Witness, WitnessRule

__all__ = [
    "Act",
    "Affiliation",
    "Annex",
    "BalanceBlock",
    "BalanceLine",
    "Batch",
    "BatchFinding",
    "Checkpoint",
    "Clearance",
    "Correction",
    "Cosignature",
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
    "KeyRotation",
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
    "Witness",
    "WitnessRule",
]
