"""Signatures on the agreement's page, checking any signed PDF, and the licence file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.views.exports import evidence_file
from licensing import selectors, services
from licensing.adapters import validation
from licensing.core import letterhead
from licensing.core import licences as licence_rules
from licensing.core import signatures as rules
from licensing.core.signatures import Act
from licensing.forms.signatures import CodeForm, SignedFileForm
from licensing.views import confirming, lists

SIGNING = ("sign", "countersign")
WAITING = {"offered": ("legal",), "signed": ("legal", "licensee")}


def asked(request: HttpRequest, agreement) -> dict:
    """What the act of signing shows and asks: the digest of the file, and the confirmation of who signs."""
    digest = agreement.documents.get(stage=agreement.state).sha256
    how = services.signatures.asked_of(request.user)
    lines = {
        "code": _("You confirm with a code of your device."),
        "test": _(
            "This is a demo: a test confirmation stands in for the second factor. A real signature asks here for the "
            "code of your authenticator app or a recovery code."
        ),
        "none": _("No second factor is asked on this installation."),
        "register": rules.FactorNeeded().text(get_language()),
    }
    trial = letterhead.TEST_SIGNATURE.of(get_language()) if services.signatures.is_test() else ""
    parts = [
        _("The file that you sign has the SHA-256 digest %(digest)s.") % {"digest": f"{digest[:16]}…"},
        lines[how],
        f"（{trial}）" if trial and get_language() == "ja" else trial,
    ]
    return {
        "said": " ".join(part for part in parts if part),
        "hidden": {"digest": digest},
        "form": CodeForm(auto_id="sign-%s") if how == "code" else None,
    }


def taken_back(request: HttpRequest, row, verb: Callable) -> tuple[SignedFileForm, str] | None:
    """Take a file as an outside service has signed it, of either kind of contract; else the form with its faults."""
    form = SignedFileForm(request.POST, request.FILES, auto_id="outside-%s")
    error = confirming.fault(request, row.number)
    if not form.is_valid() or error:
        return form, error
    try:
        verb(row, form.cleaned_data["file"], by=request.viewer, at=now(), act=act_of(request))
    except Refused as refusal:
        form.add_error("file", refusal.text(get_language()))
        return form, ""
    messages.success(request, _("The signed file was checked and taken."))
    return None


def act_of(request: HttpRequest) -> Act:
    """The act as the person did it: what the page showed, the code typed, where from."""
    return Act(
        digest=request.POST.get("digest", ""),
        code=request.POST.get("code", "").strip(),
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("user-agent", ""),
    )


def outside(paper, viewer, tried: tuple | None) -> dict | None:
    """The way round this system: take the file, have it signed elsewhere, and send it back; of a contract or a 覚書."""
    noun = "agreement" if hasattr(paper, "licensee") else "amendment"
    if viewer.workplace not in WAITING.get(paper.state, ()) or not may(viewer, f"{noun}.take_back"):
        return None
    form, error = tried or (SignedFileForm(auto_id="outside-%s"), "")
    said = {
        "agreement": _(
            "You send back agreement %(number)s as an outside service has signed it. The file must be the one above "
            "with signatures added. What is accepted counts as signed, and gets a timestamp."
        ),
        "amendment": _(
            "You send back amendment %(number)s as an outside service has signed it. The file must be the one above "
            "with signatures added. What is accepted counts as signed, and gets a timestamp."
        ),
    }
    return {
        "form": form,
        "error": error,
        "open": bool(tried),
        "file": reverse(f"licensing:{noun}_pdf", args=[paper.number, paper.state]),
        "url": reverse(f"licensing:{noun}_return", args=[paper.number]),
        "sentence": said[noun] % {"number": paper.number},
    }


def table(paper, viewer) -> list[dict]:
    """Both parties, with what a check of the newest file says of each signature, and the evidence of each act."""
    rows = {row.party: row for row in paper.signatures.all()}
    found = _verdicts(paper) if rows else []
    verdicts = {one.certificate_sha256: one for one in found}
    until = paper.documents.last().stamped_until if rows else None
    return [
        _row(label, rows.get(party), verdicts) | {"until": until, "evidence": _evidence_url(viewer, rows.get(party))}
        for party, label in rules.PARTIES.items()
    ]


def _evidence_url(viewer, row) -> str:
    if row is None or not selectors.signatures.shows_evidence(viewer, row.party):
        return ""
    return reverse("licensing:signature_evidence", args=[row.seq])


def evidence(request: HttpRequest, seq: int) -> HttpResponse:
    """What is on record of an act of signing: who, with which factor, from where, on which file, at which time."""
    annex = selectors.signatures.evidence(request.viewer, seq)
    if annex is None:
        raise Http404
    return evidence_file(annex.name, annex)


def _row(label: Text, row, verdicts: dict) -> dict:
    verdict = verdicts.get(row.certificate_sha256) if row is not None else None
    valid = verdict is not None and verdict.valid
    return {
        "party": label,
        "row": row,
        "verdict": verdict,
        "state": "verified" if valid else "failed",
        "word": _("Intact") if valid else _("Not valid"),
        "factor": rules.FACTORS.get(row.factor) if row is not None else None,
        "identity": rules.IDENTITY.get(row.identity) if row is not None else None,
        "mark": letterhead.TEST_SIGNATURE if row is not None and row.trial else "",
    }


def _verdicts(paper) -> list:
    newest = paper.documents.last()
    try:
        return services.signatures.verdicts(services.papers.store().get(newest.sha256), now())
    except validation.Unreadable:
        return []


def licence_files(agreement, viewer) -> list[dict]:
    """The licence files of an agreement, newest first."""
    return [
        {
            "label": Text(f"許諾証 {row}", f"Licence file {row}"),
            "url": reverse("licensing:licence_file", args=[agreement.number, row.serial]),
            "media": licence_rules.STATUSES[row.status].of(get_language()),
            "digest": row.sha256,
        }
        for row in selectors.licences.visible_to(viewer).filter(agreement=agreement)
    ]


def licence(request: HttpRequest, number: str, serial: int) -> HttpResponse:
    """The licence file, to keep and to check offline."""
    rows = selectors.licences.visible_to(request.viewer)
    row = get_object_or_404(rows, agreement__number=number, serial=serial)
    content = services.licences.file_of(row)
    return lists.attachment(f"{number}-{serial}.licence.json", content, "application/json")


def verify(request: HttpRequest) -> HttpResponse:
    """Anybody who is signed in checks a signed PDF; nothing is stored."""
    form = SignedFileForm(request.POST or None, request.FILES or None)
    context: dict = {"form": form, "tried": False}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"]
        try:
            found = services.signatures.verdicts(content, now())
        except Refused as refusal:
            form.add_error("file", refusal.text(get_language()))
        else:
            digest = hashlib.sha256(content).hexdigest()
            known = _known(request.viewer, digest)
            context |= {"tried": True, "found": found, "digest": digest, "size": len(content), "known": known}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "licensing/signatures/verify.html", context, status=status)


def _known(viewer, digest: str) -> dict | None:
    """The paper of ours that the file is, if the viewer may see it."""
    pages = {
        "licensing:amendment": selectors.amendments.visible_to(viewer).filter(documents__sha256=digest),
        "licensing:agreement": selectors.agreements.visible_to(viewer).filter(documents__sha256=digest),
        "licensing:outside_agreement": selectors.outside.visible_to(viewer).filter(sha256=digest),
    }
    for page, rows in pages.items():
        if (row := rows.first()) is not None:
            return {"number": row.number, "url": reverse(page, args=[row.number])}
    return None
