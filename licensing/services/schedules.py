"""Standard price lists: drafted, proposed, adopted and so frozen; a signed licence stays on its version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core import terms as came_in
from contributions.core.errors import Finding, Refused
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.services import exclusions, independence, journal
from licensing.core import licensees, prices
from licensing.core import origins as asking
from licensing.models import Release, Schedule, ScheduleDraft
from licensing.selectors import fields, origins, releases


class AlreadyAdopted(Refused):
    code = "schedule-adopted"
    ja = "料金表 {number} 第{version}版は採択済みで、変更できません。新しい版を提案してください。"
    en = "Schedule {number}, version {version}, is adopted and frozen. Propose a new version."


class NotProposed(Refused):
    code = "schedule-not-proposed"
    ja = "料金表 {number} 第{version}版は提案中ではありません。"
    en = "Schedule {number}, version {version}, is not proposed."


class StaleDraft(Refused):
    code = "schedule-draft-stale"
    ja = (
        "この下書きは、開いた後に別の方が保存しています（第{revision}回保存）。"
        "入力内容は残っています。最新の下書きと見比べてください。"
    )
    en = "Somebody saved this draft after you opened it (save {revision}). What you typed is kept; compare the two."


class FaultyTerms(Refused):
    """Terms with findings; nothing was written."""

    code = "faulty-terms"
    ja = "料金表に誤りが {count} 件あります。{first}"
    en = "The price list has {count} faults. {first}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = findings[0]
        super().__init__(count=len(findings), first=Text(first.text("ja"), first.text("en")))


@transaction.atomic
def save_draft(draft: ScheduleDraft | None, *, typed: dict, revision: int, by: Viewer, at: datetime) -> ScheduleDraft:
    """Keep a price list as it was typed, faults and all; what somebody else saved meanwhile is not overwritten."""
    check_may(by, "schedule.draft")
    if draft is None:
        return ScheduleDraft.objects.create(number=typed["number"], typed=typed, saved_by_id=by.user, saved_at=at)
    draft = ScheduleDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.revision != revision:
        raise StaleDraft(revision=draft.revision)
    draft.number, draft.typed, draft.revision = typed["number"], typed, draft.revision + 1
    draft.saved_by_id, draft.saved_at = by.user, at
    draft.save()
    return draft


@transaction.atomic
def drop_draft(draft: ScheduleDraft, *, by: Viewer) -> None:
    """Throw a draft away: nobody relies on it."""
    check_may(by, "schedule.draft")
    draft.delete()


@transaction.atomic
def propose(
    *,
    number: str,
    name_ja: str,
    name_en: str,
    field_of_use: str,
    licensee_class: str,
    terms: dict,
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
    illustrative: bool = True,
    draft: ScheduleDraft | None = None,
) -> Schedule:
    """Enter the next version of a price list, out of a draft if there is one; every fault of its terms is named."""
    check_may(by, "schedule.propose")
    check_terms(terms, field_of_use, licensee_class, valid_from, valid_until)
    check_covered(field_of_use, valid_from, by, valid_until=valid_until, regions=_regions(terms))
    journal.lock()
    earlier = Schedule.objects.filter(number=number)
    if other := earlier.exclude(field_of_use=field_of_use, licensee_class=licensee_class).first():
        raise FaultyTerms([Finding(None, "number", "number-taken", _TAKEN.ja, _TAKEN.en, {"list": str(other)})])
    version = earlier.count() + 1
    sha256 = canonical.sha256_hex(canonical.dumps(terms))
    entry = journal.append(
        "schedule.proposed",
        subject=f"schedule:{number}@{version}",
        facts={
            "schedule": number,
            "version": version,
            "field": field_of_use,
            "class": licensee_class,
            "terms_sha256": sha256,
        },
        by=by,
        at=at,
    )
    if draft is not None:
        draft.delete()
    return Schedule.objects.create(
        seq=entry.seq,
        number=number,
        version=version,
        name_ja=name_ja,
        name_en=name_en,
        field_of_use=field_of_use,
        licensee_class=licensee_class,
        terms=terms,
        sha256=sha256,
        valid_from=valid_from,
        valid_until=valid_until,
        illustrative=illustrative,
        proposed_by_id=by.user,
    )


def check_terms(
    terms: dict, field_of_use: str, licensee_class: str, valid_from: date, valid_until: date | None
) -> None:
    """Refuse a list with every fault at once: its terms, its field, its class, its days."""
    found = list(prices.examine(terms) or prices.unfit(terms))
    if field_of_use not in fields.on(valid_from):
        found.append(Finding(None, "field_of_use", "unknown-field", _FIELD.ja, _FIELD.en, {"field": field_of_use[:40]}))
    if licensee_class not in licensees.CLASSES:
        found.append(Finding(None, "licensee_class", "unknown-class", _CLASS.ja, _CLASS.en))
    if valid_until is not None and valid_until <= valid_from:
        found.append(Finding(None, "valid_until", "no-day", _DAYS.ja, _DAYS.en))
    if found:
        raise FaultyTerms(found)


@transaction.atomic
def withdraw(schedule: Schedule, *, by: Viewer, at: datetime) -> Schedule:
    """Take back a proposal that is not adopted; its version number stays used."""
    check_may(by, "schedule.withdraw")
    schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if schedule.state != Schedule.State.PROPOSED:
        raise NotProposed(number=schedule.number, version=schedule.version)
    entry = journal.append(
        "schedule.withdrawn",
        subject=f"schedule:{schedule.number}@{schedule.version}",
        facts={"schedule": schedule.number, "version": schedule.version, "terms_sha256": schedule.sha256},
        by=by,
        at=at,
    )
    schedule.state, schedule.seq = Schedule.State.WITHDRAWN, entry.seq
    schedule.save(update_fields=["state", "seq"])
    return schedule


@transaction.atomic
def adopt(schedule: Schedule, *, by: Viewer, at: datetime) -> Schedule:
    """A second pair of eyes publishes a price list: from here on its terms do not change."""
    check_may(by, "schedule.adopt")
    schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if schedule.state == Schedule.State.ADOPTED:
        raise AlreadyAdopted(number=schedule.number, version=schedule.version)
    if schedule.state != Schedule.State.PROPOSED:
        raise NotProposed(number=schedule.number, version=schedule.version)
    independence.check_second(by, [schedule.proposed_by_id], name=str(schedule), at=at)
    used = releases.versions_in_releases()
    exclusions.check_use(used, purpose="licensing", served=[], on=schedule.valid_from, by=by)
    check_covered(
        schedule.field_of_use,
        schedule.valid_from,
        by,
        valid_until=schedule.valid_until,
        regions=_regions(schedule.terms),
    )
    entry = journal.append(
        "schedule.adopted",
        subject=f"schedule:{schedule.number}@{schedule.version}",
        facts={
            "schedule": schedule.number,
            "version": schedule.version,
            "terms": schedule.terms,
            "terms_sha256": schedule.sha256,
            "from": schedule.valid_from.isoformat(),
            **({"until": schedule.valid_until.isoformat()} if schedule.valid_until else {}),
        },
        effective=(schedule.valid_from, schedule.valid_until),
        by=by,
        at=at,
    )
    schedule.state, schedule.adopted_by_id, schedule.seq = Schedule.State.ADOPTED, by.user, entry.seq
    schedule.save(update_fields=["state", "adopted_by", "seq"])
    return schedule


def check_covered(
    field_of_use: str,
    valid_from: date,
    by: Viewer,
    *,
    valid_until: date | None = None,
    regions: Collection[str] = (),
) -> None:
    """Refuse a price list under which no published release could be licensed, by what came in behind it.

    Held against it are the field, the regions that the list prices, and its days. Before the first release there is
    nothing to compare with; each licence is compared again with its own release.
    """
    asked = asking.of_schedule(field=field_of_use, valid_from=valid_from, valid_until=valid_until, regions=regions)
    refusal: came_in.WiderThanCameIn | None = None
    for release in Release.objects.filter(withdrawn_on=None).order_by("-published_on", "-pk"):
        try:
            came_in.check(origins.of_release(release, valid_from), asked, named=origins.may_name(by))
        except came_in.WiderThanCameIn as wider:
            refusal = refusal or wider
        else:
            return
    if refusal is not None:
        raise refusal


def _regions(terms: Mapping[str, object]) -> Collection[str]:
    regions = terms.get("regions")
    return regions.keys() if isinstance(regions, Mapping) else ()


_FIELD = Text("利用分野「{field}」は登録されていません。", "There is no field of use “{field}”.")
_TAKEN = Text(
    "この番号は、別の利用分野又は区分の料金表（{list}）のものです。別の番号にしてください。",
    "This number is that of a price list of another field or class ({list}). Choose another.",
)
_CLASS = Text("利用者区分を一覧から選んでください。", "Choose a class of licensee from the list.")
_DAYS = Text("適用を終える日は、適用を始める日より後にしてください。", "It must end after it begins.")
