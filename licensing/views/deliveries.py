"""Deliveries: the list, one with its files and the check, the files of a release, and handing them over."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.errors import Refused
from contributions.core.roles import AUDITOR, LEGAL, may
from contributions.templatetags.moyai import called, text
from licensing import selectors, services
from licensing.core.deliveries import KINDS
from licensing.core.licensees import joined
from licensing.forms.deliveries import RejectForm, ReleaseFileForm
from licensing.views import confirming, doors, lists, lives, rails
from licensing.views.acting import Act, answered, bound

STATES = ("delivered", "received", "accepted", "deemed", "rejected")
SEARCH = (
    "number", "agreement__number", "agreement__licensee__organization__name_ja",
    "agreement__licensee__organization__name_en",
)  # fmt: skip


@require_safe
@doors.open_to(doors.PARTIES, part=doors.OF_MODELS)
def index(request: HttpRequest) -> HttpResponse:
    """Deliveries, and for legal the updates that are owed."""
    today = localdate()
    rows = selectors.deliveries.visible_to(request.viewer)
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("deliveries", *_table(rows, today))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.standing, row.check_by = selectors.deliveries.state_on(row, today), _check_by(row)
    context["owed"] = _owed(request.viewer)
    context["may_deliver"] = may(request.viewer, "delivery.make")
    return render(request, "licensing/deliveries/list.html", context)


def _owed(viewer) -> list[dict]:
    """What is to be handed over under each agreement, what its release lacks, and the sentence of handing it over."""
    sentence = _("You hand over %(count)s file(s) of release %(release)s to %(licensee)s under agreement %(number)s.")
    found = []
    for agreement, files in selectors.deliveries.owed(viewer, at=now()):
        facts = {
            "count": len(files),
            "release": agreement.release.number,
            "licensee": called(agreement.licensee.organization),
            "number": agreement.number,
        }
        lacking = joined(KINDS[kind] for kind in selectors.deliveries.lacking(agreement.release))
        found.append({"agreement": agreement, "files": files, "lacking": text(lacking), "sentence": sentence % facts})
    return found


@require_safe
@doors.open_to(doors.PARTIES)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One delivery."""
    row = _found(request, number)
    return _page(request, row, _acts(request, row, ""))


@require_POST
@doors.open_to(doors.PARTIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Receive, accept or reject it."""
    row = _found(request, number)
    return answered(request, row, _acts(request, row, verb), verb, page=_page, to="licensing:delivery")


@require_safe
@doors.open_to(doors.PARTIES)
def take(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """A delivered file; that it was taken is noted."""
    row = _found(request, number)
    file = row.files.filter(sha256=sha256).first()
    if file is None:
        raise Http404
    content = services.deliveries.take(row, file, by=request.viewer, at=now())
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = _disposition(file.name)
    return response


@doors.open_to(frozenset({LEGAL, AUDITOR}))
def files(request: HttpRequest, number: str) -> HttpResponse:
    """The files of a release, and registering one."""
    release = get_object_or_404(selectors.releases.visible_to(request.viewer), number=number)
    form = ReleaseFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.deliveries.file(
                release,
                kind=form.cleaned_data["kind"],
                content=form.cleaned_data["content"],
                by=request.viewer,
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The file is registered. Licensees that lack it are owed it."))
            return redirect("licensing:release_files", number)
    context = {
        "release": release,
        "rows": _named(selectors.deliveries.files_visible_to(request.viewer).filter(release=release)),
        "lacking": [KINDS[kind] for kind in selectors.deliveries.lacking(release)],
        "form": form if may(request.viewer, "release.file") else None,
        "history": rails.history(request.viewer, f"release:{release.number}"),
    }
    return render(request, "licensing/deliveries/files.html", context)


@require_POST
@doors.open_to(frozenset({LEGAL}))
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    """Hand over what is owed under an agreement."""
    agreement = lives.found(request, number)
    if error := confirming.fault(request, agreement.number):
        messages.error(request, error)
        return redirect("licensing:deliveries")
    try:
        row = services.deliveries.deliver(agreement, by=request.viewer, at=now())
    except Refused as refusal:
        messages.error(request, refusal.text(get_language()))
        return redirect("licensing:deliveries")
    messages.success(request, _("Delivered. The licensee sees the files and checks them."))
    return redirect("licensing:delivery", row.number)


def _found(request: HttpRequest, number: str):
    return get_object_or_404(selectors.deliveries.visible_to(request.viewer), number=number)


def _named(rows) -> list:
    listed = list(rows)
    for row in listed:
        row.label = KINDS[row.kind]
    return listed


def _page(request, row, acts, *, status: int = 200) -> HttpResponse:
    today = localdate()
    context = {
        "delivery": row,
        "agreement": row.agreement,
        "standing": selectors.deliveries.state_on(row, today),
        "check_by": _check_by(row),
        "rows": _named(row.files.all()),
        "downloads": selectors.deliveries.downloads_of(request.viewer, row),
        "acts": acts,
        "history": rails.history_of_part(request.viewer, f"agreement:{row.agreement.number}", row.number),
    }
    return render(request, "licensing/deliveries/detail.html", context, status=status)


def _check_by(row):
    """The last day of the check; none where the agreement gives no time for one."""
    return row.accept_by if row.accept_by > localdate(row.delivered_at) else None


def _acts(request, row, tried: str) -> list[Act]:
    viewer, facts = request.viewer, {"number": row.number, "count": row.files.count()}
    standing = selectors.deliveries.state_on(row, localdate())
    if standing not in {"delivered", "received"} or not may(viewer, "delivery.check"):
        return []
    acts = [
        Act(
            "accept",
            _("Accept the delivery"),
            _("You notify that the %(count)s file(s) of %(number)s agree with their digests and run: accepted.")
            % facts,
            lambda typed: services.deliveries.accept(row, by=viewer, at=now()),
            _("The delivery is accepted."),
            plain=False,
        ),
        Act(
            "reject",
            _("Reject the delivery"),
            _("You notify that %(number)s failed the check. The licensor delivers again.") % facts,
            lambda typed: services.deliveries.reject(row, reason=typed["reason"], by=viewer, at=now()),
            _("The delivery is rejected. The licensor has been told why."),
            form=bound(RejectForm, request, "reject", tried),
        ),
    ]
    if standing == "delivered":
        acts.insert(
            0,
            Act(
                "receive",
                _("Confirm receipt"),
                _("You confirm that %(number)s with %(count)s file(s) has arrived; the check goes on.") % facts,
                lambda typed: services.deliveries.receive(row, by=viewer, at=now()),
                _("Receipt is confirmed."),
            ),
        )
    for each in acts:
        each.url = reverse("licensing:delivery_act", args=[row.number, each.name])
    return acts


def _disposition(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


def _table(rows, today):
    header = [
        _("Number"),
        _("Agreement"),
        _("Licensee"),
        _("Delivered at"),
        _("Files"),
        _("Check by"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            localdate(row.delivered_at),
            row.files.count(),
            _check_by(row),
            selectors.deliveries.state_on(row, today),
        ]
        for row in rows
    )
    return header, cells
