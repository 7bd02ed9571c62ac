"""Entries of the log: finding them, reading one as far as the reader may, and its proof as a file."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import canonical, signed_statements
from contributions.core.annexes import GROUNDS
from contributions.core.errors import Refused
from contributions.core.kinds import KINDS
from contributions.core.roles import LEGAL, may
from contributions.core.units import UNITS
from contributions.forms.annexes import ErasureForm
from contributions.forms.filters import Narrow
from contributions.forms.signed_statements import LineForm
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import text
from contributions.views import history
from contributions.views.exports import csv_file
from contributions.views.lists import PER_PAGE, index_in, query_of, wants_csv

CSV_MAX = 20_000


def index(request):
    """Entries that the reader may read, newest first, narrowed by kind, member and subject."""
    viewer = request.viewer
    visible = selectors.journal.open_to(viewer)
    filters = Narrow(request.GET, kind=(_("Kind"), _kinds(viewer, visible)), member=(_("Member"), _members(viewer)))
    rows = selectors.journal.matching(
        visible,
        query=query_of(request),
        kind=filters.chosen("kind"),
        member=filters.chosen("member"),
        subject=request.GET.get("subject", "")[:80],
    ).order_by("-seq")
    if wants_csv(request):
        header = (_("Entry"), _("Recorded at"), _("Kind"), _("Subject"), _("Member"), _("Leaf hash"))
        lines = [
            (
                row.seq,
                row.recorded_at.isoformat(),
                _label(row.kind),
                row.subject,
                row.member,
                bytes(row.leaf_hash).hex(),
            )
            for row in rows[:CSV_MAX]
        ]
        return csv_file("entries", header, lines)
    found = selectors.journal.stretch(
        rows, older_than=index_in(request, "after"), newer_than=index_in(request, "before"), limit=PER_PAGE
    )
    names = history.names_for(viewer)
    for row in found.rows:
        row.label = selectors.kinds.label(row.kind)
        row.member_name = names.get(row.member, row.member)
        row.mine = bool(row.member) and row.member == viewer.acting
        row.hash = bytes(row.leaf_hash).hex()
        row.page = history.page_of(row.subject, viewer)
    context = {"rows": found.rows, "before": found.newer, "after": found.older, "filters": filters, "search": True}
    context |= {"query": query_of(request)}
    return render(request, "contributions/entries/list.html", context | {"csv_url": request.path})


def detail(request, seq):
    """One entry: the leaf that the tree hashes, and the statement that the leaf names."""
    return show(request, seq)


@require_POST
def erase(request, seq, sha256):
    """Legal erases what an entry names: its content and its salt, for good."""
    entry = get_object_or_404(selectors.journal.open_to(request.viewer), seq=seq)
    annex = get_object_or_404(entry.annexes.all(), sha256=sha256)
    if not _may_erase(request.viewer, entry):
        raise Http404
    form = _erasure(sha256, request.POST)
    if request.POST.get("confirm", "").strip() != sha256[:8]:
        return show(request, seq, erasing=(sha256, form, _("This is not the number.")), status=422)
    if not form.is_valid():
        return show(request, seq, erasing=(sha256, form, ""), status=422)
    try:
        services.annexes.erase(annex, ground=form.cleaned_data["ground"], by=request.viewer, at=now())
    except Refused as refusal:
        return show(request, seq, erasing=(sha256, form, refusal.text(get_language())), status=422)
    messages.success(request, _("It is erased. Its digest, this entry and every proof stay as they are."))
    return redirect("contributions:entry", seq)


def _may_erase(viewer, entry) -> bool:
    return viewer.workplace == LEGAL and may(viewer, "annex.erase") and entry.kind in KINDS


def _erasure(sha256: str, sent=None) -> ErasureForm:
    """The form of one annex; a page has one for each."""
    return ErasureForm(sent, auto_id=f"erase-{sha256[:8]}-%s")


def _attached(viewer, entry, erasing) -> list:
    """The annexes of an entry; with each, how it is erased, or by which entry and on what ground it was."""
    rows = list(entry.annexes.all())
    said = {row.statement["facts"]["annex"]: row for row in selectors.journal.erasures(viewer, entry)}
    for row in rows:
        row.anchor = f"erase-{row.sha256[:8]}"
        row.erasure = said.get(row.sha256)
        row.ground = GROUNDS[row.erasure.statement["facts"]["ground"]] if row.erasure else None
        if row.erased_at is None and _may_erase(viewer, entry):
            tried, form, error = erasing if erasing and erasing[0] == row.sha256 else (None, _erasure(row.sha256), "")
            row.form, row.error, row.is_open = form, error, tried is not None
    return rows


def show(request, seq, *, erasing=None, signing=None, status: int = 200):
    """The page of an entry, also where something that was asked for on it was refused."""
    viewer = request.viewer
    entry = get_object_or_404(selectors.journal.open_to(viewer).select_related("statement"), seq=seq)
    _note(viewer, entry)
    content = bytes(entry.statement.content) if hasattr(entry, "statement") else None
    statement = canonical.loads(content) if content else None
    names = history.names_for(viewer)
    leaf = bytes(entry.leaf)
    context = {
        "entry": entry,
        "label": selectors.kinds.label(entry.kind),
        "leaf": _pretty(canonical.loads(leaf)),
        "leaf_hash": bytes(entry.leaf_hash).hex(),
        "statement": statement,
        "subject_number": entry.subject.partition(":")[2],
        "movements": _movements(statement, names) if statement else [],
        "statement_text": _pretty(statement) if statement else "",
        "statement_hash": canonical.sha256_hex(content) if content else "",
        "author": history.author(statement["by"], names) if statement else None,
        "member_name": names.get(entry.member),
        "signatures": selectors.signed_statements.of(viewer, entry),
        "is_members": statement is not None and signed_statements.is_of(statement, entry.member),
        "may_sign": selectors.signed_statements.may_sign(viewer, statement),
        "signing": {"form": LineForm(), "error": ""} | (signing or {}),
        "origin": selectors.log.head().origin,
        "subject_page": history.page_of(entry.subject, viewer),
        "annexes": (annexes := _attached(viewer, entry, erasing)),
        "may_erase": any(hasattr(annex, "form") for annex in annexes),
        "checkpoint": selectors.log.covering(seq),
        "before": selectors.journal.open_to(viewer).filter(seq__lt=seq).order_by("-seq").first(),
        "after": selectors.journal.open_to(viewer).filter(seq__gt=seq).order_by("seq").first(),
        "chain": _chain(viewer, entry),
        "same_subject": history.about(viewer, entry.subject, besides=seq),
    }
    return render(request, "contributions/entries/detail.html", context, status=status)


def _movements(statement, names) -> list[dict]:
    """What moves, with its account in words: whose it is, of which kind, and of what."""
    return [
        {
            "account": account,
            "words": _account(account, names),
            "unit": unit,
            "amount": amount,
            "is_known": unit in UNITS,
        }
        for account, unit, amount in statement["movements"]
    ]


def _account(account: str, names) -> str:
    """`member:honda:compute:osaka:h100` → Honda · compute · osaka · h100; where a quantity comes from, its source."""
    head, *parts = account.split(":")
    if head == "member" and len(parts) > 1:
        owner, kind, *rest = parts
        told = [
            text(names[owner]) if owner in names else owner,
            word(kind, "contribution"),
            *(word(part, "resource_state") for part in rest),
        ]
    elif head == "source" and parts:
        told = [_("Origin of the quantity"), word(parts[0], "contribution"), *parts[1:]]
    else:
        return account
    return " · ".join(told)


def _note(viewer, entry) -> None:
    """A statement tells what its subject's page tells: the member that it is of reads who opened it."""
    member = selectors.members.visible_to(viewer).filter(organization__code=entry.member or "").first()
    if member is not None:
        services.openings.record(entry.subject, owner=member.organization, by=viewer, at=now())


def _chain(viewer, entry) -> list[dict]:
    """What corrects what, as far as the reader may read it."""
    rows = selectors.journal.chain(viewer, entry)
    return [
        {
            "seq": row.seq,
            "label": selectors.kinds.label(row.kind),
            "recorded_at": row.recorded_at,
            "is_this": row.seq == entry.seq,
            "is_corrected": row.seq != rows[-1].seq,
            "is_newest": row.seq == rows[-1].seq and not selectors.journal.is_corrected(row),
        }
        for row in rows
    ]


def proof(request, seq):
    """That the entry is in the log: a C2SP tlog-proof, under the first checkpoint that counts it."""
    get_object_or_404(selectors.journal.open_to(request.viewer), seq=seq)
    checkpoint = selectors.log.covering(seq)
    if checkpoint is None:
        return render(request, "contributions/entries/unsealed.html", {"seq": seq}, status=409)
    text = selectors.log.proof_for(seq, checkpoint, selectors.witnesses.note_of(checkpoint))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entry-{seq}.tlog-proof"'
    return response


def _kinds(viewer, visible) -> list[tuple[str, object]]:
    """The kinds to choose from: for the secretariat all that it may read, else those that stand among its entries."""
    if viewer.is_office:
        present = set(selectors.kinds.known) - set(selectors.journal.BARRED.get(viewer.workplace, ()))
    else:
        present = visible.order_by().values_list("kind", flat=True).distinct()
    return sorted(((kind, _label(kind)) for kind in present), key=lambda pair: str(pair[1]))


def _members(viewer) -> list[tuple[str, object]]:
    if not viewer.is_office:
        return [(viewer.acting, _("Your own"))] if viewer.acting else []
    ja = get_language() == "ja"
    return [
        (row.code, row.organization.short_ja if ja else row.organization.short_en)
        for row in selectors.members.visible_to(viewer)
    ]


def _label(kind: str) -> str:
    return text(selectors.kinds.label(kind))


def _pretty(value) -> str:
    """The document with its members on lines of their own. What is hashed is the canonical form, without spaces."""
    return json.dumps(value, ensure_ascii=False, indent=2)
