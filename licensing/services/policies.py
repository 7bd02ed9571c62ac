"""Allocation policies: proposed as documents, adopted by ballot, superseded by the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.periods import JST
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.services import journal
from licensing.core import policies as rules
from licensing.core.methods import Method
from licensing.models import Ballot, Policy


class NotCarried(Refused):
    code = "not-carried"
    ja = "配分規程 第{version}版は可決された議決がないため採択できません。"
    en = "Policy version {version} cannot be adopted: no ballot on it was carried."


class NamesNobody(Refused):
    code = "policy-names-nobody"
    ja = "「{right}」の{field}にある {value} は会員ではありません。会員を選んでください。"
    en = "In “{right}” the {field} names {value}, which is no member. Name a member."


class VersionTaken(Refused):
    code = "version-taken"
    ja = "配分規程 {number} 第{version}版はすでにあります。次の版の番号にしてください。"
    en = "Version {version} of policy {number} exists already. Give the proposal the next version."


_LEAD = Text("主導当事者", "leading party")
_UNIONS = Text("組", "unions")


@transaction.atomic
def propose(document: dict, *, by: Viewer, at: datetime) -> Policy:
    """Enter a policy document as a proposal; it is refused unless it can be read and run."""
    check_may(by, "policy.propose")
    _check_feasible(rules.read(document), on=at.astimezone(JST).date())
    if Policy.objects.filter(number=document["number"], version=document["version"]).exists():
        raise VersionTaken(number=document["number"], version=document["version"])
    sha256 = rules.address(document)
    entry = journal.append(
        "policy.proposed",
        subject=_subject(document),
        facts={"policy": document["number"], "version": document["version"], "policy_sha256": sha256},
        by=by,
        at=at,
    )
    return Policy.objects.create(
        seq=entry.seq,
        number=document["number"],
        version=document["version"],
        document=document,
        sha256=sha256,
        proposed_at=at,
    )


@transaction.atomic
def adopt(policy: Policy, *, by: Viewer, at: datetime, adopted_on: date) -> Policy:
    """Put a policy in force that a closed ballot has carried; the one before is superseded."""
    check_may(by, "policy.adopt")
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    ballot = policy.ballots.filter(state=Ballot.State.CARRIED).first()
    if ballot is None or policy.state != Policy.State.PROPOSED:
        raise NotCarried(version=policy.version)
    entry = journal.append(
        "policy.adopted",
        subject=_subject(policy.document),
        facts={
            "policy": policy.number,
            "version": policy.version,
            "policy_sha256": policy.sha256,
            "ballot": ballot.number,
            "from": adopted_on.isoformat(),
        },
        effective=(adopted_on, None),
        by=by,
        at=at,
    )
    Policy.objects.filter(number=policy.number, state=Policy.State.ADOPTED).update(state=Policy.State.SUPERSEDED)
    policy.state, policy.adopted_on, policy.seq = Policy.State.ADOPTED, adopted_on, entry.seq
    policy.save(update_fields=["state", "adopted_on", "seq"])
    return policy


def _check_feasible(rule: rules.Policy, *, on: date) -> None:
    """Refuse what could never be run with the members of the day: bounds that do not meet, parties that nobody knows.

    Signed tables and coalition values may still be adopted by the day of the run.
    """
    members = {member.code for member in contributed.members.in_force(on)}
    parties = members | {settings.CONSORTIUM}
    for right in rule.shared:
        if members:
            rules.check_bounds(right, members=len(members), earning=len(members))
    for right in rule.rights:
        if right.lead and right.lead not in parties:
            raise NamesNobody(right=rules.RIGHTS[right.right], field=_LEAD, value=right.lead)
        for method in right.method.all() if right.method else ():
            strangers = sorted({code for union in _unions(method) for code in union} - members)
            if strangers:
                raise NamesNobody(right=rules.RIGHTS[right.right], field=_UNIONS, value=", ".join(strangers))


def _unions(method: Method) -> Sequence[Sequence[str]]:
    return () if isinstance(method.unions, str) or not method.unions else method.unions


def _subject(document: dict) -> str:
    return f"policy:{document['number']}@{document['version']}"
