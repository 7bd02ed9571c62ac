"""Who acts, from which workplace, and what that workplace may do.

A person may hold several roles; at any moment exactly one workplace is chosen, and only its rights count, never the
union. Organizations are named by their code. This module knows no licence and no database: both wings list their
actions here as plain strings, in one table that a test reads to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contributions.core.errors import Refused
from contributions.core.words import Text

LEGAL, FINANCE, DESK, AUDITOR, REVIEWER = "legal", "finance", "desk", "auditor", "reviewer"
MEMBER, LICENSEE, OPERATOR, SYSTEM = "member", "licensee", "operator", "system"

WORKPLACES = {
    LEGAL: Text("事務局・法務", "Secretariat, legal"),
    FINANCE: Text("事務局・経理", "Secretariat, finance"),
    DESK: Text("配分デスク", "Allocation desk"),
    AUDITOR: Text("監査人", "Auditor"),
    REVIEWER: Text("審査機関", "Review body"),
    MEMBER: Text("会員", "Member"),
    LICENSEE: Text("利用者", "Licensee"),
    OPERATOR: Text("運用", "Operations"),
    SYSTEM: Text("システム", "System"),
}

# The secretariat sees the whole ledger; finance and legal apart where figures of licensees meet figures of members.
OFFICE = frozenset({LEGAL, FINANCE, DESK, AUDITOR})

ACTIONS: dict[str, frozenset[str]] = {
    "organization.register": frozenset({LEGAL}),
    "organization.amend": frozenset({LEGAL}),
    "organization.affiliate": frozenset({LEGAL}),
    "person.invite": frozenset({LEGAL, OPERATOR, LICENSEE}),
    "person.move": frozenset({LEGAL, OPERATOR}),
    "person.deactivate": frozenset({LEGAL, OPERATOR}),
    "role.grant": frozenset({LEGAL, OPERATOR, LICENSEE}),
    "role.revoke": frozenset({LEGAL, OPERATOR, LICENSEE}),
    "cleanteam.grant": frozenset({LEGAL}),
    "cleanteam.end": frozenset({LEGAL}),
    "terms.conclude": frozenset({LEGAL}),
    "terms.amend": frozenset({LEGAL}),
    "terms.end": frozenset({LEGAL}),
    "terms.type": frozenset({LEGAL}),
    "member.admit": frozenset({LEGAL}),
    "member.reclassify": frozenset({LEGAL}),
    "member.withdraw": frozenset({LEGAL}),
    "stake.declare": frozenset({LEGAL}),
    "stake.restate": frozenset({LEGAL}),
    "funding.register": frozenset({LEGAL, FINANCE}),
    "funding.amend": frozenset({LEGAL, FINANCE}),
    "asset.acquire": frozenset({LEGAL, FINANCE}),
    "asset.dispose": frozenset({LEGAL, FINANCE}),
    "ratecard.adopt": frozenset({LEGAL}),
    "dataset.register": frozenset({MEMBER}),
    "dataset.revise": frozenset({MEMBER}),
    "dataset.withdraw": frozenset({MEMBER}),
    "dataset.state": frozenset({MEMBER}),
    "dataset.copy": frozenset({MEMBER, LEGAL}),
    "requirement.adopt": frozenset({LEGAL}),
    "review.open": frozenset({LEGAL}),
    "review.assign": frozenset({LEGAL}),
    "review.decide": frozenset({REVIEWER}),
    "review.reply": frozenset({MEMBER}),
    "review.reopen": frozenset({LEGAL}),
    "residency.record": frozenset({MEMBER, LEGAL, AUDITOR}),
    "exclusion.declare": frozenset({MEMBER, LEGAL}),
    "exclusion.check": frozenset({LEGAL, AUDITOR}),
    "facility.register": frozenset({LEGAL}),
    "facility.amend": frozenset({LEGAL}),
    "place.attest": frozenset({LEGAL, AUDITOR, MEMBER}),
    "batch.receive": frozenset({MEMBER}),
    "batch.attest": frozenset({LEGAL}),
    "batch.reverse": frozenset({LEGAL, MEMBER}),
    "resource.record": frozenset({MEMBER}),
    "resource.pledge": frozenset({MEMBER}),
    "resource.submit": frozenset({MEMBER}),
    "resource.fulfil": frozenset({MEMBER}),
    "resource.examine": frozenset({LEGAL, FINANCE}),
    "resource.accept": frozenset({LEGAL, FINANCE}),
    "resource.refuse": frozenset({LEGAL, FINANCE}),
    "resource.dispute": frozenset({MEMBER}),
    "resource.answer": frozenset({LEGAL, FINANCE}),
    "resource.reverse": frozenset({LEGAL, FINANCE}),
    "resource.supersede": frozenset({MEMBER}),
    "resource.withdraw": frozenset({MEMBER}),
    "resource.recover": frozenset({MEMBER, FINANCE}),
    "worklog.receive": frozenset({MEMBER}),
    "worklog.withdraw": frozenset({MEMBER}),
    "annex.erase": frozenset({LEGAL}),
    "log.seal": frozenset({LEGAL, DESK, AUDITOR}),
    "statement.sign": frozenset({MEMBER}),
    "log.cosign": frozenset({MEMBER}),
    "witness.enroll": frozenset({LEGAL, MEMBER}),
    "witness.retire": frozenset({LEGAL, MEMBER}),
    "threshold.adopt": frozenset({LEGAL}),
    "key.rotate": frozenset({OPERATOR}),
    "run.record": frozenset({LEGAL}),
    "release.publish": frozenset({LEGAL}),
    "policy.propose": frozenset({LEGAL, DESK}),
    "run.breach": frozenset({LEGAL, AUDITOR}),
    "body.constitute": frozenset({LEGAL}),
    "ballot.open": frozenset({LEGAL}),
    "ballot.cast": frozenset({MEMBER}),
    "ballot.close": frozenset({LEGAL}),
    "decision.record": frozenset({LEGAL}),
    "valuation.submit": frozenset({DESK}),
    "valuation.adopt": frozenset({DESK, AUDITOR}),
    "duty.adopt": frozenset({LEGAL}),
    "invention.register": frozenset({MEMBER, LEGAL}),
    "invention.route": frozenset({LEGAL}),
    "invention.file": frozenset({MEMBER, LEGAL}),
    "invention.notify": frozenset({LEGAL}),
    "invention.transfer": frozenset({LEGAL}),
    "policy.adopt": frozenset({LEGAL}),
    "allocation.run": frozenset({DESK}),
    "allocation.attest": frozenset({DESK, AUDITOR}),
    "allocation.adopt": frozenset({LEGAL}),
    "licensee.apply": frozenset({LICENSEE, LEGAL}),
    "licensee.screen": frozenset({LEGAL}),
    "licensee.approve": frozenset({LEGAL}),
    "licensee.refuse": frozenset({LEGAL}),
    "licensee.suspend": frozenset({LEGAL}),
    "licensee.reclassify": frozenset({LEGAL}),
    "screening.adopt": frozenset({LEGAL}),
    "conflict.declare": frozenset({LEGAL}),
    "inquiry.take_up": frozenset({LEGAL}),
    "field.list": frozenset({LEGAL}),
    "schedule.draft": frozenset({LEGAL}),
    "schedule.propose": frozenset({LEGAL}),
    "schedule.withdraw": frozenset({LEGAL}),
    "schedule.adopt": frozenset({LEGAL}),
    "clause.propose": frozenset({LEGAL}),
    "clause.approve": frozenset({LEGAL}),
    "clause.retire": frozenset({LEGAL}),
    "template.propose": frozenset({LEGAL}),
    "template.approve": frozenset({LEGAL}),
    "template.retire": frozenset({LEGAL}),
    "checklist.adopt": frozenset({LEGAL}),
    "checklist.answer": frozenset({LEGAL}),
    "agreement.draft": frozenset({LEGAL}),
    "agreement.approve": frozenset({LEGAL}),
    "agreement.offer": frozenset({LEGAL}),
    "agreement.sign": frozenset({LEGAL}),
    "agreement.countersign": frozenset({LICENSEE}),
    "agreement.decline": frozenset({LICENSEE}),
    "agreement.withdraw": frozenset({LEGAL}),
    "agreement.take_back": frozenset({LEGAL, LICENSEE}),
    "agreement.restamp": frozenset(),
    "licence.issue": frozenset({LEGAL}),
    "outside.take": frozenset({LEGAL}),
    "outside.correct": frozenset({LEGAL}),
    "outside.erase": frozenset({LEGAL}),
    "agreement.send_back": frozenset({LEGAL}),
    "negotiation.open": frozenset({LEGAL}),
    "negotiation.take_part": frozenset({LEGAL, LICENSEE}),
    "deviation.record": frozenset({LEGAL}),
    "mandate.propose": frozenset({LEGAL}),
    "mandate.adopt": frozenset({LEGAL}),
    "approval.apply": frozenset({LEGAL}),
    "approval.act": frozenset({LEGAL, FINANCE}),
    "approval.depute": frozenset({LEGAL, FINANCE}),
    "agreement.suspend": frozenset({LEGAL}),
    "agreement.reinstate": frozenset({LEGAL}),
    "agreement.terminate": frozenset({LEGAL, LICENSEE}),
    "agreement.expire": frozenset({LEGAL}),
    "amendment.draft": frozenset({LEGAL}),
    "amendment.approve": frozenset({LEGAL}),
    "amendment.offer": frozenset({LEGAL}),
    "amendment.sign": frozenset({LEGAL}),
    "amendment.countersign": frozenset({LICENSEE}),
    "amendment.take_back": frozenset({LEGAL, LICENSEE}),
    "amendment.decline": frozenset({LICENSEE}),
    "amendment.withdraw": frozenset({LEGAL}),
    "renewal.refuse": frozenset({LEGAL, LICENSEE}),
    "renewal.announce": frozenset({LEGAL}),
    "renewal.record": frozenset({LEGAL}),
    "renewal.propose": frozenset({LEGAL, LICENSEE}),
    "renewal.answer": frozenset({LEGAL, LICENSEE}),
    "step_up.request": frozenset({LEGAL, LICENSEE}),
    "step_up.draft": frozenset({LEGAL}),
    "step_up.decline": frozenset({LEGAL}),
    "step_up.withdraw": frozenset({LICENSEE}),
    "obligation.raise": frozenset({LEGAL}),
    "obligation.add": frozenset({LEGAL}),
    "obligation.fulfil": frozenset({LEGAL, FINANCE, LICENSEE}),
    "obligation.waive": frozenset({LEGAL, FINANCE}),
    "release.file": frozenset({LEGAL}),
    "delivery.make": frozenset({LEGAL}),
    "delivery.receive": frozenset({LICENSEE}),
    "delivery.check": frozenset({LICENSEE}),
    "derivative.register": frozenset({LICENSEE}),
    "derivative.decide": frozenset({LEGAL}),
    "usage.submit": frozenset({LICENSEE}),
    "usage.accept": frozenset({FINANCE}),
    "invoice.issue": frozenset({FINANCE}),
    "receipt.record": frozenset({FINANCE}),
    "distribution.propose": frozenset({FINANCE}),
    "distribution.approve": frozenset({LEGAL}),
    "payout.confirm": frozenset({MEMBER}),
    "payout.dispute": frozenset({MEMBER}),
    "payout.pay": frozenset({FINANCE}),
    "books.export": frozenset({FINANCE, AUDITOR}),
    "report.prepare": frozenset({LEGAL, AUDITOR, LICENSEE}),
    "bundle.full": frozenset({DESK, AUDITOR}),
    "bundle.own": frozenset({MEMBER}),
}


# Who does what inside a licensee. Whoever holds none of these roles there was given the workplace as a whole.
OWNER, CONTRACTS, REPORTER, ENGINEER, ACCOUNTS = "owner", "contracts", "reporter", "engineer", "accounts"
LICENSEE_ROLES = {
    OWNER: Text("契約責任者（管理者）", "Contract owner (administrator)"),
    CONTRACTS: Text("契約・法務担当", "Contracts and legal"),
    REPORTER: Text("利用実績の報告担当", "Usage reporter"),
    ENGINEER: Text("技術担当", "Engineer"),
    ACCOUNTS: Text("経理担当", "Accounts"),
}
# What binds the company (a signature, a notice that ends or keeps an agreement) is the owner's alone.
ROLE_ACTIONS: dict[str, frozenset[str]] = {
    CONTRACTS: frozenset({"licensee.apply", "negotiation.take_part", "obligation.fulfil", "report.prepare"}),
    REPORTER: frozenset({"usage.submit"}),
    ENGINEER: frozenset({"report.prepare", "delivery.receive", "delivery.check", "derivative.register"}),
    ACCOUNTS: frozenset(),
}
# What a role reads beside the concluded agreements, under which all of them work: the making and the life of contracts
# and the screening; reports of usage; invoices; the model itself with its files, derivatives and audit reports.
OF_CONTRACTS, OF_USAGE, OF_MONEY, OF_MODELS = "contracts", "usage", "money", "models"
ROLE_PARTS: dict[str, frozenset[str]] = {
    CONTRACTS: frozenset({OF_CONTRACTS, OF_MODELS}),
    REPORTER: frozenset({OF_USAGE}),
    ENGINEER: frozenset({OF_MODELS}),
    ACCOUNTS: frozenset({OF_MONEY, OF_USAGE}),
}


class NotAllowed(Refused):
    code = "not-allowed"
    ja = "「{workplace}」の立場ではこの操作はできません。担当の立場に切り替えてください。"
    en = "The workplace “{workplace}” may not do this. Switch to the workplace that may."


class NotYourRole(Refused):
    code = "not-your-role"
    ja = "この操作には、契約責任者またはこの操作を担当する役割が必要です。社内の契約責任者に依頼してください。"
    en = "This takes the contract owner, or the role inside your company that does it. Ask your contract owner."


class NotYours(Refused):
    code = "not-yours"
    ja = "ご自身の会員の拠出だけを登録できます。"
    en = "You can only enter contributions of your own member."


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at one workplace: whom every read starts from and every write names.

    `home` is the organization that employs the person (出向元), `acting` the one it acts for; both are codes.
    `request` is the identity of this act: a verb's entries take ids derived from it. `barred` are the organizations
    whose material is closed to this person although the workplace would see it: rivals of its home or of the one it
    acts for, with their groups, less those that a clean-team grant in force opens.
    """

    user: UUID | None
    name: str
    home: str | None
    acting: str | None
    workplace: str
    roles: frozenset[str] = frozenset()
    request: UUID | None = None
    barred: frozenset[str] = frozenset()

    @classmethod
    def system(cls, name: str, request: UUID | None = None) -> Viewer:
        """The viewer of a command or a task: the machine itself, under a name that the journal keeps."""
        return cls(user=None, name=name, home=None, acting=None, workplace=SYSTEM, request=request)

    @property
    def is_office(self) -> bool:
        """Whether this workplace is the consortium's own: legal, finance, the desk, or the auditor."""
        return self.workplace in OFFICE

    @property
    def sees_everything(self) -> bool:
        """The auditor, the desk and the machine may follow any figure to its source."""
        return self.workplace in {DESK, AUDITOR, SYSTEM}


def may(viewer: Viewer, action: str) -> bool:
    """Whether the viewer's workplace may do the action. The machine may: its caller has been checked already."""
    if viewer.workplace == SYSTEM:
        return True
    return viewer.workplace in ACTIONS[action] and _has_role(viewer, action)


def _has_role(viewer: Viewer, action: str) -> bool:
    """Inside a licensee its roles divide the work; the owner, and whoever has no such role, does all of it.

    What a new noun asks of licensees is the owner's until a role is given it.
    """
    roles = _divided(viewer)
    return not roles or any(action in ROLE_ACTIONS[role] for role in roles)


def reads(viewer: Viewer | None, part: str) -> bool:
    """Whether a part of a licensee's papers is the viewer's to read; at every other workplace this divides nothing."""
    roles = _divided(viewer) if viewer is not None else frozenset[str]()
    return not roles or any(part in ROLE_PARTS[role] for role in roles)


def _divided(viewer: Viewer) -> frozenset[str]:
    """The roles that bound what a person at a licensee does and reads; none for its owner, who is not bounded."""
    roles = viewer.roles & LICENSEE_ROLES.keys() if viewer.workplace == LICENSEE else frozenset[str]()
    return frozenset() if OWNER in roles else roles


def check_may(viewer: Viewer, action: str) -> None:
    """Refuse with a reason what `may` denies."""
    if viewer.workplace in ACTIONS[action] and not _has_role(viewer, action):
        raise NotYourRole
    if not may(viewer, action):
        raise NotAllowed(workplace=WORKPLACES.get(viewer.workplace, Text("不明", "unknown")), action=action)


def check_own(viewer: Viewer, member: str) -> None:
    """Refuse a member that acts on what is another's."""
    if viewer.workplace == MEMBER and viewer.acting != member:
        raise NotYours
