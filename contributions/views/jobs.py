"""Background work as the person who started it sees it: how far it is, and what came of it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme

from contributions import selectors
from contributions.core.words import Text

# What each service is called on its page. The licensing wing adds its own at start-up.
LABELS: dict[str, Text] = {}
_OTHERWISE = Text("バックグラウンド処理", "Background work")


def detail(request, job_id):
    """One job. Its bar asks again every two seconds until the work is done."""
    job = get_object_or_404(selectors.jobs.visible_to(request.viewer), pk=job_id)
    result = job.result or {}
    found = result.get("url", "")
    context = {
        "job": job,
        "label": LABELS.get(job.service, _OTHERWISE),
        "failure": Text(job.failure_ja, job.failure_en) if job.failure_ja or job.failure_en else None,
        "done": job.state in {"done", "failed", "cancelled"},
        "found_url": found if found and url_has_allowed_host_and_scheme(found, allowed_hosts=None) else "",
    }
    if request.htmx and not context["done"]:
        return render(request, "contributions/jobs/progress.html", context)
    response = render(request, "contributions/jobs/detail.html", context)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response
