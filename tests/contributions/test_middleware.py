"""Who is asking: one workplace at a time, never the union of all that a person holds."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.middleware import ViewerMiddleware
from contributions.models import Organization, RoleGrant


class Impossible(Refused):
    code = "impossible"
    ja = "できません：{what}"
    en = "Impossible: {what}"


def ask(user, *, chosen=None):
    """The request as a view would find it."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {"workplace": chosen} if chosen is not None else {}
    seen = []
    ViewerMiddleware(lambda asked: seen.append(asked) or HttpResponse())(request)
    return seen[0]


def test_nobody_signed_in_is_no_viewer(world):
    request = ask(AnonymousUser())
    assert (request.viewer, request.workplaces) == (None, [])


def test_a_person_is_at_its_one_workplace_without_choosing(world):
    viewer = ask(world.user("tetsu")).viewer
    assert (viewer.user, viewer.workplace, viewer.acting, viewer.home) == (
        world.user("tetsu").pk,
        "member",
        "tetsu",
        "tetsu",
    )


def test_each_request_is_an_act_of_its_own(world):
    assert ask(world.user("tetsu")).viewer.request != ask(world.user("tetsu")).viewer.request


@pytest.fixture
def both(world):
    """kuruma's officer, who is also an officer of a licensee: a company may be both."""
    services.people.grant(
        world.user("kuruma"), organization=Organization.objects.get(code="robo"), workplace="licensee",
        **world.by("legal"),
    )  # fmt: skip
    return world.user("kuruma")


def test_of_two_workplaces_the_chosen_one_counts_and_not_the_union(both):
    member, licensee = RoleGrant.objects.filter(user=both).order_by("pk")
    assert ask(both, chosen=member.pk).viewer.workplace == "member"
    viewer = ask(both, chosen=licensee.pk).viewer
    assert (viewer.workplace, viewer.acting) == ("licensee", "robo")
    assert not selectors.datasets.visible_to(viewer).exists()
    assert len(ask(both).workplaces) == 2


@pytest.mark.parametrize("chosen", [999_999, "legal", -1, None])
def test_a_workplace_that_is_not_the_persons_is_not_entered(world, both, chosen):
    assert ask(both, chosen=chosen).viewer.workplace == "member"


def test_somebody_elses_workplace_is_not_entered(world, both):
    legal = RoleGrant.objects.get(user=world.user("legal"))
    assert ask(both, chosen=legal.pk).viewer.workplace == "member"


def test_a_grant_that_has_ended_opens_nothing(world):
    RoleGrant.objects.filter(user=world.user("tetsu")).update(valid_until=date(2026, 4, 2))
    viewer = ask(world.user("tetsu")).viewer
    assert (viewer.workplace, viewer.acting) == ("", None)
    assert not selectors.members.visible_to(viewer).exists()


def test_a_grant_that_has_not_begun_opens_nothing(world):
    RoleGrant.objects.filter(user=world.user("tetsu")).update(valid_from=date(2999, 1, 1))
    assert ask(world.user("tetsu")).viewer.workplace == ""


@pytest.mark.parametrize(("language", "sentence"), [("ja", "できません：これ"), ("en", "Impossible: これ")])
def test_a_refusal_that_no_page_caught_is_told_in_the_readers_language(world, client, language, sentence):
    from django.utils import translation

    request = RequestFactory().get("/", headers={"referer": "/somewhere"})
    request.user, request.session = world.user("tetsu"), {}
    middleware = ViewerMiddleware(lambda _: HttpResponse())
    middleware(request)
    with translation.override(language):
        response = middleware.process_exception(request, Impossible(what="これ"))
    assert response.status_code == 422 and sentence in response.content.decode()


def test_a_bug_is_not_dressed_up_as_a_refusal(world):
    middleware = ViewerMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None


def test_a_request_that_is_refused_leaves_no_file_behind(world):
    """What it had stored before the refusal is named by no entry, and nobody could erase it later."""
    stored = []

    def refused(request):
        with transaction.atomic():
            annexes = [services.journal.Attachment("note", "text/plain", b"said")]
            facts = {"resource": "C-1"}
            entry = services.journal.append(
                "resource.disputed", subject="resource:C-1", facts=facts, annexes=annexes, **world.by("legal")
            )
            stored.append(entry.annexes.get().sha256)
            assert services.journal.store().holds(stored[0])
            transaction.set_rollback(True)
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user, request.session = world.user("legal"), {}
    ViewerMiddleware(refused)(request)
    assert not services.journal.store().holds(stored[0])
