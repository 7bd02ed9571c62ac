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
from datetime import UTC, date, datetime

import pytest
from django.db.models import BinaryField, Model, QuerySet

import contributions.selectors
import licensing.selectors
import world as cast
from contributions.core import canonical
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import Batch, Entry, Facility, User
from contributions.selectors.journal import COMMON_KINDS, ReadableEntry
from licensing.models import Release
from licensing.selectors import entries

LATER = date(2026, 11, 1)
# What members hold in common: who they are, and how they voted. A facility is open to whoever computes there.
COMMON = {
    "contributions.members.visible_to",
    "contributions.organizations.visible_to",
    "contributions.compute.facilities_open_to",
    "contributions.compute.facilities_visible_to",
    "licensing.ballots.visible_to",
    "licensing.ballots.waiting_for",
}
TAKES_A_ROW = {
    "contributions.reviews.may_decide",
    "contributions.resources.evidence",
    "contributions.resources.steps_open_to",
    "contributions.terms.file_of",
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
                assert is_empty(answer), (name, viewer)


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
        agreements allocations ballots batches clauses datasets days distributions entries facilities
        funding invoices journal licensees members organizations payouts policies ratecards releases
        resources reviews runs schedules stakes terms usage versions
    """,
    "finance": """
        agreements allocations ballots books clauses distributions entries facilities funding invoices
        journal licensees members organizations payouts policies releases resources schedules stakes usage
    """,
    "desk": """
        allocations ballots batches datasets days entries facilities funding journal members organizations
        policies ratecards releases resources reviews runs stakes terms versions
    """,
    "auditor": """
        agreements allocations ballots batches books clauses datasets days distributions entries facilities
        funding invoices journal licensees members organizations payouts policies ratecards releases
        resources reviews runs schedules stakes terms usage versions
    """,
    "reviewer": """
        datasets entries journal members organizations reviews versions
    """,
    "tetsu": """
        allocations ballots batches datasets days entries facilities funding journal members organizations
        payouts policies ratecards releases resources reviews stakes terms versions
    """,
    "robo": """
        agreements allocations entries invoices licensees organizations releases schedules usage
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
