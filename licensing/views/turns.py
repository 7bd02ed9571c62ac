"""Whose turn it is with an agreement, and the step that comes next: what its page says before anything else."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language

from contributions.core import roles
from contributions.core.words import Text
from licensing.core.negotiations import LICENSEE, LICENSOR, SIDES, TURN

NEXT = {
    "drafted": (LICENSOR, Text("契約書案の確認と承認", "Read the draft over and approve it")),
    "approved": (LICENSOR, Text("利用者への提示", "Offer it to the licensee")),
    "offered": (LICENSOR, Text("許諾者の署名", "The licensor’s signature")),
    "signed": (LICENSEE, Text("利用者の署名（契約の成立）", "The licensee’s signature, which concludes it")),
}
ENDED = frozenset({"declined", "withdrawn", "terminated", "expired"})
NEGOTIATED = Text("交渉中の条項への対応", "The text is negotiated")
REPORT = Text("利用実績の報告", "Report of usage")


def of_agreement(agreement, viewer, *, talks, owed, obligations) -> dict | None:
    """Who acts next and on what: the talks, the next signature, and once it runs the next day to keep."""
    if agreement.state in ENDED:
        return None
    url, day, late = "", None, False
    if talks is not None and talks.state in TURN:
        side, what = TURN[talks.state], NEGOTIATED
        url = reverse("licensing:negotiation", args=[agreement.number])
    elif agreement.state in NEXT:
        side, what = NEXT[agreement.state]
    elif owed:
        side, what, day, late = LICENSEE, REPORT, owed[0].due_on, owed[0].overdue
    elif obligations:
        first = obligations[0]
        side, day, late = first.party, first.due_on, first.standing == "late"
        what = first.title_ja if get_language() == "ja" else first.title_en
        url = reverse("licensing:obligation", args=[first.number])
    else:
        return None
    mine = viewer.workplace == {LICENSOR: roles.LEGAL, LICENSEE: roles.LICENSEE}[side]
    return {"side": SIDES[side], "mine": mine, "what": what, "url": url, "day": day, "late": late}
