"""The clause library: wordings proposed, approved by a second pair of eyes, and retired; approved ones never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.services import independence, journal
from licensing.core import clauses as rules
from licensing.core import libraries
from licensing.core import templates as template_rules
from licensing.models import Clause, ClauseVersion
from licensing.selectors import clauses
from licensing.selectors.shipped import ORIGIN as SHIPPED
from licensing.services import templates


class WordingChanged(Refused):
    code = "wording-changed"
    ja = "「{name}」は別の文言で既に承認されています。版を上げてください。"
    en = "“{name}” is approved with another wording already. Give the new wording the next version."


class StaleDraft(Refused):
    code = "stale-draft"
    ja = "「{name}」の案は、開いた後に他の人が保存しています。新しい案を確かめてから保存し直してください。"
    en = "The draft of “{name}” was saved by somebody else since you opened it. Look at the newer one, then save again."


class NotADraft(Refused):
    code = "not-a-draft"
    ja = "「{name}」は案ではありません。"
    en = "“{name}” is not a draft."


class StillUsed(Refused):
    code = "still-used"
    ja = "「{name}」はひな形 {templates} が使っているため廃止できません。先にひな形の新しい版を承認してください。"
    en = "“{name}” cannot be retired: the templates {templates} use it. Approve a new version of them first."


class OtherFamily(Refused):
    code = "other-family"
    ja = "条項「{name}」の分類は「{family}」です。版によって変えることはできません。"
    en = "The clause “{name}” belongs to the family “{family}”; a version cannot change that."


@transaction.atomic
def take_in(library: Mapping, *, by: Viewer, at: datetime, valid_from: date) -> list[ClauseVersion]:
    """Take in a library document whole, or not at all: both languages, equal figures, references that resolve."""
    check_may(by, "clause.approve")
    versions = [rules.clause(row) for row in library["clauses"]]
    sources = [template_rules.template(row) for row in library["templates"]]
    libraries.check(versions, sources)
    approved = []
    for position, (version, row) in enumerate(zip(versions, library["clauses"], strict=True), start=1):
        clause, _ = Clause.objects.get_or_create(
            code=version.id,
            defaults={"family": version.family, "position": position, "owner": row.get("owner", "legal")},
        )
        approved.append(_taken(clause, version, row.get("rationale", {}), by=by, at=at, valid_from=valid_from))
    codes = Clause.objects.in_bulk([version.id for version in versions], field_name="code")
    for version in versions:
        if version.of and codes[version.id].base_id is None:
            Clause.objects.filter(code=version.id).update(base=codes[version.of])
    for row in library["templates"]:
        templates.take_in(row, versions, by=by, at=at, valid_from=valid_from)
    return approved


def _taken(
    clause: Clause, version: rules.ClauseVersion, rationale: Mapping, *, by: Viewer, at: datetime, valid_from: date
) -> ClauseVersion:
    document = rules.document(version)
    held = clause.versions.filter(version=version.version).first()
    if held is not None:
        if held.sha256 != digest(document):
            raise WordingChanged(name=f"{version.id}@{version.version}")
        return held
    row = ClauseVersion(clause=clause, version=version.version, rank=version.rank)
    row.rationale_ja, row.rationale_en = rationale.get("ja", ""), rationale.get("en", "")
    row.document, row.sha256, row.origin = document, digest(document), SHIPPED
    return put_in_force(row, by=by, at=at, valid_from=valid_from)


@transaction.atomic
def propose(
    document: Mapping,
    *,
    rationale: Text,
    by: Viewer,
    at: datetime,
    owner: str = "legal",
    base: str | None = None,
    rank: str = rules.PREFERRED,
    opened: str = "",
    origin: str = "",
) -> ClauseVersion:
    """Save a draft: the clause's next version, or the draft there is already, if `opened` is that draft's digest.

    A draft may still have faults; they are shown while it is written, and approval refuses them.
    """
    check_may(by, "clause.propose")
    version = rules.clause({**document, "of": base, "rank": rank, "version": 1})
    clause = _clause_of(version, owner)
    row = clause.versions.select_for_update().filter(state=ClauseVersion.State.DRAFT).first()
    if row is not None and row.sha256 != opened:
        raise StaleDraft(name=str(row))
    newest = clause.versions.aggregate(newest=Max("version"))["newest"] or 0
    row = row or ClauseVersion(clause=clause, version=newest + 1, valid_from=at.date())
    version = replace(version, version=row.version)
    row.document, row.sha256, row.rank = rules.document(version), digest(rules.document(version)), rank
    row.rationale_ja, row.rationale_en = rationale.ja, rationale.en
    row.proposed_by_id, row.proposed_at, row.origin = by.user, at, origin
    return _saved(row, "clause.proposed", by=by, at=at)


@transaction.atomic
def approve(row: ClauseVersion, *, by: Viewer, at: datetime, valid_from: date) -> ClauseVersion:
    """A second pair of eyes puts a draft in the library, from a day on; it is refused with every fault it would bring.

    The newest version of each clause is what new template versions are made of. Agreements keep what they have.
    """
    check_may(by, "clause.approve")
    row = _locked(row)
    if row.state != ClauseVersion.State.DRAFT:
        raise NotADraft(name=str(row))
    independence.check_second(by, [row.proposed_by_id], name=str(row), at=at)
    libraries.refuse(faults(clauses.read(row)))
    return put_in_force(row, by=by, at=at, valid_from=valid_from)


@transaction.atomic
def retire(row: ClauseVersion, *, by: Viewer, at: datetime, valid_until: date) -> ClauseVersion:
    """Take an approved wording out of the library; agreements that hold it keep it."""
    check_may(by, "clause.retire")
    row = _locked(row)
    if row.state != ClauseVersion.State.APPROVED:
        raise NotADraft(name=str(row))
    if using := templates.using(row.clause.code, row.version):
        raise StillUsed(name=str(row), templates=", ".join(str(one) for one in using))
    row.state, row.valid_until = ClauseVersion.State.RETIRED, max(valid_until, row.valid_from)
    return _saved(row, "clause.retired", by=by, at=at)


def faults(version: rules.ClauseVersion) -> libraries.Faults:
    """What the library and the templates in force would be wrong with, if this wording stood in them."""
    library = [one for one in clauses.library() if one.id != version.id]
    sources = [template_rules.loosened(template_rules.template(row.document)) for row in clauses.in_force()]
    return libraries.all_faults([*library, version], sources, about=version.id)


def digest(document: Mapping) -> str:
    """The digest by which a wording is known."""
    return canonical.sha256_hex(canonical.dumps(document))


def _clause_of(version: rules.ClauseVersion, owner: str) -> Clause:
    base = Clause.objects.get(code=version.of) if version.of else None
    position = Clause.objects.filter(family=version.family).aggregate(last=Max("position"))["last"]
    position = position or (Clause.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    defaults = {"family": version.family, "position": position, "base": base, "owner": owner}
    clause, _ = Clause.objects.get_or_create(code=version.id, defaults=defaults)
    if clause.family != version.family:
        raise OtherFamily(name=clause.code, family=rules.FAMILIES.get(clause.family, clause.family))
    return clause


def put_in_force(row: ClauseVersion, *, by: Viewer, at: datetime, valid_from: date) -> ClauseVersion:
    """Store an approval that was decided: of one draft, or of several at once."""
    row.state, row.valid_from = ClauseVersion.State.APPROVED, valid_from
    row.approved_by_id, row.approved_at = by.user, at
    return _saved(row, "clause.approved", by=by, at=at)


def _saved(row: ClauseVersion, kind: str, *, by: Viewer, at: datetime) -> ClauseVersion:
    entry = journal.append(
        kind,
        subject=f"clause:{row}",
        facts={"clause": row.clause.code, "version": row.version, "clause_sha256": row.sha256},
        effective=(row.valid_from, row.valid_until if row.valid_until != row.valid_from else None),
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
    return row


def _locked(row: ClauseVersion) -> ClauseVersion:
    rows = ClauseVersion.objects.select_for_update(of=("self",)).select_related("clause__base")
    return rows.get(pk=row.pk)
