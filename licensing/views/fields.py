"""Fields of use: the list that price lists and applications choose from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions.core.roles import AUDITOR, LEGAL, may
from contributions.views import as_of, filling
from licensing import selectors, services
from licensing.forms.licensees import FieldForm
from licensing.views import doors, lists


@doors.open_to(frozenset({LEGAL, AUDITOR}))
def index(request: HttpRequest) -> HttpResponse:
    """Every field of today, with how many price lists are in force in it; legal lists another."""
    viewer, at = request.viewer, as_of.read(request)
    day = at.day
    form = FieldForm(request.POST or None, initial={"valid_from": localdate()})
    done = filling.done(request, form, lambda: services.fields.list_field(**form.cleaned_data, by=viewer, at=now()))
    if done is not None:
        messages.success(request, _("The field of use is listed."))
        return redirect("licensing:fields")
    priced = [row.field_of_use for row in selectors.schedules.in_force(day)]
    rows = [
        {"code": code, "name": name, "lists": priced.count(code)} for code, name in selectors.fields.on(day).items()
    ]
    if lists.wants_csv(request):
        header = [_("Code"), _("Name in Japanese"), _("Name in English"), _("Price lists in force")]
        return lists.csv(
            "fields", header, ([row["code"], row["name"].ja, row["name"].en, row["lists"]] for row in rows)
        )
    context = {"rows": rows, "csv_url": request.path, "form": form, "as_of": at}
    context["may_list"] = may(viewer, "field.list") and not at.is_chosen
    return render(request, "licensing/schedules/fields.html", context, status=422 if form.errors else 200)
