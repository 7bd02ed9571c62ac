"""Allocations: gathered from the journal up to a checkpoint, calculated by the core, frozen, attested, adopted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from contributions import selectors as contributed
from contributions.adapters.randomness import random_bytes
from contributions.core import canonical, committed, rate_rows
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Checkpoint, Member
from contributions.selectors.invariants import Fault, words
from contributions.services import journal, numbers
from licensing import selectors
from licensing.core import allocations as rules
from licensing.core import ancestry, results
from licensing.core import inputs as gathering
from licensing.models import Allocation, Policy, Release, Share
from licensing.services import ballots

# How often totals are read anew where the log grew under the reading.
TRIES = 3


class PolicyNotAdopted(Refused):
    code = "policy-not-adopted"
    ja = "配分規程 第{version}版は採択されていません。採択済みの規程で計算してください。"
    en = "Policy version {version} is not adopted. Calculate by an adopted one."


class NotRecomputed(Refused):
    code = "not-recomputed"
    ja = "再計算の結果が保存された計算と一致しません（{what}）。監査人に連絡してください。"
    en = "The recomputation does not match what is stored ({what}). Tell the auditor."


class NotAttested(Refused):
    code = "not-attested"
    ja = "配分計算 {number} は、配分デスクと監査人の両方の再計算が済むまで採択できません。"
    en = "Allocation {number} cannot be adopted before both the desk and the auditor have recomputed it."


def run(
    policy: Policy, release: Release, *, checkpoint: Checkpoint, window: tuple[date, date], by: Viewer, at: datetime
) -> Allocation:
    """Calculate by an adopted policy, from what the log held at the checkpoint, for a period."""
    check_may(by, "allocation.run")
    if policy.state != Policy.State.ADOPTED:
        raise PolicyNotAdopted(version=policy.version)
    inputs = gather(policy.document, release.number, window, checkpoint.size, bytes(checkpoint.root).hex())
    result = rules.allocate(policy.document, inputs)
    return _freeze(policy, release, checkpoint, window, inputs, result, by=by, at=at)


def gather(document: dict, release: str, window: tuple[date, date], size: int, root: str) -> dict:
    """The canonical inputs document: what the log's first `size` entries say, under that policy, for that period.

    Metered compute is read as totals, all else from statements. Both are of one state of the log if it has not grown
    meanwhile; where writers leave no such moment, every statement is read.
    """
    for _ in range(TRIES):
        begun = contributed.log.head().size
        said = contributed.journal.statements_of(gathering.kinds(document, metering=False), size=size)
        metered = contributed.meter_totals.known_at(size, named=gathering.named_apart(said))
        inputs = _fold([*said, *metered.statements], document, release, window, size, root, metered=metered.totals)
        if contributed.log.head().size == begun:
            return inputs
    return gather_whole(document, release, window, size, root)


def gather_whole(document: dict, release: str, window: tuple[date, date], size: int, root: str) -> dict:
    """The same from every statement, as the verifier does: what each attestation checks the totals by. O(entries)."""
    return _fold(contributed.journal.statements(size=size), document, release, window, size, root)


def _fold(
    said: Iterable[dict],
    document: dict,
    release: str,
    window: tuple[date, date],
    size: int,
    root: str,
    *,
    metered: gathering.Totals | None = None,
) -> dict:
    return gathering.fold(
        said,
        policy=document,
        release=release,
        window=(window[0].isoformat(), window[1].isoformat()),
        log={"size": size, "root": root},
        opened=opened(document, release, size),
        metered=metered,
    )


def opened(document: dict, release: str, size: int) -> dict[str, list[dict]]:
    """The salted rows of the adopted allocations that the release inherits from, by number; mostly there are none."""
    if not ancestry.is_needed(document):
        return {}
    said = contributed.journal.statements_of(ancestry.KINDS, size=size)
    wanted = ancestry.allocations(said, release)
    found = Allocation.objects.filter(number__in=wanted).values_list("number", "rows")
    return {number: canonical.loads(bytes(rows)) for number, rows in found}


@transaction.atomic
def _freeze(policy, release, checkpoint, window, inputs, result, *, by: Viewer, at: datetime) -> Allocation:
    number = numbers.take(Allocation, f"A-{window[0].year}", width=2)
    inputs_bytes, result_bytes = canonical.dumps(inputs), canonical.dumps(result.document())
    rows = rules.rows(result, lambda _: random_bytes(32).hex())
    digests = {
        "inputs_sha256": canonical.sha256_hex(inputs_bytes),
        "result_sha256": canonical.sha256_hex(result_bytes),
        "rows_root": committed.rows_root(rows),
    }
    entry = journal.append(
        "allocation.run",
        subject=f"allocation:{number}",
        facts={
            "allocation": number,
            "release": release.number,
            "policy_sha256": policy.sha256,
            "checkpoint": checkpoint.size,
            "window": [day.isoformat() for day in window],
            "engine": results.ENGINE,
            **digests,
        },
        by=by,
        at=at,
    )
    allocation = Allocation.objects.create(
        seq=entry.seq,
        number=number,
        policy=policy,
        release=release,
        window_from=window[0],
        window_until=window[1],
        log_size=checkpoint.size,
        log_root=bytes(checkpoint.root).hex(),
        inputs=inputs_bytes,
        result=result_bytes,
        rows=canonical.dumps(rows),
        run_at=at,
        **digests,
    )
    members = {member.code: member for member in Member.objects.select_related("organization")}
    Share.objects.bulk_create(
        Share(
            allocation=allocation,
            right=right.right,
            member=members[share.member],
            exact=fraction_text(share.exact),
            grid_units=share.grid,
            rounding_delta=fraction_text(share.delta),
        )
        for right in result.rights
        for share in right.members
    )
    return allocation


def recompute(allocation: Allocation) -> None:
    """Gather and calculate again from every statement of the journal, and refuse if a single byte differs.

    The roots against which members are shown their own factors are worked out again, too.
    """
    window = (allocation.window_from, allocation.window_until)
    document = allocation.policy.document
    inputs = gather_whole(document, allocation.release.number, window, allocation.log_size, allocation.log_root)
    result = rules.allocate(document, inputs)
    cards = contributed.journal.numbered((rate_rows.ADOPTED, rate_rows.COMMITTED), size=allocation.log_size)
    if rate_rows.unfaithful(cards):
        raise NotRecomputed(what="rate cards")
    if canonical.dumps(inputs) != bytes(allocation.inputs):
        raise NotRecomputed(what="inputs")
    if canonical.dumps(result.document()) != bytes(allocation.result):
        raise NotRecomputed(what="result")


def unrepeatable() -> Iterator[Fault]:
    """I9 and I10 for a deep verification of the log: shares that do not sum to one, runs that do not repeat."""
    for allocation in Allocation.objects.select_related("policy", "release").order_by("seq"):
        place = Text(f"配分計算 {allocation.number}", f"allocation {allocation.number}")
        if not _sums_to_one(allocation):
            sentence = Text("配分比率の合計が1になりません。", "its shares do not sum to one")
            yield Fault("I9", sentence, seq=allocation.seq, place=place)
        try:
            recompute(allocation)
        except NotRecomputed as refusal:
            yield Fault("I10", words(refusal), seq=allocation.seq, place=place)


def _sums_to_one(allocation: Allocation) -> bool:
    """Whether, right by right, the posted shares and what is held make the whole grid, and the fractions the whole."""
    document = canonical.loads(bytes(allocation.result))
    for right in results.rights_of(document, allocation.policy.document):
        rows = allocation.shares.filter(right=right["right"]).values_list("exact", "grid_units")
        whole = sum((Fraction(exact) for exact, _ in rows), Fraction(0))
        if sum(units for _, units in rows) + right["held"] != right["grid"] or (whole != 1) != bool(right["held"]):
            return False
    return True


def attest(allocation: Allocation, *, by: Viewer, at: datetime) -> Allocation:
    """Recompute everything and record that it agrees: once by the desk, once by the auditor."""
    check_may(by, "allocation.attest")
    selectors.allocations.check_whole(by, allocation)
    recompute(allocation)
    with transaction.atomic():
        allocation = Allocation.objects.select_for_update().get(pk=allocation.pk)
        if any(done["workplace"] == by.workplace for done in allocation.attestations):
            return allocation
        entry = journal.append(
            "allocation.attested",
            subject=f"allocation:{allocation.number}",
            facts={
                "allocation": allocation.number,
                "result_sha256": hashlib.sha256(bytes(allocation.result)).hexdigest(),
                "attested_by": by.workplace,
            },
            by=by,
            at=at,
        )
        allocation.attestations = [*allocation.attestations, {"workplace": by.workplace, "seq": entry.seq}]
        if {done["workplace"] for done in allocation.attestations} >= {"desk", "auditor"}:
            allocation.state = Allocation.State.ATTESTED
        allocation.seq = entry.seq
        allocation.save(update_fields=["attestations", "state", "seq"])
    return allocation


@transaction.atomic
def adopt(allocation: Allocation, *, by: Viewer, at: datetime) -> Allocation:
    """Adopt an attested allocation. The statement names no member and no share: only their common root."""
    check_may(by, "allocation.adopt")
    allocation = Allocation.objects.select_for_update().select_related("policy", "release").get(pk=allocation.pk)
    if allocation.state != Allocation.State.ATTESTED:
        raise NotAttested(number=allocation.number)
    name = Text(f"配分計算 {allocation.number}", f"allocation {allocation.number}")
    ballot = ballots.mandate(allocation, what=name)
    entry = journal.append(
        "allocation.adopted",
        subject=f"allocation:{allocation.number}",
        facts={
            "allocation": allocation.number,
            "release": allocation.release.number,
            "policy_sha256": allocation.policy.sha256,
            "inputs_sha256": allocation.inputs_sha256,
            "result_sha256": allocation.result_sha256,
            "rows_root": allocation.rows_root,
            "sum": "1",
            "ballot": ballot.number,
            "checkpoint": allocation.log_size,
            "window": [allocation.window_from.isoformat(), allocation.window_until.isoformat()],
        },
        by=by,
        at=at,
    )
    _supersede_before(allocation)
    allocation.state, allocation.adopted_at, allocation.seq = Allocation.State.ADOPTED, at, entry.seq
    allocation.save(update_fields=["state", "adopted_at", "seq"])
    return allocation


def _supersede_before(allocation: Allocation) -> None:
    """An adopted allocation of the same release for an overlapping period gives way to the one now adopted."""
    Allocation.objects.filter(
        release=allocation.release,
        state=Allocation.State.ADOPTED,
        window_from__lt=allocation.window_until,
        window_until__gt=allocation.window_from,
    ).update(state=Allocation.State.SUPERSEDED)
