"""Tables of coalition values: submitted by the desk from a file, adopted by a second pair of eyes, named by digest."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import JST
from contributions.core.roles import Viewer, check_may
from contributions.models import User
from contributions.services import journal, numbers
from licensing.core import valuations as rules
from licensing.models import Valuation


class SameTable(Refused):
    code = "same-valuation"
    ja = "同じ内容の表が {number} として登録済みです。何も追加していません。"
    en = "The same table is on record already as {number}. Nothing was added."


class OwnTable(Refused):
    code = "own-valuation"
    ja = "{number} は、提出した本人以外の担当者が確認して採択します。"
    en = "{number} is adopted by somebody else than who submitted it."


class NotSubmitted(Refused):
    code = "valuation-not-submitted"
    ja = "{number} は確認待ちではありません。"
    en = "{number} does not wait to be adopted."


def read(file: Evidence, *, on: date) -> rules.Table:
    """The table in a CSV or JSON file; its players are members of the day. Refuses with every finding by row."""
    members = {member.code for member in contributed.members.in_force(on)}
    reads_json = file.content.lstrip()[:1] in {b"{", b"\xef"} and file.name.lower().endswith(".json")
    return (rules.read_json if reads_json else rules.read_csv)(file.content, members=members)


@transaction.atomic
def submit(
    *,
    file: Evidence,
    name_ja: str,
    name_en: str,
    method_ja: str,
    method_en: str,
    by: Viewer,
    at: datetime,
    illustrative: bool = True,
) -> Valuation:
    """Enter a table from a file, with how its values were found. The file itself is kept as an annex."""
    check_may(by, "valuation.submit")
    table = read(file, on=at.astimezone(JST).date())
    if (held := Valuation.objects.filter(sha256=table.sha256).first()) is not None:
        raise SameTable(number=held.number)
    number = numbers.take(Valuation, "V")
    entry = journal.append(
        "valuation.submitted",
        subject=f"valuation:{number}",
        facts={
            "valuation": number,
            "valuation_sha256": table.sha256,
            "players": list(table.players),
            "name": {"ja": name_ja, "en": name_en},
            "method": {"ja": method_ja, "en": method_en},
        },
        annexes=[journal.Attachment("table", "application/octet-stream", file.content)],
        by=by,
        at=at,
    )
    return Valuation.objects.create(
        seq=entry.seq,
        number=number,
        name_ja=name_ja,
        name_en=name_en,
        method_ja=method_ja,
        method_en=method_en,
        players=list(table.players),
        values=dict(table.values),
        sha256=table.sha256,
        submitted_by=User.objects.filter(pk=by.user).first(),
        submitted_at=at,
        illustrative=illustrative,
    )


@transaction.atomic
def adopt(valuation: Valuation, *, adopted_on: date, by: Viewer, at: datetime) -> Valuation:
    """Sign for a table that somebody else submitted: from here on a policy may name it by its digest."""
    check_may(by, "valuation.adopt")
    valuation = _waiting(valuation, by)
    assert rules.address(valuation.players, valuation.values) == valuation.sha256, "a table is what its digest says"
    entry = journal.append(
        "valuation.adopted",
        subject=f"valuation:{valuation.number}",
        facts={
            "valuation": valuation.number,
            "valuation_sha256": valuation.sha256,
            "players": valuation.players,
            "values": valuation.values,
        },
        effective=(adopted_on, None),
        by=by,
        at=at,
    )
    valuation.state, valuation.adopted_on, valuation.seq = Valuation.State.ADOPTED, adopted_on, entry.seq
    valuation.save(update_fields=["state", "adopted_on", "seq"])
    return valuation


@transaction.atomic
def send_back(valuation: Valuation, *, reason: str, by: Viewer, at: datetime) -> Valuation:
    """Refuse a submitted table, with the reason; it stays on record and can be named by nothing."""
    check_may(by, "valuation.adopt")
    valuation = _waiting(valuation, by)
    entry = journal.append(
        "valuation.refused",
        subject=f"valuation:{valuation.number}",
        facts={"valuation": valuation.number},
        annexes=[journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())],
        by=by,
        at=at,
    )
    valuation.state, valuation.seq = Valuation.State.REFUSED, entry.seq
    valuation.save(update_fields=["state", "seq"])
    return valuation


def _waiting(valuation: Valuation, by: Viewer) -> Valuation:
    valuation = Valuation.objects.select_for_update().get(pk=valuation.pk)
    if valuation.state != Valuation.State.SUBMITTED:
        raise NotSubmitted(number=valuation.number)
    if by.user is not None and valuation.submitted_by_id == by.user:
        raise OwnTable(number=valuation.number)
    return valuation
