"""Every read of both wings, by everybody: closed by default, and rivals learn nothing of one another.

The selectors are found by looking: whatever takes a `viewer` first is called as each of the cast, and all that comes
back, followed along its foreign keys, is searched for the names of those whom that viewer must not see.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import BinaryField, Model, QuerySet

import contributions.selectors
import licensing.selectors
import world as cast
from contributions import services
from contributions.core import canonical
from contributions.core.evidence import Evidence
from contributions.core.people import BehindBarrier
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import Batch, Entry, Facility, LogHead, User
from contributions.selectors import people
from contributions.selectors.journal import COMMON_KINDS, ReadableEntry
from licensing import services as licensed
from licensing.core.inventions import Named
from licensing.models import Allocation, Distribution, Licensee, Release
from licensing.selectors import entries
from licensing.services.licensees import Conflicted

LATER = date(2026, 11, 1)
# What members hold in common: who they are, and how they voted. A facility is open to whoever computes there.
COMMON = {
    "contributions.members.visible_to",
    "contributions.members.as_of",
    "contributions.organizations.visible_to",
    "contributions.organizations.all_for",
    "contributions.compute.facilities_open_to",
    "contributions.compute.facilities_visible_to",
    "contributions.places.unevidenced",
    "licensing.ballots.visible_to",
    "licensing.ballots.waiting_for",
}
TAKES_A_ROW = {
    "contributions.journal.chain",
    "contributions.journal.erasures",
    "contributions.signed_statements.of",
    "contributions.signed_statements.may_sign",
    "licensing.deliveries.downloads_of",
    "licensing.obligations.evidence",
    "licensing.signatures.evidence",
    "licensing.signatures.shows_evidence",
    "contributions.reviews.may_decide",
    "contributions.reviews.numbered",
    "contributions.ratecards.check_open",
    "licensing.allocations.check_whole",
    "licensing.distributions.check_whole",
    "licensing.checklists.review_of",
    "contributions.reviews.stands_apart",
    "contributions.reviews.evidence_of",
    "contributions.datasets.may_see_columns",
    "contributions.datasets.uses_of",
    "contributions.datasets.history_of",
    "licensing.releases.uses_of",
    "contributions.places.file",
    "contributions.resources.evidence",
    "contributions.resources.steps_open_to",
    "contributions.terms.file_of",
    "contributions.datasets.consequences_of",
    "licensing.ballots.seen",
    "licensing.ballots.minutes_file",
    "licensing.impacts.consequences",
    "licensing.impacts.of_withdrawal",
    "licensing.releases.lineage",
    "licensing.licensees.evidence",
    "licensing.licensees.evidence_name",
    "licensing.licensees.staff_rows",
    "contributions.independence.check",
    "licensing.outside.beside",
    "licensing.outside.file_of",
    "licensing.deviations.live_from",
    "licensing.deviations.live_with",
    "licensing.negotiations.side_of",
    "contributions.people.account",
    "contributions.courses.of_batch",
    "contributions.exclusions.of_dataset",
    "contributions.residency.touched",
    "licensing.releases.touched",
    "contributions.terms.of_people",
}
# The operator invites people, whoever employs them, and gives them their workplaces; it sees nothing else.
OF_THE_OPERATOR = {
    "contributions.people.visible_to",
    "contributions.people.grants_visible_to",
    "contributions.people.secondees",
    "contributions.organizations.all_for",
}


def selectors() -> dict:
    """Every public selector whose first parameter is the viewer, by wing, noun and name."""
    found = {}
    for package in (contributions.selectors, licensing.selectors):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if own and next(iter(inspect.signature(function).parameters), "") == "viewer":
                    found[f"{package.__name__.split('.')[0]}.{info.name}.{name}"] = function
    return {name: function for name, function in found.items() if name not in TAKES_A_ROW}


SELECTORS = selectors()


def call(name: str, viewer: Viewer | None) -> object:
    given: dict[str, object] = {
        "on": LATER,
        "day": LATER,
        "at": datetime(2026, 11, 1, tzinfo=UTC),
        "language": "ja",
        "release": Release.objects.first(),
        "as_of": LATER,
        "known_at": LogHead.objects.get().size,
    }
    signature = inspect.signature(SELECTORS[name])
    positional = []
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in signature.parameters.values()):
        positional = list(Entry.objects.order_by().values_list("subject", flat=True).distinct())
    named = {key: value for key, value in given.items() if key in signature.parameters}
    return SELECTORS[name](viewer, *positional, **named)


def takes_none(name: str) -> bool:
    return "None" in str(inspect.signature(SELECTORS[name]).parameters["viewer"].annotation)


def is_empty(answer: object) -> bool:
    if isinstance(answer, QuerySet):
        return not answer.exists()
    return not answer


def words(value: object, depth: int = 0) -> Iterator[str]:
    """Every text in an answer: fields, what foreign keys lead to, and statements of entries."""
    if isinstance(value, Model):
        if isinstance(value, User) or depth > 6:
            return
        if isinstance(value, Facility) and depth:
            yield value.code  # who runs a facility is known to whoever computes there
            return
        if isinstance(value, Entry):
            yield bytes(value.statement.content).decode()
        for field in value._meta.concrete_fields:
            if not isinstance(field, BinaryField):
                yield from words(getattr(value, field.name), depth + 1)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from words(getattr(value, field.name), depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from words(item, depth + 1)
    elif isinstance(value, (QuerySet, list, tuple, set, frozenset)):
        for item in value:
            yield from words(item, depth)
    else:
        yield str(value)


def mentioned(texts: Iterator[str]) -> set[str]:
    """The companies of the cast that the texts name, by code or by name."""
    joined = "\n".join(texts)
    return {
        code
        for code, (name_ja, name_en, kind) in cast.ORGANIZATIONS.items()
        if kind == "company"
        and (name_ja in joined or name_en in joined or re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", joined))
    }


@pytest.fixture
def whole(settled_world):
    """The whole story, with usage owed, a batch each of the rivals at one facility, and an open ballot."""
    world = settled_world
    world.usage("robo", "10", start=date(2026, 7, 1), accepted=False)
    for number, code in ((71, "tetsu"), (72, "hagane")):
        world.batch(code, cast.sacct((number, "2026-07-01", 1, 1)))
    world.ballot(world.propose(version=2))
    for code in cast.LICENSEES:
        agreement = world.agreement(code)
        licensed.obligations.raise_for(agreement, by=Viewer.system("follower"), at=world.clock)
        licensed.derivatives.register(
            agreement, name="調整モデル", kind="fine-tune", purpose="把持", data_category="軌跡",
            parents=[{"model": "R-0.1", "weight": "1"}], use_from=date(2026, 12, 1),
            passed_on={"prohibited": True, "residency": True, "export": True}, **world.by(code),
        )  # fmt: skip
    licensed.inventions.adopt_duties(
        [{"code": "report", "ja": "届出", "en": "report", "modes": ["commission"], "trigger": "made", "days": 30,
          "source_ja": "約款", "source_en": "terms"}],
        valid_from=cast.JOINED, source_ja="約款", source_en="terms", **world.by("legal"),
    )  # fmt: skip
    licensed.inventions.register(
        title_ja="炉の制御", title_en="Furnace control", inventors=[Named("甲", "hagane", "1")],
        made_on=date(2026, 10, 1), **world.by("hagane"),
    )  # fmt: skip
    licensed.valuations.submit(
        file=Evidence("v.csv", b"coalition,value\ntetsu,1\n"), name_ja="値", name_en="values", method_ja="除去",
        method_en="ablation", **world.by("desk"),
    )  # fmt: skip
    return world


def test_the_sweep_finds_the_selectors(db):
    assert len(SELECTORS) > 40
    assert {"contributions.datasets.visible_to", "licensing.inbox.waiting_for"} <= set(SELECTORS)


def test_closed_by_default(whole):
    """Nobody, somebody without a workplace, somebody at a workplace nobody knows: nothing of anything."""
    strangers = [None, whole.nowhere(), Viewer(None, "x", "tetsu", "tetsu", "director"), whole.viewer("operator")]
    for name in SELECTORS:
        for viewer in strangers:
            if viewer is not None or takes_none(name):
                answer = call(name, viewer)
                expected = viewer is not None and viewer.workplace == "operator" and name in OF_THE_OPERATOR
                assert is_empty(answer) is not expected, (name, viewer)


def test_a_workplace_without_an_organization_sees_nobodys_figures(whole):
    """A member who acts for nobody, or for somebody who is no member."""
    for acting in (None, "", "yoso"):
        for workplace in ("member", "licensee"):
            viewer = Viewer(None, "x", None, acting, workplace)
            for name in SELECTORS:
                if name not in COMMON:
                    assert mentioned(words(call(name, viewer))) <= {"yoso"} | _voters(name), (name, acting, workplace)


def _voters(name: str) -> set[str]:
    """The history of the journal holds admissions and votes, which members have in common."""
    return set(cast.MEMBERS) if "entries" in name or "journal" in name else set()


@pytest.mark.parametrize("code", cast.MEMBERS)
def test_a_member_sees_no_rival_and_no_licensee(whole, code):
    viewer = whole.member(code)
    for name in SELECTORS:
        named = mentioned(words(call(name, viewer)))
        allowed = {code, "tetsuken"} if code == "tetsu" else {code}
        if name in COMMON or _voters(name):
            allowed |= set(cast.MEMBERS)
        assert named <= allowed, name


@pytest.mark.parametrize("code", cast.LICENSEES)
def test_a_licensee_sees_no_member_and_no_other_licensee(whole, code):
    viewer = whole.licensee(code)
    for name in SELECTORS:
        assert mentioned(words(call(name, viewer))) <= {code}, name


def test_a_member_sees_its_own(whole):
    """The sweep would also pass if everything were hidden."""
    viewer = whole.member("tetsu")
    for name in (
        "contributions.datasets.visible_to",
        "contributions.compute.batches_visible_to",
        "contributions.resources.visible_to",
        "contributions.reviews.visible_to",
        "contributions.terms.visible_to",
        "contributions.stakes.visible_to",
        "licensing.distributions.payouts_visible_to",
        "licensing.inbox.waiting_for",
        "licensing.figures.for_workplace",
    ):
        answer = list(call(name, viewer))
        assert answer and mentioned(words(answer)) <= {"tetsu"}, name


def test_a_licensee_sees_its_own(whole):
    viewer = whole.licensee("robo")
    for name in (
        "licensing.agreements.visible_to",
        "licensing.usage.visible_to",
        "licensing.invoices.visible_to",
        "licensing.releases.visible_to",
        "licensing.schedules.visible_to",
        "licensing.allocations.visible_to",
        "licensing.entries.visible_to",
    ):
        assert list(call(name, viewer)), name


def test_the_journal_shows_a_member_the_common_rules_and_its_own_lines(whole):
    for entry in entries.visible_to(whole.member("tetsu")):
        own = entry.member == "tetsu" or entry.subject.startswith("payout:")
        assert own or entry.kind in COMMON_KINDS, entry
    kinds = set(entries.visible_to(whole.member("tetsu")).values_list("kind", flat=True))
    assert {"dataset.revised", "policy.adopted", "allocation.adopted", "stake.declared"} <= kinds
    assert not {"allocation.run", "distribution.proposed", "usage.submitted", "invoice.issued"} & kinds


def test_no_common_statement_carries_a_figure_of_a_member(whole):
    """Amounts, shares and quantities stand only in statements that belong to somebody."""
    for entry in Entry.objects.filter(kind__in=COMMON_KINDS).select_related("statement"):
        said = canonical.loads(bytes(entry.statement.content))
        assert said["movements"] == []
        assert not {"share", "shares", "payouts", "quantity", "amount", "contributors"} & set(said["facts"]), entry


def test_a_licensee_reads_no_statement_that_names_a_member(whole):
    shown = entries.visible_to(whole.licensee("robo"))
    assert shown.count() > 5
    for entry in shown:
        said = canonical.loads(bytes(entry.statement.content))
        assert said["member"] is None and mentioned(iter([str(said)])) <= {"robo"}, entry


def test_the_history_of_anothers_subject_is_empty(whole):
    batch = Batch.objects.filter(member__organization__code="hagane").first()
    assert entries.about(whole.viewer("legal"), f"batch:{batch.number}")
    assert entries.about(whole.member("hagane"), f"batch:{batch.number}")
    assert entries.about(whole.member("tetsu"), f"batch:{batch.number}") == []
    assert entries.about(whole.licensee("robo"), f"batch:{batch.number}", "agreement:nothing") == []


def test_what_is_read_is_what_was_written(whole):
    entry = Entry.objects.get(kind="allocation.adopted")
    (shown,) = entries.about(whole.viewer("auditor"), entry.subject)[:1]
    assert isinstance(shown, ReadableEntry) and isinstance(shown.label, Text)
    assert (shown.seq, shown.leaf_hash) == (entry.seq, bytes(entry.leaf_hash).hex())


# Which nouns answer to whom, over the whole story. A new selector, or a wider one, changes this table knowingly.
SEES = {
    "legal": """
        annexes affiliations agreements allocations balances ballots batches clauses datasets days distributions
        entries facilities funding grants invoices journal licences licensees members organizations payouts people
        policies ratecards releases requirements residency resources reviews runs schedules stakes templates terms
        transactions usage versions
        derivatives obligations
        bodies duties inventions
    """,
    "finance": """
        annexes affiliations agreements allocations balances ballots books clauses distributions entries facilities
        funding invoices journal licences licensees members organizations payouts policies releases requirements
        resources schedules stakes templates transactions usage
        obligations
        bodies duties
    """,
    "desk": """
        annexes affiliations allocations balances ballots batches bodies datasets days duties entries facilities
        funding journal members organizations policies ratecards releases requirements residency resources
        reviews runs stakes terms valuations versions
    """,
    "auditor": """
        annexes affiliations agreements allocations balances ballots batches books clauses datasets days distributions
        entries facilities funding grants invoices journal licences licensees members organizations payouts people
        policies ratecards releases requirements residency resources reviews runs schedules stakes templates terms
        transactions usage versions
        derivatives obligations
        bodies duties inventions valuations
    """,
    "reviewer": """
        annexes datasets entries journal members organizations requirements reviews versions
    """,
    "tetsu": """
        annexes affiliations allocations balances ballots batches bodies datasets days duties entries facilities
        funding grants journal members organizations payouts people policies ratecards releases requirements resources
        reviews stakes terms versions
    """,
    "robo": """
        annexes
        agreements allocations entries grants invoices licences licensees organizations people releases schedules
        usage
        derivatives obligations
    """,
}


def noun(name: str) -> str:
    _, module, function = name.split(".")
    return module if function == "visible_to" else function.removesuffix("_visible_to")


@pytest.mark.parametrize("username", SEES)
def test_each_workplace_sees_the_nouns_of_its_row_and_no_others(whole, username):
    names = [name for name in SELECTORS if name.endswith("visible_to")]
    seen = {noun(name) for name in names if not is_empty(call(name, whole.viewer(username)))}
    assert seen == set(SEES[username].split())


# ---- the barrier: a rival's employee in an office of the consortium ----
# Identity is common: who is registered, who belongs to whom, who was admitted and voted. What tetsu put in is not.
IDENTITY = COMMON | {
    "contributions.organizations.affiliations_visible_to",
    "contributions.compute.facilities_visible_to",
    "licensing.ballots.waiting_for",
    "licensing.entries.closed_to",  # says what to leave out
    "licensing.apart.kept_from",  # says whom
}
IDENTITY_KINDS = ("organization.", "role.", "person.", "vote.", "ballot.", "body.", "facility.")
# Parts of a known whole: the others' would give the missing one by subtraction, so none is shown.
WHOLE = {"licensing.distributions.payouts_visible_to", "licensing.transactions.visible_to"}
OFFICES = ("lent", "lent-finance", "lent-desk", "lent-reviewer")


@pytest.fixture
def divided(whole):
    """tetsu names hagane its rival; employees of hagane work in legal, finance, the desk and the review body."""
    whole.rivals("tetsu", "hagane")
    for username in OFFICES:
        whole.second(username)
    return whole


def told(name: str, viewer: Viewer) -> set[str]:
    """The companies that an answer names, apart from entries on who is who and on what hagane itself declared."""
    answer = call(name, viewer)
    if isinstance(answer, QuerySet) and answer.model is Entry:
        shown = [entry for entry in answer if not _tells_identity(entry.kind, entry.member)]
        assert not [entry for entry in shown if entry.member == "tetsu" and viewer.barred >= {"tetsu"}]
        return mentioned(words([entry for entry in shown if not entry.kind.startswith("allocation.")]))
    if "latest_entries" in name or name.endswith(".about"):
        answer = [one for one in answer if not _tells_identity(one.kind, one.statement["member"])]
    return mentioned(words(answer))


def _tells_identity(kind: str, member: str | None) -> bool:
    return kind.startswith(IDENTITY_KINDS) or (kind.startswith("exclusion.") and member == "hagane")


@pytest.mark.parametrize("username", OFFICES)
def test_a_rivals_employee_in_an_office_sees_nothing_of_the_rival(divided, username):
    viewer = divided.viewer(username)
    assert viewer.barred == {"tetsu", "tetsuken"}
    for name in SELECTORS:
        if name not in IDENTITY:
            try:
                seen = told(name, viewer)
            except BehindBarrier:
                assert name in {"licensing.books.trial_balance", "licensing.books.export_rows",
                                "contributions.barriers.check_whole"}, name  # fmt: skip
                continue
            assert not seen & {"tetsu", "tetsuken"}, name


@pytest.mark.parametrize("username", OFFICES)
def test_and_everything_else_of_that_office(divided, username):
    """The sweep would also pass if the secondee saw nothing at all: kuruma's material shows to it."""
    colleague = {"lent": "legal", "lent-finance": "finance", "lent-desk": "desk", "lent-reviewer": "reviewer"}[username]
    for name in SELECTORS:
        if name.endswith("visible_to") and name not in IDENTITY | WHOLE:
            ours = mentioned(words(call(name, divided.viewer(colleague)))) - {"tetsu", "tetsuken", "hagane"}
            assert ours <= mentioned(words(call(name, divided.viewer(username)))) | {"yoso"}, name


def test_a_clean_team_grant_opens_the_rivals_material_for_its_time_only(divided):
    first, last = divided.clock.date() + timedelta(days=1), divided.clock.date() + timedelta(days=31)
    divided.clear_person("lent", "tetsu", start=first, until=last)

    def sees(day: date) -> bool:
        viewer = people.standing(divided.user("lent"), workplace="legal", acting="consortium", on=day, request=uuid4())
        return "tetsu" in mentioned(words(call("contributions.datasets.visible_to", viewer)))

    assert [sees(first - timedelta(days=1)), sees(first), sees(last - timedelta(days=1)), sees(last)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_grant_ended_early_opens_nothing_more(divided):
    day = divided.clock.date()
    clearance = divided.clear_person("lent", "tetsu", start=day, until=day + timedelta(days=30))
    assert divided.viewer("lent").barred == {"tetsuken"}, "a grant names one organization, not its group"
    services.clearances.end(clearance, ended_from=day + timedelta(days=1), **divided.by("legal"))
    assert divided.viewer("lent").barred == {"tetsuken"}
    divided.clock += timedelta(days=1)
    assert divided.viewer("lent").barred == {"tetsu", "tetsuken"}


def test_the_trace_of_all_is_refused_to_whoever_is_barred_from_one(divided):
    allocation = Allocation.objects.get(state="adopted")
    for username in ("lent", "lent-finance", "lent-desk"):
        with pytest.raises(BehindBarrier, match="clean-team grant"):
            licensing.selectors.allocations.view(allocation, divided.viewer(username))
    with pytest.raises(BehindBarrier):
        licensed.allocations.attest(allocation, **divided.by("lent-desk"))
    with pytest.raises(BehindBarrier):
        licensed.reports.full_bundle(allocation, **divided.by("lent-desk"))
    assert licensing.selectors.allocations.view(allocation, divided.viewer("desk")).shares
    assert licensing.selectors.allocations.view(allocation, divided.member("hagane")).own, "a member sees its own"


def test_a_distribution_is_whole_or_not_at_all(divided):
    distribution = Distribution.objects.first()
    with pytest.raises(BehindBarrier):
        licensing.selectors.distributions.check_whole(divided.viewer("lent-finance"), distribution)
    licensing.selectors.distributions.check_whole(divided.viewer("finance"), distribution)
    payouts = licensing.selectors.distributions.payouts_visible_to
    assert payouts(divided.viewer("finance")).count() > 1
    assert not payouts(divided.viewer("lent-finance")).exists(), "the pool less the others' parts is the rival's"
    assert payouts(divided.member("hagane")).count() == 1


def test_a_licensee_named_a_rival_is_closed_to_the_other_sides_people(whole):
    whole.rivals("hagane", "robo")
    whole.second()
    viewer = whole.viewer("lent")
    assert viewer.barred == {"robo"}
    for name in SELECTORS:
        if name.startswith("licensing.") and not name.startswith("licensing.books.") and name not in IDENTITY:
            assert "robo" not in told(name, viewer), name
    with pytest.raises(Conflicted):
        licensed.licensees.screen(
            Licensee.objects.get(organization__code="robo"), kind="export", passed=True, finding_ja="", finding_en="",
            screened_on=date(2026, 10, 1), valid_until=date(2027, 10, 1), **whole.by("lent"),
        )  # fmt: skip
