"""A licensee's own people: who acts for it and as what; its contract owner invites and removes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core import people as rules
from contributions.core.errors import Refused
from contributions.core.roles import AUDITOR, LEGAL, LICENSEE, LICENSEE_ROLES, OWNER, may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from contributions.views import filling
from licensing import selectors, services
from licensing.forms.licensees import ColleagueForm
from licensing.views import confirming, lists

WHOLE = Text("契約責任者（事務局が付与）", "Contract owner (given by the secretariat)")
READERS = frozenset({LEGAL, AUDITOR, LICENSEE})


def own(request: HttpRequest) -> HttpResponse:
    """A licensee's people, from the side menu."""
    if request.viewer is None or request.viewer.workplace != LICENSEE:
        raise Http404
    return redirect("licensing:staff", request.viewer.acting)


def index(request: HttpRequest, code: str, *, error: str = "", wrong: str = "", link: str = "") -> HttpResponse:
    """Everybody who acts for the licensee today, with their roles."""
    viewer = request.viewer
    grants = _grants(request, code)
    if lists.wants_csv(request):
        header = [_("User name"), _("Name"), _("Role in the company"), _("From")]
        cells = ([row.user.username, row.user.name_ja, _role(row).of(get_language()), row.valid_from] for row in grants)
        return lists.csv("staff", header, cells)
    rules_apply = viewer.workplace == LICENSEE and may(viewer, "role.revoke")
    rows = [
        {
            "grant": row,
            "role": _role(row),
            "mine": row.user_id == viewer.user,
            "may_remove": rules_apply and row.user_id != viewer.user,
            "may_link": rules_apply and not row.user.has_usable_password(),
            "error": error if wrong == str(row.seq) else "",
        }
        for row in grants
    ]
    context = {
        "rows": rows,
        "code": code,
        "company": called(grants[0].organization),
        "link": link,
        "may_invite": viewer.workplace == LICENSEE and may(viewer, "person.invite"),
        "csv_url": request.path,
        "roles": list(LICENSEE_ROLES.items()),
    }
    return render(request, "licensing/licensees/staff.html", context, status=422 if error else 200)


def new(request: HttpRequest, code: str) -> HttpResponse:
    """The contract owner invites a colleague into a role."""
    viewer = request.viewer
    if viewer is None or viewer.workplace != LICENSEE or viewer.acting != code or not may(viewer, "person.invite"):
        raise Http404
    form = ColleagueForm(request.POST or None, initial={"language": get_language(), "role": "reporter"})
    user = filling.done(request, form, lambda: _invited(form, viewer))
    if user is not None:
        messages.success(request, _("Your colleague has an account. Hand over the one-time link on this page."))
        return redirect("licensing:staff", code)
    return filling.page(
        request,
        form,
        heading=_("Invite a colleague"),
        lead=_(
            "The contract owner signs and manages people; the other roles do what their name says and read the rest."
        ),
        verb=_("Invite"),
        up=reverse("licensing:staff", args=[code]),
        up_label=_("People of the company"),
    )


def _invited(form: ColleagueForm, viewer):
    typed = form.cleaned_data
    return services.staff.invite(
        username=f"{viewer.acting}-{typed['username']}",
        email=typed["email"],
        name_ja=typed["name_ja"],
        name_en=typed["name_en"],
        role=typed["role"],
        language=typed["language"],
        by=viewer,
        at=now(),
    )


@require_POST
def remove(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """The contract owner ends a colleague's role from today on."""
    viewer = request.viewer
    grant = next((row for row in _grants(request, code) if row.seq == seq), None)
    if grant is None or not may(viewer, "role.revoke"):
        raise Http404
    if fault := confirming.fault(request, grant.user.username):
        return index(request, code, error=fault, wrong=str(seq))
    try:
        services.staff.remove(grant, on=localdate(), by=viewer, at=now())
    except Refused as refusal:
        return index(request, code, error=refusal.text(get_language()), wrong=str(seq))
    messages.success(request, _("The role has ended."))
    return redirect("licensing:staff", code)


@require_POST
def assign(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """The contract owner gives a colleague another role from today on."""
    viewer = request.viewer
    grant = next((row for row in _grants(request, code) if row.seq == seq), None)
    if grant is None or not may(viewer, "role.grant") or viewer.workplace != LICENSEE:
        raise Http404
    try:
        services.staff.assign(grant, role=request.POST.get("role", ""), on=localdate(), by=viewer, at=now())
    except Refused as refusal:
        return index(request, code, error=refusal.text(get_language()), wrong=str(seq))
    messages.success(request, _("The role is changed."))
    return redirect("licensing:staff", code)


@require_POST
def link(request: HttpRequest, code: str, pk) -> HttpResponse:
    """A fresh one-time link for a colleague who has not set a password yet."""
    grant = get_object_or_404(selectors.licensees.staff_rows(request.viewer, code, on=localdate()), user__pk=pk)
    path = services.staff.invitation(grant.user, by=request.viewer)
    return index(request, code, link=request.build_absolute_uri(path))


def _grants(request: HttpRequest, code: str) -> list:
    viewer = request.viewer
    if viewer is None or viewer.workplace not in READERS:
        raise Http404
    found = list(selectors.licensees.staff_rows(viewer, code, on=localdate()))
    if not found:
        raise Http404
    return found


def _role(grant) -> Text:
    if rules.is_owner(grant.workplace, grant.role) and grant.role != OWNER:
        return WHOLE
    return LICENSEE_ROLES[grant.role]
