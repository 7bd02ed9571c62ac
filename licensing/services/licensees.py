"""Licensees: application, screening with a reason for every finding, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.independence import OwnFinding
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may, may
from contributions.core.words import Text
from contributions.models import Annex, Organization
from contributions.selectors import members
from contributions.services import independence, journal
from licensing.core import licensees as words
from licensing.core import screening as rules
from licensing.models import Licensee, Screening
from licensing.selectors import fields, licensees
from licensing.services.screenings import Conflicted, check_apart, is_apart, is_excluded

__all__ = ["Conflicted"]


class ScreeningOpen(Refused):
    code = "screening-open"
    ja = "利用者審査が完了していません（未了または不合格：{missing}）。"
    en = "The licensee's screening is not complete (open or failed: {missing})."


class NotYourApplication(Refused):
    code = "not-your-application"
    ja = "ご自身の組織についてだけ申し込むことができます。"
    en = "You can only apply for your own organization."


class AlreadyApplied(Refused):
    code = "already-applied"
    ja = "{licensee} の申込みは既にあります（状態：{state}）。"
    en = "{licensee} has applied already (state: {state})."


class NoSuchChoice(Refused):
    code = "no-such-choice"
    ja = "「{value}」は選べません。利用分野または利用者区分を一覧から選んでください。"
    en = "“{value}” cannot be chosen. Take a field of use, or a class of licensee, from the list."


class NotDecided(Refused):
    code = "licensee-state"
    ja = "状態「{state}」の利用者には、この操作はできません。"
    en = "This cannot be done with a licensee in the state “{state}”."


class RescreeningOverdue(Refused):
    code = "rescreening-overdue"
    ja = "利用者 {licensee} の再審査の期限（{day}）を過ぎています。再審査が終わるまで、新しい契約は作成できません。"
    en = "Licensee {licensee} was to be screened again by {day}. No new agreement is made until that is done."


class RescreeningTooLate(Refused):
    code = "rescreening-too-late"
    ja = "再審査の日（{day}）が、審査項目の有効期限（{check}：{until}）より後です。期限の日までにしてください。"
    en = "To screen again on {day} is too late: “{check}” holds until {until}. Choose that day or an earlier one."


class CheckFailed(Refused):
    code = "check-failed"
    ja = "利用者 {licensee} の審査項目に不合格があります（{failed}）。新しい契約は作成できません。"
    en = "Licensee {licensee} failed a check ({failed}). No new agreement is made."


class ReasonMissing(Refused):
    code = "suspension-reason"
    ja = "停止の理由を記載してください。利用者に示します。"
    en = "State the reason of the suspension: the licensee will read it."


STATES = {
    "applied": Text("申込み", "applied"),
    "approved": Text("承認済み", "approved"),
    "refused": Text("不承認", "refused"),
    "suspended": Text("停止中", "suspended"),
}


@transaction.atomic
def apply(
    organization: Organization,
    *,
    licensee_class: str,
    field_of_use: str,
    purpose: str,
    by: Viewer,
    at: datetime,
    applied_on: date,
    stated: Mapping[str, Any] | None = None,
) -> Licensee:
    """Enter an application to use the models in a field; whoever was refused may apply again."""
    check_may(by, "licensee.apply")
    if by.workplace == "licensee" and by.acting != organization.code:
        raise NotYourApplication
    for value, known in ((field_of_use, fields.on(applied_on)), (licensee_class, words.CLASSES)):
        if value not in known:
            raise NoSuchChoice(value=value[:40])
    held = Licensee.objects.select_for_update().filter(organization=organization).first()
    if held is not None and held.state != Licensee.State.REFUSED:
        raise AlreadyApplied(licensee=organization.code, state=STATES[held.state])
    entry = journal.append(
        "licensee.applied",
        subject=f"licensee:{organization.code}",
        facts={"licensee": organization.code, "class": licensee_class, "field": field_of_use},
        annexes=[journal.Attachment("purpose.txt", "text/plain; charset=utf-8", purpose.encode())],
        by=by,
        at=at,
    )
    row = held or Licensee(organization=organization)
    row.seq, row.state, row.applied_on, row.decided_on = entry.seq, Licensee.State.APPLIED, applied_on, None
    row.licensee_class, row.field_of_use, row.purpose = licensee_class, field_of_use, purpose
    row.stated, row.reason_ja, row.reason_en, row.judges = dict(stated or {}), "", "", []
    row.save()
    return row


@transaction.atomic
def screen(
    licensee: Licensee,
    *,
    kind: str,
    passed: bool,
    finding_ja: str,
    finding_en: str,
    by: Viewer,
    at: datetime,
    screened_on: date,
    valid_until: date,
    details: Mapping[str, Any] | None = None,
    evidence: Evidence | None = None,
) -> Screening:
    """Record one check of an applicant, with what was found; what its own record contradicts cannot be passed."""
    check_may(by, "licensee.screen")
    licensee = _locked(licensee)
    check_apart(licensee, by)
    if kind not in words.CHECKS:
        raise NoSuchChoice(value=kind[:40])
    details = dict(details or {})
    if passed:
        _check_unblocked(licensee, kind, details, screened_on)
        if kind in rules.EVIDENCED and evidence is None:
            raise rules.PassedOnNothing
    entry = journal.append(
        "licensee.screened",
        subject=f"licensee:{licensee.organization.code}",
        facts={
            "licensee": licensee.organization.code,
            "check": kind,
            "passed": passed,
            "on": screened_on.isoformat(),
            "until": valid_until.isoformat(),
        },
        annexes=[
            journal.Attachment("finding.txt", "text/plain; charset=utf-8", finding_ja.encode()),
            *journal.handed_in(evidence),
        ],
        effective=(screened_on, valid_until),
        by=by,
        at=at,
    )
    licensee.judges = _judged(licensee, by)
    licensee.save(update_fields=["judges"])
    kept = dict(Annex.objects.filter(entry=entry).values_list("name", "sha256")) if evidence else {}
    return Screening.objects.create(
        seq=entry.seq,
        licensee=licensee,
        kind=kind,
        passed=passed,
        finding_ja=finding_ja,
        finding_en=finding_en,
        screened_on=screened_on,
        valid_until=valid_until,
        details=details,
        evidence=[{"name": evidence.name, "sha256": kept["evidence"]}] if evidence else [],
    )


def _check_unblocked(licensee: Licensee, kind: str, details: dict, on: date) -> None:
    found = rules.blockers(
        kind,
        details,
        rule=licensees.rule_on(on),
        licensee_class=licensee.licensee_class,
        excluded=kind == "competition" and is_excluded(licensee, on),
    )
    if found:
        raise rules.Blocked(found)


def obstacle(licensee: Licensee, *, on: date) -> Refused | None:
    """What would refuse an approval on that day, for the page: checks that are open, failed or no longer in force."""
    missing = licensees.open_checks(licensee, on)
    return ScreeningOpen(missing=rules.open_names(missing)) if missing else None


@transaction.atomic
def approve(licensee: Licensee, *, by: Viewer, at: datetime, decided_on: date, rescreen_on: date) -> Licensee:
    """A second pair of eyes approves an applicant, or a licensee screened again, whose every check is in force.

    Nobody does who screened it, changed its class or suspended it since the last approval.
    """
    check_may(by, "licensee.approve")
    licensee = _locked(licensee)
    check_apart(licensee, by)
    if licensee.state == Licensee.State.REFUSED:
        raise NotDecided(state=STATES[licensee.state])
    independence.check_second(by, licensee.judges, **_second(licensee, at))
    if refusal := obstacle(licensee, on=decided_on):
        raise refusal
    _check_rescreening(licensee, rescreen_on)
    licensee.judges = []
    return _decide(
        licensee,
        "licensee.approved",
        Licensee.State.APPROVED,
        {"from": decided_on.isoformat()},
        decided_on=decided_on,
        rescreen_on=rescreen_on,
        by=by,
        at=at,
    )


def _check_rescreening(licensee: Licensee, day: date) -> None:
    """An approval does not outlast what it rests on: the next screening is due when the first check ends."""
    newest = {row.kind: row for row in licensees.held(licensee)}
    first = min((newest[kind] for kind in words.CHECKS), key=lambda row: row.until)
    if day > first.until:
        raise RescreeningTooLate(day=day, check=words.CHECKS[first.kind], until=first.until)


def barred(licensee: Licensee, viewer: Viewer, at: datetime) -> OwnFinding | None:
    """Why this viewer cannot approve what it screened, and who can: for the page, in the button's place."""
    return independence.barred(viewer, licensee.judges, **_second(licensee, at))


def _second(licensee: Licensee, at: datetime) -> dict[str, Any]:
    name = Text(licensee.organization.name_ja, licensee.organization.name_en)

    def is_fit(other: Viewer) -> bool:
        return may(other, "licensee.approve") and is_apart(licensee, other)

    return {"name": name, "at": at, "fit": is_fit, "refusal": OwnFinding}


def _judged(licensee: Licensee, by: Viewer) -> list[str]:
    return sorted({*licensee.judges, *([str(by.user)] if by.user else [])})


@transaction.atomic
def refuse(licensee: Licensee, *, reason: str, text: str, decided_on: date, by: Viewer, at: datetime) -> Licensee:
    """Refuse an applicant, with a reason in words that name no member."""
    check_may(by, "licensee.refuse")
    licensee = _locked(licensee)
    check_apart(licensee, by)
    if licensee.state != Licensee.State.APPLIED:
        raise NotDecided(state=STATES[licensee.state])
    text = rules.check_words(reason, text, members.names(but=licensee.organization.code))
    licensee.reason_ja = f"{rules.REASONS[reason].ja}{text}"
    licensee.reason_en = f"{rules.REASONS[reason].en} {text}".strip()
    facts = {"from": decided_on.isoformat(), "reason": reason}
    return _decide(licensee, "licensee.refused", Licensee.State.REFUSED, facts, decided_on=decided_on, by=by, at=at)


@transaction.atomic
def suspend(licensee: Licensee, *, text: str, decided_on: date, by: Viewer, at: datetime) -> Licensee:
    """No new agreements with a licensee until it is approved again; those in force go on by their own terms."""
    check_may(by, "licensee.suspend")
    licensee = _locked(licensee)
    check_apart(licensee, by)
    if licensee.state != Licensee.State.APPROVED:
        raise NotDecided(state=STATES[licensee.state])
    text = rules.check_words("incomplete", text, members.names(but=licensee.organization.code))
    if not text:
        raise ReasonMissing
    licensee.reason_ja = licensee.reason_en = text
    licensee.judges = _judged(licensee, by)
    facts = {"from": decided_on.isoformat()}
    return _decide(licensee, "licensee.suspended", Licensee.State.SUSPENDED, facts, decided_on=decided_on, by=by, at=at)


@transaction.atomic
def reclassify(licensee: Licensee, *, licensee_class: str, on: date, by: Viewer, at: datetime) -> Licensee:
    """Put a licensee into another class from a day on, where the screening shows that it belongs there."""
    check_may(by, "licensee.reclassify")
    licensee = _locked(licensee)
    check_apart(licensee, by)
    if licensee_class not in words.CLASSES or licensee_class == licensee.licensee_class:
        raise NoSuchChoice(value=licensee_class[:40])
    facts = {"class": licensee_class, "from": on.isoformat()}
    licensee.licensee_class, licensee.judges = licensee_class, _judged(licensee, by)
    return _decide(licensee, "licensee.reclassified", licensee.state, facts, by=by, at=at)


def check_licensable(licensee: Licensee, on: date) -> None:
    """Refuse a new agreement with a licensee that failed a check since, or, by the setting, is overdue."""
    code, newest = licensee.organization.code, {row.kind: row for row in licensees.held(licensee)}
    failed = [kind for kind in words.CHECKS if kind in newest and not newest[kind].passed]
    if failed:
        raise CheckFailed(licensee=code, failed=rules.open_names(failed))
    overdue = licensee.rescreen_on is not None and licensee.rescreen_on < on
    if overdue and settings.RESCREEN_SUSPENDS:
        raise RescreeningOverdue(licensee=code, day=licensee.rescreen_on)


def _locked(licensee: Licensee) -> Licensee:
    rows = Licensee.objects.select_for_update(of=("self",)).select_related("organization")
    return rows.get(pk=licensee.pk)


def _decide(
    licensee: Licensee,
    kind: str,
    state: str,
    facts: dict,
    *,
    by: Viewer,
    at: datetime,
    decided_on: date | None = None,
    rescreen_on: date | None = None,
) -> Licensee:
    text = licensee.reason_ja if kind in {"licensee.refused", "licensee.suspended"} else ""
    entry = journal.append(
        kind,
        subject=f"licensee:{licensee.organization.code}",
        facts={"licensee": licensee.organization.code, **facts},
        annexes=[journal.Attachment("reason.txt", "text/plain; charset=utf-8", text.encode())] if text else [],
        effective=(decided_on or jst_date(at), rescreen_on),
        by=by,
        at=at,
    )
    licensee.state, licensee.seq = state, entry.seq
    licensee.decided_on, licensee.rescreen_on = decided_on or licensee.decided_on, rescreen_on or licensee.rescreen_on
    if kind == "licensee.approved":
        licensee.reason_ja = licensee.reason_en = ""
    licensee.save()
    return licensee
