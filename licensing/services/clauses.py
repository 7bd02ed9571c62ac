"""The clause library and the templates that order it: approved versions only, never edited."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.core import agreements
from licensing.core import clauses as rules
from licensing.models import AgreementTemplate, Clause, ClauseVersion


@transaction.atomic
def approve(library: dict, *, by: Viewer, at: datetime, valid_from: date) -> list[ClauseVersion]:
    """Take in a library document whole, or not at all: both languages, equal figures, references that resolve."""
    check_may(by, "clause.approve")
    versions = [rules.clause(row) for row in library["clauses"]]
    templates = [agreements.template(row) for row in library["templates"]]
    for template in templates:
        rules.check_library(versions, template.schema)
    approved = [
        _approve_clause(version, position, by=by, at=at, valid_from=valid_from)
        for position, version in enumerate(versions, start=1)
    ]
    for row in library["templates"]:
        AgreementTemplate.objects.get_or_create(
            code=row["id"], version=row["version"], defaults={"document": row, "sha256": _digest(row)}
        )
    return approved


def _approve_clause(version: rules.ClauseVersion, position: int, *, by, at, valid_from: date) -> ClauseVersion:
    clause, _ = Clause.objects.get_or_create(code=version.id, defaults={"family": version.family, "position": position})
    held = clause.versions.filter(version=version.version).first()
    if held is not None:
        return held
    document = rules.document(version)
    entry = journal.append(
        "clause.approved",
        subject=f"clause:{version.id}@{version.version}",
        facts={"clause": version.id, "version": version.version, "clause_sha256": _digest(document)},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return ClauseVersion.objects.create(
        seq=entry.seq,
        clause=clause,
        version=version.version,
        document=document,
        sha256=_digest(document),
        state=ClauseVersion.State.APPROVED,
        valid_from=valid_from,
    )


def _digest(document: dict) -> str:
    return canonical.sha256_hex(canonical.dumps(document))
