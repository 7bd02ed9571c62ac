from contributions.models.acts import Act
from contributions.models.balances import BalanceBlock, BalanceLine
from contributions.models.clearances import Clearance
from contributions.models.compute import Batch, Facility, FacilityEdition, MeterDay
from contributions.models.datasets import Dataset, DatasetVersion, Review
from contributions.models.exclusions import Exclusion, ExclusionCheck
from contributions.models.funding import FundedAsset, FundingEdition, FundingSource, RateCard
from contributions.models.intakes import ColumnMap, Intake
from contributions.models.jobs import Cursor, Job
from contributions.models.journal import Annex, Checkpoint, Correction, Entry, LogHead, Movement, Node, Statement
from contributions.models.members import Member, MemberClass, Stake
from contributions.models.meter_totals import MeterTotal
from contributions.models.openings import Opening
from contributions.models.organizations import Affiliation, Organization, Particulars
from contributions.models.people import HomeSpell, RoleGrant, User
from contributions.models.places import PlaceEvidence
from contributions.models.residency import Breach
from contributions.models.resources import Recovery, Resource, ResourceStep, WorkLog
from contributions.models.reviews import Condition, Opinion, Reply, Requirement
from contributions.models.terms import AgreementType, InboundAgreement, RightIn, TermsEdition
from contributions.models.witnesses import Cosignature, KeyRotation, Witness, WitnessRule

__all__ = [
    "Act",
    "Affiliation",
    "AgreementType",
    "Annex",
    "BalanceBlock",
    "BalanceLine",
    "Batch",
    "Breach",
    "Checkpoint",
    "Clearance",
    "ColumnMap",
    "Condition",
    "Correction",
    "Cosignature",
    "Cursor",
    "Dataset",
    "DatasetVersion",
    "Entry",
    "Exclusion",
    "ExclusionCheck",
    "Facility",
    "FacilityEdition",
    "FundedAsset",
    "FundingEdition",
    "FundingSource",
    "HomeSpell",
    "InboundAgreement",
    "Intake",
    "Job",
    "KeyRotation",
    "LogHead",
    "Member",
    "MemberClass",
    "MeterDay",
    "MeterTotal",
    "Movement",
    "Node",
    "Opening",
    "Opinion",
    "Organization",
    "Particulars",
    "PlaceEvidence",
    "RateCard",
    "Recovery",
    "Reply",
    "Requirement",
    "Resource",
    "ResourceStep",
    "Review",
    "RightIn",
    "RoleGrant",
    "Stake",
    "Statement",
    "TermsEdition",
    "User",
    "Witness",
    "WitnessRule",
    "WorkLog",
]
