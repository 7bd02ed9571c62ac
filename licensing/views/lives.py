"""The life of an agreement on one page: how it stands, its editions, its renewal, what paused and what ended it."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.periods import day_after, jst_date, last_day
from contributions.core.roles import LEGAL, LICENSEE, may
from contributions.templatetags.moyai import called
from contributions.templatetags.moyai import day as day_text
from contributions.views import as_of
from licensing import selectors, services
from licensing.core import lives as rules
from licensing.core import renewals, terminations
from licensing.forms.lives import AnnouncementForm, OptionalReasonForm, SaidForm, TerminationForm
from licensing.views import doors, lists, rails
from licensing.views import renewals as renewing
from licensing.views.acting import Act, answered, bound

RUNS = {rules.AWAITING, rules.IN_FORCE, rules.SUSPENDED}
DELETED = ("delete", "purge")


@require_safe
@doors.open_to(doors.PARTIES)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The life of one agreement."""
    agreement = found(request, number)
    return _page(request, agreement, _acts(request, agreement, ""))


@require_POST
@doors.open_to(doors.PARTIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Suspend, reinstate, terminate, give notice against renewal, or announce prices."""
    agreement = found(request, number)
    return answered(
        request, agreement, _acts(request, agreement, verb), verb, page=_page, to="licensing:agreement_life"
    )


@require_safe
@doors.open_to(doors.PARTIES)
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """The letter of the termination, as a PDF."""
    ending = selectors.lives.termination_of(found(request, number))
    if ending is None:
        raise Http404
    return lists.attachment(f"{ending.number}.pdf", services.notices.termination(ending), "application/pdf")


def found(request: HttpRequest, number: str):
    """An agreement that the viewer may see, with all that decides how it stands."""
    rows = selectors.agreements.concluded(request.viewer)
    return selectors.lives.gathered([get_object_or_404(rows, number=number)])[0]


def panel(agreement, viewer) -> dict:
    """What an agreement's own page shows of its life: how it stands now, and the next days to keep."""
    if agreement.executed_at is None:
        return {}
    at, today = now(), localdate()
    agreement = selectors.lives.gathered([agreement])[0]
    rows = selectors.obligations.visible_to(viewer).filter(agreement=agreement, state="open")
    return {
        "life": {
            "standing": selectors.lives.standing(agreement, at),
            "until": selectors.lives.ends(agreement, today),
            "notice": selectors.lives.notice_day(agreement, today),
            "versions": len(selectors.lives.editions_of(agreement, today)),
            "amendments": selectors.amendments.visible_to(viewer).filter(agreement=agreement),
            "obligations": with_states(rows[:6], today),
            "deliveries": _deliveries(agreement, viewer, today),
            "derivatives": selectors.derivatives.visible_to(viewer).filter(agreement=agreement),
            "termination": selectors.lives.termination_of(agreement),
            "may_amend": may(viewer, "amendment.draft") and selectors.lives.standing(agreement, at) in RUNS,
            "may_register": may(viewer, "derivative.register"),
        }
    }


def with_standing(rows, at) -> list:
    """Agreements with how each stands: by its own steps until it is concluded, by its life from then on."""
    listed = selectors.lives.gathered(rows)
    for row in listed:
        row.standing = selectors.lives.standing(row, at) if row.executed_at else row.state
    return listed


def with_states(rows, today) -> list:
    """Obligations with how each stands today."""
    listed = list(rows)
    for row in listed:
        row.standing = selectors.obligations.state_on(row, today)
    return listed


def _deliveries(agreement, viewer, today) -> list:
    listed = list(selectors.deliveries.visible_to(viewer).filter(agreement=agreement))
    for row in listed:
        row.standing = selectors.deliveries.state_on(row, today)
    return listed


def _page(request, agreement, acts, *, status: int = 200) -> HttpResponse:
    viewer, at, shown = request.viewer, now(), as_of.read(request)
    if shown.is_chosen and agreement.executed_at >= day_after(shown.day):
        shown = as_of.nothing_yet(shown)
    today, is_now = shown.day, not shown.is_chosen
    behind = _behind(agreement, viewer, today, is_now=is_now)
    if not is_now:
        agreement, at, acts = selectors.lives.then(agreement, today), day_after(today) - timedelta(seconds=1), []
    ending = selectors.lives.termination_of(agreement)
    standing = selectors.lives.standing(agreement, at)
    over = standing in {rules.WINDING_DOWN, rules.TERMINATED, rules.EXPIRED}
    context = {
        "agreement": agreement,
        "as_of": shown,
        "standing": standing,
        "until": selectors.lives.ends(agreement, today),
        "stock_until": selectors.lives.stock_until(agreement, today) if over and ending is None else None,
        "today": today,
        "ahead": selectors.renewals.of(agreement, today),
        "mode": renewals.MODES.get(selectors.lives.plan_of(agreement, today).mode),
        "rise_max": selectors.lives.plan_of(agreement, today).rise_max,
        "editions": _editions(agreement, today),
        **behind,
        "termination": ending,
        "ground": terminations.GROUNDS[ending.ground] if ending else None,
        "provision": services.notices.provision_of(ending) if ending else None,
        "survivors": _survivors(agreement, today) if ending or over else [],
        "wind_down_days": (ending.wind_down_until - jst_date(ending.effective_at)).days
        if ending and ending.wind_down_until
        else None,
        "obstacle": services.renewals.obstacle(agreement, by=viewer, on=today)
        if is_now and viewer.workplace == LEGAL and standing in RUNS
        else None,
        "acts": acts,
        "may_amend": is_now and may(viewer, "amendment.draft") and standing in RUNS,
        "history": rails.history(
            viewer, f"agreement:{agreement.number}", *(f"amendment:{row.number}" for row in behind["amendments"])
        ),
    }
    return render(request, "licensing/lives/detail.html", context, status=status)


def _behind(agreement, viewer, today, *, is_now: bool) -> dict:
    """What changed the agreement, as far as the viewer may read it; of a past day what had been done by then."""
    own, over = {"agreement": agreement}, day_after(today)
    amendments = selectors.amendments.visible_to(viewer).filter(**own)
    renewed = selectors.renewals.visible_to(viewer).filter(**own)
    notices = selectors.renewals.notices_visible_to(viewer).filter(**own)
    suspensions = selectors.terminations.suspensions_visible_to(viewer).filter(**own)
    closing = selectors.obligations.visible_to(viewer).filter(**own, rule__in=DELETED)
    if not is_now:
        amendments = selectors.lives.executed_amendments(selectors.lives.then(agreement, today))
        renewed, notices = renewed.filter(renewed_at__lt=over), notices.filter(given_at__lt=over)
        suspensions = selectors.lives.suspended_by(suspensions, today)
        closing = selectors.obligations.then(closing, today)
    return {
        "amendments": amendments,
        "renewals": renewed,
        "proposals": renewing.proposals(agreement, viewer) if is_now else [],
        "notices": notices,
        "suspensions": suspensions,
        "closing": with_states(closing, today),
    }


def _editions(agreement, today) -> list[dict]:
    known = selectors.lives.editions_of(agreement, today)
    current = selectors.lives.as_of(agreement, today)
    return [
        {
            "edition": one,
            "amendment": one.source if one.source != agreement.number else "",
            "current": dict(one.variables) == current.variables,
        }
        for one in known
    ]


def _survivors(agreement, today) -> list[dict]:
    """What outlives the agreement, as articles of its text."""
    rows = services.terminations.survivors_of(agreement, today)
    edition, text = services.editions.consolidated(agreement, today, on=today)
    labels = {article.clause: article for article in text.tree.articles}
    families = {family: labels.get(one.id) for family, one in selectors.amendments.families(agreement, edition).items()}
    listed = []
    for row in rows:
        clause, *parts = row["reference"].split(".")
        article = labels.get(clause) or families.get(clause)
        listed.append(
            {"article": article, "clause": clause, "paragraph": parts[0] if parts else "", "until": row["until"]}
        )
    return listed


def _acts(request, agreement, tried: str) -> list[Act]:
    """What this viewer may do with the agreement as it stands."""
    viewer, at, today = request.viewer, now(), localdate()
    standing = selectors.lives.standing(agreement, at)
    facts = {"number": agreement.number, "licensee": called(agreement.licensee.organization)}
    acts = []
    if standing == rules.IN_FORCE and may(viewer, "agreement.suspend"):
        acts.append(_suspend(request, agreement, tried, facts))
    if standing == rules.SUSPENDED and may(viewer, "agreement.reinstate"):
        acts.append(_reinstate(request, agreement, tried, facts))
    ahead, ending = selectors.renewals.of(agreement, today), selectors.lives.termination_of(agreement) is not None
    if standing in {rules.IN_FORCE, rules.SUSPENDED} and not ending and ahead.mode == "automatic" and ahead.notice:
        party = "licensee" if viewer.workplace == LICENSEE else "licensor"
        if may(viewer, "renewal.refuse") and today <= ahead.notice.day and party not in ahead.refused_by:
            acts.append(_refuse(request, agreement, tried, facts, ahead))
        if may(viewer, "renewal.announce") and ahead.announce_by and today <= ahead.announce_by and not ahead.announced:
            acts.append(_announce(request, agreement, tried, facts, ahead))
    if standing in {rules.IN_FORCE, rules.SUSPENDED} and not ending:
        acts += renewing.acts(request, agreement, tried, facts, ahead)
    if standing in RUNS and not ending and may(viewer, "agreement.terminate"):
        acts.append(_terminate(request, agreement, tried, facts))
    for each in acts:
        each.url = reverse("licensing:agreement_life_act", args=[agreement.number, each.name])
    return acts


def _suspend(request, agreement, tried, facts) -> Act:
    return Act(
        "suspend",
        _("Suspend use"),
        _(
            "You suspend the use of the model under agreement %(number)s by %(licensee)s from this moment on, for both"
            " sides at once. Files can no longer be taken."
        )
        % facts,
        lambda typed: services.terminations.suspend(agreement, reason=typed["reason"], by=request.viewer, at=now()),
        _("Use is suspended. Both sides see it."),
        form=bound(SaidForm, request, "suspend", tried),
    )


def _reinstate(request, agreement, tried, facts) -> Act:
    return Act(
        "reinstate",
        _("Lift the suspension"),
        _("You lift the suspension of agreement %(number)s with %(licensee)s from this moment on.") % facts,
        lambda typed: services.terminations.reinstate(agreement, reason=typed["reason"], by=request.viewer, at=now()),
        _("The suspension is lifted. The licence is in force again."),
        form=bound(SaidForm, request, "reinstate", tried),
        plain=False,
    )


def _refuse(request, agreement, tried, facts, ahead) -> Act:
    return Act(
        "refuse",
        _("Give notice against renewal"),
        _("You give notice that agreement %(number)s is not renewed: it ends with %(day)s. This cannot be taken back.")
        % (facts | {"day": day_text(last_day(ahead.until))}),
        lambda typed: services.renewals.refuse(agreement, reason=typed["reason"], by=request.viewer, at=now()),
        _("Notice against renewal is given."),
        form=bound(OptionalReasonForm, request, "refuse", tried),
    )


def _announce(request, agreement, tried, facts, ahead) -> Act:
    schedules = selectors.schedules.visible_to(request.viewer).filter(
        state="adopted",
        field_of_use=agreement.schedule.field_of_use,
        licensee_class=agreement.licensee.licensee_class,
    )
    return Act(
        "announce",
        _("Announce prices of the next term"),
        _(
            "You announce to %(licensee)s the price list that applies under agreement %(number)s from %(day)s on, if"
            " it is renewed."
        )
        % (facts | {"day": day_text(ahead.until)}),
        lambda typed: services.renewals.announce(agreement, schedule=typed["schedule"], by=request.viewer, at=now()),
        _("The prices are announced."),
        form=bound(AnnouncementForm, request, "announce", tried, schedules=schedules),
    )


def _terminate(request, agreement, tried, facts) -> Act:
    party = "licensee" if request.viewer.workplace == LICENSEE else "licensor"
    known = selectors.lives.editions_of(agreement, localdate())
    used = set[str]().union(*(selectors.amendments.names_in(agreement, edition) for edition in known))
    return Act(
        "terminate",
        _("Terminate"),
        _(
            "You end agreement %(number)s with %(licensee)s on the ground and from the day you choose, for both sides"
            " at the same moment. This cannot be taken back."
        )
        % facts,
        lambda typed: services.terminations.terminate(
            agreement,
            ground=typed["ground"],
            reason=typed["reason"],
            ends_on=typed["ends_on"],
            demanded_on=typed["demanded_on"],
            paper=typed.get("paper"),
            by=request.viewer,
            at=now(),
        ),
        _("Termination is given. Both sides see it, with what is to be deleted and what survives."),
        form=bound(TerminationForm, request, "terminate", tried, party=party, used=used),
    )
