"""Deciding bodies: recorded with their rules, each edition of which stands from a day on and names its source."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.core import bodies as rules
from licensing.models import Body, BodyEdition


class BodyExists(Refused):
    code = "body-exists"
    ja = "決定機関「{body}」は登録済みです。規則の変更は新しい版として登録してください。"
    en = "The body “{body}” is on record already. Record changed rules as a new edition."


class NoBodySource(Refused):
    code = "body-without-source"
    ja = "規則の根拠（定款・参加契約の条項など）を日本語と英語で記載してください。"
    en = "State the source of the rules (articles, a clause of the participation agreement) in both languages."


@transaction.atomic
def constitute(
    *,
    code: str,
    kind: str,
    name_ja: str,
    name_en: str,
    stated: dict,
    valid_from: date,
    source_ja: str,
    source_en: str,
    by: Viewer,
    at: datetime,
) -> Body:
    """Record a deciding body with the first edition of its rules."""
    check_may(by, "body.constitute")
    if Body.objects.filter(code=code).exists():
        raise BodyExists(body=code)
    assert kind in rules.KINDS, "a door offers the kinds there are"
    entry = journal.append(
        "body.constituted",
        subject=f"body:{code}",
        facts={"body": code, "kind": kind, "name": {"ja": name_ja, "en": name_en}},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    body = Body.objects.create(seq=entry.seq, code=code, kind=kind, name_ja=name_ja, name_en=name_en)
    amend(body, stated=stated, valid_from=valid_from, source_ja=source_ja, source_en=source_en, by=by, at=at)
    return body


@transaction.atomic
def amend(
    body: Body, *, stated: dict, valid_from: date, source_ja: str, source_en: str, by: Viewer, at: datetime
) -> BodyEdition:
    """Record the body's rules from a day on. Ballots opened before keep the rules they were opened under."""
    check_may(by, "body.constitute")
    body = Body.objects.select_for_update().get(pk=body.pk)
    if not source_ja.strip() or not source_en.strip():
        raise NoBodySource
    checked = rules.check(stated)
    edition = body.editions.count() + 1
    entry = journal.append(
        "body.ruled",
        subject=f"body:{body.code}",
        facts={
            "body": body.code,
            "edition": edition,
            "from": valid_from.isoformat(),
            "rules": checked,
            "source": {"ja": source_ja, "en": source_en},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return BodyEdition.objects.create(
        seq=entry.seq,
        body=body,
        edition=edition,
        valid_from=valid_from,
        rules=checked,
        source_ja=source_ja,
        source_en=source_en,
    )
