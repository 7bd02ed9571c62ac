"""Licensees: application, screening with a reason for every finding, and the decision."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Organization
from contributions.selectors import organizations
from contributions.services import journal
from licensing.core import licensees as rules
from licensing.models import Licensee, Screening


class ScreeningOpen(Refused):
    code = "screening-open"
    ja = "利用者審査が完了していません（未了または不合格：{missing}）。"
    en = "The licensee's screening is not complete (open or failed: {missing})."


class NotYourApplication(Refused):
    code = "not-your-application"
    ja = "ご自身の組織についてだけ申し込むことができます。"
    en = "You can only apply for your own organization."


class Conflicted(Refused):
    code = "screening-conflict"
    ja = "申込者と同じ企業グループの方は、その利用者審査に加われません。"
    en = "Nobody of the applicant's own group takes part in screening it."


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
) -> Licensee:
    """Enter an application to use the models in a field."""
    check_may(by, "licensee.apply")
    if by.workplace == "licensee" and by.acting != organization.code:
        raise NotYourApplication
    entry = journal.append(
        "licensee.applied",
        subject=f"licensee:{organization.code}",
        facts={"licensee": organization.code, "class": licensee_class, "field": field_of_use},
        annexes=[journal.Attachment("purpose.txt", "text/plain; charset=utf-8", purpose.encode())],
        by=by,
        at=at,
    )
    return Licensee.objects.create(
        seq=entry.seq,
        organization=organization,
        licensee_class=licensee_class,
        field_of_use=field_of_use,
        purpose=purpose,
        applied_on=applied_on,
    )


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
) -> Screening:
    """Record one check of an applicant, with what was found."""
    check_may(by, "licensee.screen")
    code = licensee.organization.code
    if code in by.barred or (by.home is not None and by.home in organizations.group_of(code)):
        raise Conflicted
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
        annexes=[journal.Attachment("finding.txt", "text/plain; charset=utf-8", finding_ja.encode())],
        effective=(screened_on, valid_until),
        by=by,
        at=at,
    )
    return Screening.objects.create(
        seq=entry.seq,
        licensee=licensee,
        kind=kind,
        passed=passed,
        finding_ja=finding_ja,
        finding_en=finding_en,
        screened_on=screened_on,
        valid_until=valid_until,
    )


@transaction.atomic
def approve(licensee: Licensee, *, by: Viewer, at: datetime, decided_on: date, rescreen_on: date) -> Licensee:
    """Approve an applicant whose every check has passed and is in force."""
    check_may(by, "licensee.approve")
    licensee = Licensee.objects.select_for_update().get(pk=licensee.pk)
    passed = {row.kind for row in licensee.screenings.all() if row.passed and row.valid_until > decided_on}
    missing = [label for kind, label in rules.CHECKS.items() if kind not in passed]
    if missing:
        raise ScreeningOpen(missing=rules.joined(missing))
    entry = journal.append(
        "licensee.approved",
        subject=f"licensee:{licensee.organization.code}",
        facts={"licensee": licensee.organization.code, "from": decided_on.isoformat()},
        effective=(decided_on, rescreen_on),
        by=by,
        at=at,
    )
    licensee.state, licensee.decided_on = Licensee.State.APPROVED, decided_on
    licensee.rescreen_on, licensee.seq = rescreen_on, entry.seq
    licensee.save(update_fields=["state", "decided_on", "rescreen_on", "seq"])
    return licensee
