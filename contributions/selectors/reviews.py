"""Reviews a viewer may see, and those that wait for it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from contributions.adapters.evidence import EvidenceStore
from contributions.core import canonical
from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.core.periods import day_after, jst_date
from contributions.core.roles import REVIEWER, Viewer, may
from contributions.models import Condition, Dataset, Entry, Opinion, Reply, Review
from contributions.selectors import datasets, independence


def visible_to(viewer: Viewer | None) -> QuerySet[Review]:
    """Reviews of the datasets that the viewer may see; of those, a review body has its own and what nobody has yet."""
    rows = Review.objects.filter(version__dataset__in=datasets.visible_to(viewer)).select_related(
        "version__dataset__member__organization", "decided_by", "body"
    )
    if viewer is not None and viewer.workplace == REVIEWER:
        return rows.filter(Q(body=None) | Q(body__code=viewer.acting))
    return rows


def numbered(viewer: Viewer | None, number: str) -> QuerySet[Review]:
    """The review of that number, such as D-honda-0001@1-title, if the viewer may see it."""
    named = re.fullmatch(r"([^@]{1,48})@([1-9][0-9]{0,8})-([a-z]{1,20})", number)
    if named is None:
        return Review.objects.none()
    return visible_to(viewer).filter(version__dataset__number=named[1], version__version=named[2], kind=named[3])


def condition(rows: QuerySet[Condition], key: str) -> Condition | None:
    """The one of the conditions that has that key, such as 1204-1."""
    named = re.fullmatch(r"([0-9]{1,15})-([1-9][0-9]{0,3})", key)
    return rows.filter(opinion__seq=named[1], number=named[2]).first() if named else None


def waiting_for(viewer: Viewer | None) -> QuerySet[Review]:
    """Open reviews that this viewer may decide; of data that its owner takes back nothing is asked any more."""
    rows = visible_to(viewer).filter(state=Review.State.OPEN, version__withdrawn_on=None)
    return rows if viewer is not None and viewer.workplace == REVIEWER else rows.none()


def conditions_of(viewer: Viewer | None) -> QuerySet[Condition]:
    """Conditions that are not fulfilled yet, of the reviews that the viewer may see; the first due stand first."""
    rows = Condition.objects.filter(opinion__review__in=visible_to(viewer), fulfilled_on=None)
    owner = "opinion__review__version__dataset__member__organization"
    return rows.select_related(owner).order_by("due", "pk")


def conditions_waiting(viewer: Viewer | None, *, answered: bool = False) -> QuerySet[Condition]:
    """Of those the ones that wait: for the owner's answer, or answered for the review body; none of data taken back."""
    rows = conditions_of(viewer).filter(replies__isnull=not answered, opinion__review__version__withdrawn_on=None)
    return rows.distinct()


def then(rows: QuerySet[Review], on: date) -> list[Review]:
    """The reviews opened by the end of the day, each as it then stood: open until a round had come to a conclusion.

    Opinions, conditions and replies of a later day are not among its own.
    """
    given = Opinion.objects.filter(valid_from__lte=on).select_related("reviewer").prefetch_related("conditions")
    replied = Reply.objects.filter(replied_at__lt=day_after(on)).select_related("condition")
    opinions = Prefetch("opinions", queryset=given)
    found = []
    for row in rows.prefetch_related(opinions, Prefetch("replies", queryset=replied)):
        if jst_date(row.opened_at) <= on:
            found.append(_then(row, on))
    return found


def _then(row: Review, on: date) -> Review:
    for condition in (each for opinion in row.opinions.all() for each in opinion.conditions.all()):
        if condition.fulfilled_on is not None and condition.fulfilled_on > on:
            condition.fulfilled_on = condition.fulfilled_seq = None
    spoke = datasets.spoken(row, on)
    row.round = spoke.round if spoke else 1
    decisions = [datasets.decision_of(opinion, row.kind) for opinion in row.opinions.all()]
    stood = rules.chain([row.kind], decisions, on, {row.kind: row.quota}).standing_of(row.kind)
    if spoke is None or stood == rules.MISSING:
        row.state, row.decided_at, row.valid_from, row.valid_until = Review.State.OPEN, None, None, None
        row.opinion = row.ground = row.opinion_sha256 = ""
    else:
        row.state = Review.State.REFUSED if stood == rules.REFUSAL else Review.State.PASSED
        row.opinion, row.ground, row.opinion_sha256 = spoke.text, spoke.ground, spoke.text_sha256
        row.decided_at, row.valid_from, row.valid_until = spoke.decided_at, spoke.valid_from, spoke.valid_until
    return row


def evidence_of(viewer: Viewer | None, sha256: str) -> tuple[str, Review] | None:
    """The name of a file of evidence and the review that it is of, among those that the viewer sees."""
    for rows in (Opinion.objects, Reply.objects):
        row = rows.filter(review__in=visible_to(viewer), evidence_sha256=sha256)
        row = row.select_related("review__version__dataset__member__organization").first()
        if row is not None:
            return row.evidence_name or "evidence", row.review
    return None


def evidence(sha256: str) -> bytes:
    """The content of a file of evidence; for a caller that may read it."""
    return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence").get(sha256)


def matching(rows: QuerySet[Review], query: str) -> QuerySet[Review]:
    """Reviews of datasets whose number, name or member holds the text, or one of whose digests begins with it."""
    if not query:
        return rows
    sealed = Q(pk__in=[])
    if len(query) >= 6:
        for name in ("opinions__text_sha256", "opinions__evidence_sha256", "replies__evidence_sha256"):
            sealed |= Q(**{f"{name}__startswith": query.lower()})
    wanted = Q(number__icontains=query.partition("@")[0]) | Q(name_ja__icontains=query) | Q(name_en__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    return rows.filter(Q(version__dataset__in=Dataset.objects.filter(wanted | owned)) | sealed).distinct()


def reopened_on(review: Review) -> date | None:
    """The day on which the review's present round was begun, as the log has it; the first round has none."""
    if review.round == 1:
        return None
    named = (review.version.version, review.kind, review.round)
    rows = Entry.objects.filter(kind="review.reopened", subject=f"dataset:{review.version.dataset.number}")
    for entry in rows.select_related("statement").order_by("-seq"):
        facts = canonical.loads(bytes(entry.statement.content))["facts"]
        if (facts["version"], facts["review"], facts["round"]) == named:
            return jst_date(entry.recorded_at)
    raise AssertionError(f"{review} has no entry of its round {review.round}")


def waiting_conditions(review: Review) -> QuerySet[Condition]:
    """The conditions of one review that are not fulfilled yet; for a caller that may see the review."""
    rows = Condition.objects.filter(opinion__review=review, fulfilled_on=None)
    return rows.select_related("opinion").order_by("due", "number")


def stands_apart(viewer: Viewer, review: Review) -> bool:
    """Whether this viewer is of the body that has the review, and neither of the owner's side nor a rival."""
    if not may(viewer, "review.decide") or (review.body is not None and review.body.code != viewer.acting):
        return False
    try:
        independence.check(viewer, review.version.dataset.member.code, at=localdate())
    except Refused:
        return False
    return True


def may_decide(viewer: Viewer, review: Review) -> bool:
    """Whether this viewer could decide the review now: it is open, the viewer stands apart and has not spoken yet."""
    if review.state != Review.State.OPEN or not stands_apart(viewer, review):
        return False
    spoken = review.opinions.filter(round=review.round, decided_by=viewer.user)
    return viewer.user is None or not spoken.exists()
