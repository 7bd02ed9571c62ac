"""What of the contributions waits for whom: to be accepted, attested, reviewed, completed, answered, made good.

Everything starts from what the viewer may see, so that neither a row nor a count tells of anything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate

from contributions.core import courses
from contributions.core.resources import PROMISED
from contributions.core.reviews import REVIEWS
from contributions.core.roles import FINANCE, LEGAL, MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Batch, DatasetVersion, Organization, Resource
from contributions.selectors import compute, datasets, facilities, people, places, resources, reviews, terms

KINDS = {
    "resource": Text("資金・従事・知財", "Cash, people, IP"),
    "batch": Text("計算実績", "Compute batches"),
    "review": Text("データ審査", "Data reviews"),
    "gap": Text("記載の不足", "Gaps to fill"),
    "dispute": Text("異議", "Disputes"),
}
# What is done about a contribution in each state: by the secretariat, and by its member.
_OFFICE = {
    Resource.State.SUBMITTED: ("resource", Text("拠出の受入れ", "Accept a contribution")),
    Resource.State.IN_REVIEW: ("resource", Text("確認中の拠出の受入れ", "Finish checking a contribution")),
    Resource.State.DISPUTED: ("dispute", Text("異議への回答", "Answer a dispute")),
}
_OWNER = {
    Resource.State.PLEDGED: ("resource", Text("予定した拠出の提出", "Submit what was pledged")),
    Resource.State.REFUSED: ("dispute", Text("受入不可への対応", "Respond to a refusal")),
}


NAME_TERMS = Text(
    "受入契約の指定（指定がない間は算入されません）", "Name the inbound agreement; without one it counts nothing"
)
PROVIDE = Text("予定したデータ・計算資源の提供と履行の記録", "Provide what was pledged, and record it")
COMPLETE = Text(
    "記載事項の補完（補完まで審査は始まりません）", "State what the record leaves out; its reviews wait for it"
)
ANSWER = Text("データ審査の条件への回答", "Answer a review’s condition")
CONFIRM = Text("データ審査の条件の履行の確認", "Confirm a review’s condition")
CONCLUDE_TERMS = Text("受入契約の締結または指定の依頼", "Conclude the inbound agreement, or ask for it to be named")
# Cash needs no right to be used; what people make and what is known beforehand does.
UNDER_TERMS = (Resource.Kind.PEOPLE, Resource.Kind.BACKGROUND)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: its kind, what to do about what, whose it is, where, since when, and how it stands."""

    kind: str
    todo: Text
    about: Text
    number: str
    member: str
    member_name: Text
    page: str
    arguments: tuple
    since: date
    state: str
    amount: int | None = None


def waiting_for(viewer: Viewer | None, *, on: date | None = None) -> list[Waiting]:
    """Everything that waits for this viewer, the longest waiting first."""
    if viewer is None:
        return []
    on = on or localdate()
    rows = [
        *_resources(viewer, on),
        *_batches(viewer),
        *_datasets(viewer, on),
        *_reviews(viewer),
        *_conditions(viewer, on),
        *_places(viewer, on),
        *_copies(viewer, on),
        *_secondees(viewer, on),
    ]
    return sorted(rows, key=lambda row: (row.since, row.number))


def counts(rows: list[Waiting]) -> dict[str, int]:
    """How many of each kind, among rows that the viewer was given."""
    return {kind: sum(row.kind == kind for row in rows) for kind in KINDS}


def _resources(viewer: Viewer, on: date) -> list[Waiting]:
    wanted = _OFFICE if viewer.workplace in {LEGAL, FINANCE} else _OWNER if viewer.workplace == MEMBER else {}
    unnamed = Q(agreement=None, kind__in=UNDER_TERMS, state__in=courses.STANDING)
    rows = resources.visible_to(viewer).filter(Q(state__in=list(wanted)) | unnamed).prefetch_related("steps")
    found = []
    for row in rows:
        is_early = row.state == Resource.State.PLEDGED and row.period_from > on
        todos = [wanted[Resource.State(row.state)]] if row.state in wanted and not is_early else []
        if todos and row.kind in PROMISED:
            todos = [("resource", PROVIDE)]
        if row.agreement is None and row.kind in UNDER_TERMS and row.state in courses.STANDING:
            todos += _terms_todo(viewer)
        steps = list(row.steps.all())
        found += [
            Waiting(
                kind=kind,
                todo=todo,
                about=Text(row.title_ja, row.title_en),
                number=row.number,
                **_owner(row.member),
                page="contributions:resource",
                arguments=(row.number,),
                since=localdate(steps[-1].taken_at) if steps else row.period_from,
                state=row.state,
                amount=row.quantity if row.unit == "JPY" else None,
            )
            for kind, todo in todos
        ]
    return found


def _terms_todo(viewer: Viewer) -> list[tuple[str, Text]]:
    """What came in under no agreement counts nothing until its member names one; legal concludes it."""
    return {MEMBER: [("gap", NAME_TERMS)], LEGAL: [("gap", CONCLUDE_TERMS)]}.get(viewer.workplace, [])


def _batches(viewer: Viewer) -> list[Waiting]:
    """Legal attests; the member mends the rows that were kept aside."""
    rows = compute.batches_visible_to(viewer)
    if viewer.workplace == LEGAL:
        rows, kind, todo = (
            rows.filter(state=Batch.State.SUBMITTED),
            "batch",
            Text("計算実績の確認", "Attest metered compute"),
        )
    elif viewer.workplace == MEMBER:
        todo = Text("受け付けられなかった行の訂正", "Correct the rows kept aside")
        rows, kind = rows.filter(state=Batch.State.SUBMITTED, findings_count__gt=0), "gap"
    else:
        return []
    return [
        Waiting(
            kind=kind,
            todo=todo,
            about=Text(row.facility.name_ja, row.facility.name_en),
            number=row.number,
            **_owner(row.member),
            page="contributions:batch",
            arguments=(row.number,),
            since=localdate(row.received_at),
            state="submitted",
        )
        for row in rows
    ]


def _datasets(viewer: Viewer, on: date) -> list[Waiting]:
    """What a version leaves out, and what a refusal asks, of its owner; of legal the reviews to open, or to hold again.

    Only the newest version of a dataset asks for anything: whoever has sent a later one has answered.
    """
    found = []
    if viewer.workplace not in {LEGAL, MEMBER}:
        return found
    versions = list(datasets.versions_visible_to(viewer).filter(withdrawn_on=None))
    newest = {version.dataset_id: version.pk for version in sorted(versions, key=lambda row: row.version)}
    for version in versions:
        if newest[version.dataset_id] != version.pk:
            continue
        todos = _version_todos(viewer, version, on)
        if version.agreement is None:
            todos += _terms_todo(viewer)
        found += [
            Waiting(
                kind=kind,
                todo=todo,
                about=Text(version.name_ja, version.name_en),
                number=str(version),
                **_owner(version.dataset.member),
                page="contributions:dataset",
                arguments=(version.dataset.number,),
                since=version.submitted_on,
                state="refused" if kind == "dispute" else "new",
            )
            for kind, todo in todos
        ]
    return found


def _version_todos(viewer: Viewer, version: DatasetVersion, on: date) -> list[tuple[str, Text]]:
    """What the record and the review chain of a version ask of its owner, or of legal."""
    owner, kinds = viewer.workplace == MEMBER, {review.kind for review in version.reviews.all()}
    if not kinds:
        gaps = datasets.gaps_of(version)
        if owner:
            return [("gap", COMPLETE)] if gaps else []
        return [] if gaps else [("review", Text("データ審査の開始", "Open the data reviews"))]
    chain = datasets.chain_of(version, on)
    if owner:
        named = _listed(chain.refused)
        todo = Text(f"不適合への対応（{named.ja}）", f"Respond to a review’s refusal ({named.en})")
        return [("dispute", todo)] if chain.refused else []
    decided = {review.kind for review in version.reviews.all() if review.decided_at}
    again = [kind for kind in chain.expired if kind in decided]
    todo = Text(f"期限切れの審査の再審査（{_listed(again).ja}）", f"Re-examine what has expired ({_listed(again).en})")
    return [("review", todo)] if again else []


def _listed(kinds: Iterable[str]) -> Text:
    names = [REVIEWS.get(kind, Text(kind, kind)) for kind in kinds]
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names))


def _conditions(viewer: Viewer, on: date) -> list[Waiting]:
    """Conditions that the owner has not answered yet; those answered, for the review body to confirm."""
    if viewer.workplace not in {MEMBER, REVIEWER}:
        return []
    owner = viewer.workplace == MEMBER
    todo = ANSWER if owner else CONFIRM
    rows = reviews.conditions_waiting(viewer, answered=not owner)
    return [
        Waiting(
            kind="review",
            todo=Text(f"{todo.ja}（期限 {row.due}）", f"{todo.en}, due {row.due}"),
            about=Text(row.opinion.review.version.name_ja, row.opinion.review.version.name_en),
            number=str(row.opinion.review.version),
            **_owner(row.opinion.review.version.dataset.member),
            page="contributions:review",
            arguments=(row.opinion.review.number,),
            since=localdate(row.opinion.decided_at),
            state="in_review" if row.due > on else "expired",
        )
        for row in rows
    ]


def _copies(viewer: Viewer, on: date) -> list[Waiting]:
    """Copies of whose country nothing speaks but the record itself: their owner hands in what shows it."""
    if viewer.workplace != MEMBER:
        return []
    found: dict[str, Waiting] = {}
    for version, copy in places.unevidenced_copies(viewer, on):
        found.setdefault(
            str(version),
            Waiting(
                kind="gap",
                todo=Text("保管国の証拠の提出", "Hand in evidence of where a copy lies"),
                about=Text(version.name_ja, version.name_en),
                number=str(version),
                **_owner(version.dataset.member),
                page="contributions:dataset_version",
                arguments=(version.dataset.number, version.version),
                since=date.fromisoformat(copy["on"]) if copy.get("on") else version.submitted_on,
                state="papers",
            ),
        )
    return list(found.values())


def _secondees(viewer: Viewer, on: date) -> list[Waiting]:
    """People lent to the consortium under no agreement that speaks of their work: legal concludes one."""
    if viewer.workplace != LEGAL:
        return []
    return [
        Waiting(
            kind="gap",
            todo=Text("出向者の受入契約の締結", "Conclude the agreement under which a secondee works"),
            about=Text(grant.user.name_ja, grant.user.name_en),
            number=grant.user.username,
            **_named(employer),
            page="contributions:person",
            arguments=(grant.user.pk,),
            since=grant.valid_from,
            state="papers",
        )
        for grant, employer in people.secondees(viewer, on=on)
        if not terms.of_people(viewer, employer, on)
    ]


def _reviews(viewer: Viewer) -> list[Waiting]:
    return [
        Waiting(
            kind="review",
            todo=_opinion_on(row.kind),
            about=Text(row.version.dataset.name_ja, row.version.dataset.name_en),
            number=str(row.version),
            **_owner(row.version.dataset.member),
            page="contributions:review",
            arguments=(row.number,),
            since=localdate(row.opened_at),
            state="in_review",
        )
        for row in reviews.waiting_for(viewer)
    ]


def _opinion_on(kind: str) -> Text:
    name = REVIEWS.get(kind, Text(kind, kind))
    return Text(f"データ審査の意見（{name.ja}）", f"Decide a data review ({name.en})")


def _places(viewer: Viewer, on: date) -> list[Waiting]:
    """Facilities whose country nothing shows, for legal and for whoever operates them."""
    if viewer.workplace not in {LEGAL, MEMBER}:
        return []
    rows = facilities.then(places.unevidenced(viewer, on), on)
    if viewer.workplace == MEMBER:
        rows = [row for row in rows if row.operator.code == viewer.acting]
    return [
        Waiting(
            kind="gap",
            todo=Text("所在国の証拠の提出", "Hand in evidence of the country"),
            about=Text(row.name_ja, row.name_en),
            number=row.code,
            **_named(row.operator),
            page="contributions:facility",
            arguments=(row.code,),
            since=facilities.stands_since(row, on) or facilities.begins(row),
            state="papers",
        )
        for row in rows
    ]


def _owner(member) -> dict:
    return _named(member.organization)


def _named(organization: Organization) -> dict:
    return {"member": organization.code, "member_name": Text(organization.short_ja, organization.short_en)}
