"""A member's signature on what it stated: by its officer here, or by its own machine, whose line is handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.forms.signed_statements import LineForm
from contributions.views import entries


def request(request, seq):
    """The file that the member's own machine signs."""
    entry = _own(request, seq)
    response = HttpResponse(selectors.signed_statements.request_for(entry), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entry-{seq}.statement"'
    return response


@require_POST
def sign(request, seq):
    """An officer signs, confirmed by the entry's number."""
    entry = _own(request, seq)
    if request.POST.get("confirm", "").strip().replace(",", "") != str(seq):
        return entries.show(request, seq, signing={"error": _("This is not the number.")}, status=422)
    try:
        services.signed_statements.sign(entry, by=request.viewer, at=now())
    except Refused as refusal:
        return entries.show(request, seq, signing={"error": refusal.text(get_language())}, status=422)
    messages.success(request, _("Signed. The signature is on record as an entry of its own."))
    return redirect("contributions:entry", seq)


@require_POST
def receive(request, seq):
    """The line that the member's own machine gave."""
    entry = _own(request, seq)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            services.signed_statements.receive(entry, form.cleaned_data["line"], by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error("line", refusal.text(get_language()))
        else:
            messages.success(request, _("Signed. The signature is on record as an entry of its own."))
            return redirect("contributions:entry", seq)
    return entries.show(request, seq, signing={"form": form}, status=422)


def _own(request, seq):
    """The entry, if its statement is the viewer's member's own."""
    rows = selectors.journal.open_to(request.viewer).select_related("statement")
    entry = get_object_or_404(rows, seq=seq, statement__isnull=False)
    statement = canonical.loads(bytes(entry.statement.content))
    if not selectors.signed_statements.may_sign(request.viewer, statement):
        raise Http404
    return entry
