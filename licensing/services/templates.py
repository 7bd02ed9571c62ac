"""Templates of agreements: proposed as documents, approved by a second pair of eyes, every clause version pinned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.services import independence, journal
from licensing.core import clauses as clause_rules
from licensing.core import libraries
from licensing.core import templates as rules
from licensing.models import AgreementTemplate
from licensing.selectors import clauses, templates
from licensing.selectors.shipped import ORIGIN as SHIPPED


class TemplateChanged(Refused):
    code = "template-changed"
    ja = "ひな形「{name}」は別の内容で既に承認されています。版を上げてください。"
    en = "The template “{name}” is approved with another content already. Give the new content the next version."


class TemplateStale(Refused):
    code = "template-stale"
    ja = "ひな形「{name}」の案は、開いた後に他の人が保存しています。新しい案を確かめてから保存し直してください。"
    en = "The draft of “{name}” was saved by somebody else since you opened it. Look at the newer one, then save again."


class TemplateStep(Refused):
    code = "template-step"
    ja = "ひな形「{name}」は、この操作ができる状態ではありません。"
    en = "The template “{name}” is in no state to do this."


class LastOfItsKind(Refused):
    code = "last-template"
    ja = "ひな形「{name}」を使う起案中の契約があるため廃止できません。"
    en = "The template “{name}” cannot be retired: agreements drafted from it are under way."


def take_in(
    document: Mapping, library: Sequence[clause_rules.ClauseVersion], *, by: Viewer, at: datetime, valid_from: date
) -> AgreementTemplate:
    """A template of a library document, approved together with it; one that is held keeps the clauses it has."""
    held = AgreementTemplate.objects.filter(code=document["id"], version=document["version"]).first()
    if held is not None:
        pins = {one.clause: one.version for one in rules.template(held.document).entries if one.version}
        if held.sha256 != _digest(rules.pinned(document, pins)):
            raise TemplateChanged(name=str(held))
        return held
    document = rules.pinned(document, _newest(library))
    row = AgreementTemplate(code=document["id"], version=document["version"], origin=SHIPPED)
    return _approved(row, document, by=by, at=at, valid_from=valid_from)


@transaction.atomic
def propose(document: Mapping, *, by: Viewer, at: datetime, opened: str = "", origin: str = "") -> AgreementTemplate:
    """Save a draft: the template's next version, or the draft there is already, if `opened` is that draft's digest."""
    check_may(by, "template.propose")
    code = rules.template({**document, "version": 1}).id
    rows = AgreementTemplate.objects.select_for_update().filter(code=code)
    row = rows.filter(state=AgreementTemplate.State.DRAFT).first()
    if row is not None and row.sha256 != opened:
        raise TemplateStale(name=str(row))
    newest = AgreementTemplate.objects.filter(code=code).aggregate(newest=Max("version"))["newest"] or 0
    row = row or AgreementTemplate(code=code, version=newest + 1)
    row.document = {**document, "version": row.version}
    row.sha256 = _digest(row.document)
    row.proposed_by_id, row.proposed_at, row.origin = by.user, at, origin
    return _saved(row, "template.proposed", by=by, at=at)


@transaction.atomic
def approve(row: AgreementTemplate, *, by: Viewer, at: datetime, valid_from: date) -> AgreementTemplate:
    """Put a draft in force: from its day on agreements are drafted from it, each clause in the version of that day."""
    check_may(by, "template.approve")
    row = AgreementTemplate.objects.select_for_update().get(pk=row.pk)
    if row.state != AgreementTemplate.State.DRAFT:
        raise TemplateStep(name=str(row))
    independence.check_second(by, [row.proposed_by_id], name=str(row), at=at)
    document = templates.pinned(row.document, valid_from)
    libraries.refuse(faults(document))
    return _approved(row, document, by=by, at=at, valid_from=valid_from)


@transaction.atomic
def retire(row: AgreementTemplate, *, by: Viewer, at: datetime) -> AgreementTemplate:
    """Nothing new is drafted from this version; agreements that hold it keep it."""
    check_may(by, "template.retire")
    row = AgreementTemplate.objects.select_for_update().get(pk=row.pk)
    if row.state != AgreementTemplate.State.APPROVED:
        raise TemplateStep(name=str(row))
    if row.agreements.filter(state__in=("drafted", "approved")).exists():
        raise LastOfItsKind(name=str(row))
    row.state = AgreementTemplate.State.RETIRED
    return _saved(row, "template.retired", by=by, at=at)


def faults(document: Mapping) -> libraries.Faults:
    """What is wrong with a template's document over the library as it stands."""
    source = rules.template(document)
    library = clauses.pinned({entry.clause: entry.version for entry in source.entries if entry.version})
    placed = [version for version in library if {version.id, version.of} & set(source.clauses)]
    return libraries.all_faults(placed, [source], about=source.id)


def using(clause: str, version: int) -> list[AgreementTemplate]:
    """The templates in force that are made of that version of a clause."""
    return [
        row
        for row in clauses.in_force()
        if any(
            entry.clause == clause and entry.version in (None, version)
            for entry in rules.template(row.document).entries
        )
    ]


def put_in_force(row: AgreementTemplate, *, by: Viewer, at: datetime, valid_from: date) -> AgreementTemplate:
    """Store an approval that was decided, each clause in the version of this day."""
    return _approved(row, templates.pinned(row.document, valid_from), by=by, at=at, valid_from=valid_from)


def _approved(
    row: AgreementTemplate, document: Mapping, *, by: Viewer, at: datetime, valid_from: date
) -> AgreementTemplate:
    row.document, row.sha256 = dict(document), _digest(document)
    row.state, row.valid_from = AgreementTemplate.State.APPROVED, valid_from
    row.approved_by_id, row.approved_at = by.user, at
    return _saved(row, "template.approved", by=by, at=at)


def _saved(row: AgreementTemplate, kind: str, *, by: Viewer, at: datetime) -> AgreementTemplate:
    entry = journal.append(
        kind,
        subject=f"template:{row}",
        facts={"template": row.code, "version": row.version, "template_sha256": row.sha256},
        effective=(row.valid_from, None),
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
    return row


def _newest(library: Sequence[clause_rules.ClauseVersion]) -> dict[str, int]:
    return {version.id: version.version for version in sorted(library, key=lambda one: one.version)}


def _digest(document: Mapping) -> str:
    return canonical.sha256_hex(canonical.dumps(document))
