"""What bounds the screening of licensees: the adopted rule, who must keep out of it, and what data may serve whom."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Organization
from contributions.selectors import exclusions, organizations
from contributions.services import journal
from licensing.core import screening as rules
from licensing.models import Conflict, Licensee, Release, ScreeningRule
from licensing.selectors import licensees, releases


class Conflicted(Refused):
    code = "screening-conflict"
    ja = "申込者と同じ企業グループ、又は申込者と競合する組織の方は、その利用者審査に加われません。"
    en = "Nobody of the applicant's own group, or of a competitor of it, takes part in screening it."


class OwnRival(Refused):
    code = "conflict-with-itself"
    ja = "申込者自身の企業グループを競合先にすることはできません。"
    en = "The applicant's own group cannot be its competitor."


@transaction.atomic
def adopt_rule(
    document: dict, *, valid_from: date, source_ja: str, source_en: str, by: Viewer, at: datetime
) -> ScreeningRule:
    """Adopt who counts as a Japanese firm and where inference may run, from a day on, with the source."""
    check_may(by, "screening.adopt")
    rules.rule(document)
    sha256 = canonical.sha256_hex(canonical.dumps(document))
    entry = journal.append(
        "screening.adopted",
        subject=f"screeningrule:{valid_from.isoformat()}",
        facts={"rule": document, "rule_sha256": sha256, "source": {"ja": source_ja, "en": source_en}},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return ScreeningRule.objects.create(
        seq=entry.seq,
        document=document,
        sha256=sha256,
        valid_from=valid_from,
        source_ja=source_ja,
        source_en=source_en,
    )


@transaction.atomic
def declare_conflict(licensee: Licensee, organization: Organization, *, on: date, by: Viewer, at: datetime) -> Conflict:
    """Record a competitor that the applicant named: its people, and its group's, keep out of the screening."""
    check_may(by, "conflict.declare")
    check_apart(licensee, by)
    if organization.code in organizations.group_of(licensee.organization.code):
        raise OwnRival
    held = licensee.conflicts.filter(organization=organization, lifted_seq=None).first()
    if held is not None:
        return held
    entry = journal.append(
        "conflict.declared",
        subject=f"conflict:{licensee.organization.code}",
        facts={"licensee": licensee.organization.code, "organization": organization.code, "on": on.isoformat()},
        effective=(on, None),
        by=by,
        at=at,
    )
    return Conflict.objects.create(seq=entry.seq, licensee=licensee, organization=organization, declared_on=on)


@transaction.atomic
def lift_conflict(conflict: Conflict, *, on: date, by: Viewer, at: datetime) -> Conflict:
    """Let a competitor's people in again, where it was named by mistake or is none any more."""
    check_may(by, "conflict.declare")
    conflict = (
        Conflict.objects.select_for_update(of=("self",)).select_related("licensee__organization").get(pk=conflict.pk)
    )
    check_apart(conflict.licensee, by)
    if conflict.lifted_seq is not None:
        return conflict
    code, rival = conflict.licensee.organization.code, conflict.organization.code
    entry = journal.append(
        "conflict.lifted",
        subject=f"conflict:{code}",
        facts={"licensee": code, "organization": rival, "on": on.isoformat()},
        effective=(on, None),
        by=by,
        at=at,
    )
    conflict.lifted_on, conflict.lifted_seq = on, entry.seq
    conflict.save(update_fields=["lifted_on", "lifted_seq"])
    return conflict


def check_apart(licensee: Licensee, by: Viewer) -> None:
    """Refuse whoever is employed by the applicant's group, by a rival of it, or by a competitor it named."""
    if not is_apart(licensee, by):
        raise Conflicted


def is_apart(licensee: Licensee, viewer: Viewer) -> bool:
    """Whether the viewer belongs to none of those who keep out of the screening."""
    code = licensee.organization.code
    own = {viewer.home, viewer.acting} - {None, ""}
    return code not in viewer.barred and not own & (organizations.group_of(code) | licensees.competitors_of(licensee))


def is_excluded(licensee: Licensee, on: date) -> bool:
    """Whether members' declarations keep every release that is published from serving the applicant and its group."""
    published = Release.objects.filter(withdrawn_on=None)
    group = organizations.group_of(licensee.organization.code)
    declared = exclusions.as_of(on)

    def is_barred(release: Release) -> bool:
        uses = (
            exclusions.rules.Use(version.dataset.number, version.dataset.member.code, "licensing", group)
            for version in releases.versions_in(release)
        )
        return any(exclusions.rules.conflicts(declared, use, on) for use in uses)

    found = list(published)
    return bool(found) and all(is_barred(release) for release in found)
