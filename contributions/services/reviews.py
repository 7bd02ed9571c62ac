"""Data reviews: opened, assigned, decided by people who stand apart, answered by the owner, and examined again.

Nobody decides on its own member's data, on that of its own group, or on a rival's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from unicodedata import normalize

from django.db import transaction

from contributions.core import canonical, datasets
from contributions.core import independence as apart
from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import JST
from contributions.core.roles import Viewer, check_may, check_own
from contributions.models import Condition, DatasetVersion, Opinion, Organization, Reply, Review
from contributions.selectors import datasets as reading
from contributions.selectors import exclusions, independence, organizations, reviews
from contributions.services import journal

PLAIN = "text/plain; charset=utf-8"


class NotAReviewBody(Refused):
    code = "not-a-review-body"
    ja = "{organization} は審査機関として登録されていません。"
    en = "{organization} is not registered as a review body."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a review ends: what is decided, from when until when, and what the decision rests on.

    `details`: item, judge, judged_on (export); basis, records (personal data). `conditions`: words and the day due.
    """

    decision: str
    opinion: str
    valid_from: date
    valid_until: date | None = None
    ground: str = ""
    channel: str = ""
    details: dict[str, str] = field(default_factory=dict)
    conditions: Sequence[tuple[str, date | None]] = ()
    evidence: Evidence | None = None


@transaction.atomic
def open_all(version: DatasetVersion, *, by: Viewer, at: datetime) -> list[Review]:
    """Open every review that the version needs and does not have yet; where there is one review body, it gets them."""
    check_may(by, "review.open")
    datasets.check_ready(reading.gaps_of(version))
    present = set(version.reviews.values_list("kind", flat=True))
    bodies = list(Organization.objects.filter(kind=Organization.Kind.REVIEW)[:2])
    body = bodies[0] if len(bodies) == 1 else None
    opened = []
    for kind in version.required:
        if kind in present:
            continue
        entry = journal.append(
            "review.opened",
            subject=f"dataset:{version.dataset.number}",
            member=version.dataset.member.code,
            facts=_named(version, kind) | {"body": body.code if body else None},
            by=by,
            at=at,
        )
        quota = version.quotas.get(kind, 1)
        opened.append(
            Review.objects.create(seq=entry.seq, version=version, kind=kind, opened_at=at, body=body, quota=quota)
        )
    return opened


@transaction.atomic
def assign(review: Review, body: Organization, *, by: Viewer, at: datetime) -> Review:
    """Give a review to a review body that stands apart from the owner. From then on the body sees what it needs."""
    check_may(by, "review.assign")
    review = _locked(review)
    if body.kind != Organization.Kind.REVIEW:
        raise NotAReviewBody(organization=body.code)
    if review.state != Review.State.OPEN:
        raise rules.AlreadyDecided
    owner = review.version.dataset.member.code
    rivals = exclusions.rivals_of(owner, at=_day(at))
    apart.check_apart(body.code, owner=owner, group=organizations.group_of(owner), rivals=rivals)
    entry = journal.append(
        "review.assigned",
        subject=f"dataset:{review.version.dataset.number}",
        member=owner,
        facts=_named(review.version, review.kind) | {"body": body.code},
        by=by,
        at=at,
    )
    review.body, review.seq = body, entry.seq
    review.save(update_fields=["body", "seq"])
    return review


@transaction.atomic
def decide(review: Review, *, by: Viewer, at: datetime, **ending) -> Review:
    """Give one opinion, see `Ending`; with the last one that the quota asks for, or with a refusal, the round ends.

    Words and files are kept as erasable annexes, named by their digests.
    """
    check_may(by, "review.decide")
    review, said = _locked(review), Ending(**ending)
    before = list(review.opinions.filter(round=review.round))
    _check_reviewer(review, by, at)
    rules.check_decision(
        review.kind,
        said.decision,
        start=said.valid_from,
        until=said.valid_until,
        opinion=said.opinion,
        outcome=said.ground or None,
        channel=said.channel or None,
        is_decided=review.state != Review.State.OPEN,
        details=said.details,
        conditions=said.conditions,
    )
    if by.user is not None and any(one.decided_by_id == by.user for one in before):
        raise rules.SameReviewer(quota=review.quota)
    earlier = review.opinions.filter(round__lt=review.round).order_by("-valid_from").first()
    rules.check_start(
        said.valid_from,
        submitted=review.version.submitted_on,
        opened=reviews.reopened_on(review),
        earlier=earlier and earlier.valid_from,
    )
    opinion = _post(review, said, by=by, at=at)
    decisions = [reading.decision_of(one, review.kind) for one in [*before, opinion]]
    review.seq, fields = opinion.seq, ["seq"]
    if rules.is_complete(decisions, review.quota):
        fields += _conclude(review, [*before, opinion])
    review.save(update_fields=fields)
    return review


@transaction.atomic
def reply(
    review: Review,
    *,
    text: str,
    by: Viewer,
    at: datetime,
    condition: Condition | None = None,
    evidence: Evidence | None = None,
) -> Reply:
    """The owner answers a review, or says how it has met a condition; the review body reads it with the record."""
    check_may(by, "review.reply")
    review = _locked(review)
    check_own(by, review.version.dataset.member.code)
    if not text.strip():
        raise rules.OpinionNeeded
    entry = journal.append(
        "review.replied",
        subject=f"dataset:{review.version.dataset.number}",
        member=review.version.dataset.member.code,
        facts=_named(review.version, review.kind)
        | {"round": review.round, "condition": condition.number if condition else None},
        annexes=[
            journal.Attachment("reply.txt", PLAIN, text.encode()),
            *journal.handed_in(evidence),
        ],
        by=by,
        at=at,
    )
    sealed = _sealed(entry)
    return Reply.objects.create(
        seq=entry.seq,
        review=review,
        condition=condition,
        round=review.round,
        text=text,
        text_sha256=sealed["reply.txt"],
        evidence_name=evidence.name if evidence else "",
        evidence_sha256=sealed.get("evidence", ""),
        replied_at=at,
        replied_by_id=by.user,
    )


@transaction.atomic
def fulfil(condition: Condition, *, on: date, by: Viewer, at: datetime) -> Condition:
    """The review body confirms that a condition is fulfilled from a day on."""
    check_may(by, "review.decide")
    condition = Condition.objects.select_for_update(of=("self",)).select_related("opinion").get(pk=condition.pk)
    review = _locked(condition.opinion.review)
    _check_reviewer(review, by, at)
    if condition.fulfilled_on is not None:
        raise rules.ConditionFulfilled(on=condition.fulfilled_on)
    entry = journal.append(
        "condition.fulfilled",
        subject=f"dataset:{review.version.dataset.number}",
        member=review.version.dataset.member.code,
        facts=_named(review.version, review.kind)
        | {
            "round": condition.opinion.round,
            "opinion": _place(condition.opinion),
            "condition": condition.number,
            "on": on.isoformat(),
        },
        effective=(on, None),
        by=by,
        at=at,
    )
    condition.fulfilled_on, condition.fulfilled_seq = on, entry.seq
    condition.save(update_fields=["fulfilled_on", "fulfilled_seq"])
    return condition


@transaction.atomic
def reopen(review: Review, *, by: Viewer, at: datetime) -> Review:
    """Begin a re-examination. What was decided stays readable, and stands until the new decision takes effect."""
    check_may(by, "review.reopen")
    review = _locked(review)
    if review.state == Review.State.OPEN:
        raise rules.NotDecidedYet
    entry = journal.append(
        "review.reopened",
        subject=f"dataset:{review.version.dataset.number}",
        member=review.version.dataset.member.code,
        facts=_named(review.version, review.kind) | {"round": review.round + 1},
        by=by,
        at=at,
    )
    review.state, review.round, review.seq = Review.State.OPEN, review.round + 1, entry.seq
    review.opinion = review.opinion_sha256 = review.ground = ""
    review.decided_at = review.decided_by = review.valid_from = review.valid_until = None
    review.save()
    return review


def _check_reviewer(review: Review, by: Viewer, at: datetime) -> None:
    """The rule of independence, as the page asks it too; and the review is not another body's."""
    independence.check(by, review.version.dataset.member.code, at=_day(at))
    if review.body is not None and review.body.code != by.acting:
        raise rules.AnotherBody


def _post(review: Review, said: Ending, *, by: Viewer, at: datetime) -> Opinion:
    details = {name: normalize("NFC", value) for name, value in said.details.items() if value}
    entry = journal.append(
        "review.decided",
        subject=f"dataset:{review.version.dataset.number}",
        member=review.version.dataset.member.code,
        facts=_named(review.version, review.kind)
        | {
            "round": review.round,
            "decision": said.decision,
            "ground": said.ground or None,
            "channel": said.channel or None,
            **{name: details[name] for name in ("item", "judged_on", "basis") if name in details},
            "conditions": [
                {"condition": number, "due": due.isoformat()} for number, (_, due) in enumerate(said.conditions, 1)
            ],
            "reviewer": by.acting,
            "from": said.valid_from.isoformat(),
            "until": said.valid_until.isoformat() if said.valid_until else None,
        },
        effective=(said.valid_from, said.valid_until),
        annexes=_annexes(said, details),
        by=by,
        at=at,
    )
    sealed = _sealed(entry)
    opinion = Opinion.objects.create(
        seq=entry.seq,
        review=review,
        round=review.round,
        decision=said.decision,
        text=said.opinion,
        text_sha256=sealed["opinion.txt"],
        evidence_name=said.evidence.name if said.evidence else "",
        evidence_sha256=sealed.get("evidence", ""),
        ground=said.ground,
        channel=said.channel,
        details=details,
        reviewer=Organization.objects.filter(code=by.acting or "").first(),
        decided_at=at,
        decided_by_id=by.user,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )
    for number, (words, due) in enumerate(said.conditions, 1):
        Condition.objects.create(
            seq=entry.seq,
            opinion=opinion,
            number=number,
            text=words,
            text_sha256=sealed[f"condition-{number}.txt"],
            due=due,
        )
    return opinion


def _annexes(said: Ending, details: dict[str, str]) -> list[journal.Attachment]:
    annexes = [journal.Attachment("opinion.txt", PLAIN, said.opinion.encode())]
    annexes += [
        journal.Attachment(f"condition-{number}.txt", PLAIN, words.encode())
        for number, (words, _) in enumerate(said.conditions, 1)
    ]
    if details:  # who judged, and where records lie, name people: they stand where they can be erased
        annexes.append(journal.Attachment("details.json", "application/json", canonical.dumps(details)))
    return annexes + journal.handed_in(said.evidence)


def _conclude(review: Review, opinions: Sequence[Opinion]) -> list[str]:
    """The review's own row says what its last round came to; the opinions keep the whole."""
    speaking = next((one for one in opinions if one.decision == rules.REFUSED), opinions[-1])
    review.state, review.opinion, review.ground = speaking.decision, speaking.text, speaking.ground
    review.opinion_sha256, review.decided_at = speaking.text_sha256, speaking.decided_at
    review.decided_by_id = speaking.decided_by_id
    review.valid_from = max(one.valid_from for one in opinions)
    ends = [one.valid_until for one in opinions if one.valid_until is not None]
    review.valid_until = min(ends) if ends and speaking.decision == rules.PASSED else None
    return [
        "state", "opinion", "ground", "opinion_sha256", "decided_at", "decided_by", "valid_from", "valid_until"
    ]  # fmt: skip


def _place(opinion: Opinion) -> int:
    """Which opinion of its round it is, counted from 1."""
    return Opinion.objects.filter(review=opinion.review, round=opinion.round, pk__lte=opinion.pk).count()


def _named(version: DatasetVersion, kind: str) -> dict:
    return {"dataset": version.dataset.number, "version": version.version, "review": kind}


def _sealed(entry) -> dict[str, str]:
    return {annex.name: annex.sha256 for annex in entry.annexes.all()}


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("version__dataset__member__organization")
    return rows.get(pk=review.pk)


def _day(at: datetime) -> date:
    return at.astimezone(JST).date()
