"""A counterpart's edited file: read, matched with the last round, and taken in as proposals of whose it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from contributions.core.roles import Viewer, check_may
from licensing.adapters import docx, tracked, wordfiles
from licensing.core import counterparts as rules
from licensing.core import negotiations as negotiation_rules
from licensing.core import redlines, rewordings
from licensing.models import Negotiation
from licensing.selectors import negotiations as found
from licensing.services import agreements, negotiations, papers, proposals

_AROUND = "around"
FRAME = frozenset({"preamble", "key-terms", "annex-1"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A clause that the file changed: its redline, and the lines that a proposal takes over."""

    change: redlines.SectionChange
    ja: str
    en: str

    @property
    def is_clause(self) -> bool:
        """Whether it can be proposed as a wording; key terms and prices are proposed by figure."""
        return self.change.here.key not in FRAME


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: text of no clause first, then what changed, the clauses that it no longer has, and notes."""

    sha256: str
    tracked: bool
    unmatched: tuple[str, ...]
    changed: tuple[Changed, ...]
    missing: tuple[redlines.Section, ...]
    notes: tuple[wordfiles.Note, ...] = ()


def read(negotiation: Negotiation, content: bytes, *, by: Viewer, at: datetime) -> Read:
    """Read an edited file and match it with the newest round; it is kept by its digest, and changes nothing yet."""
    check_may(by, "negotiation.take_part")
    reading = wordfiles.read(content)
    version = negotiation.agreement.versions.order_by("-number").first()
    assert version is not None, "a negotiation begins with a frozen round"
    sections = redlines.read(version.sections)
    marks = {
        tracked.mark_of(part.key, language, row): (part.key, language)
        for part in sections
        for language in ("ja", "en")
        for row in range(2 * len(part.rows) + 20)
    }
    marks |= _places(reading, {part.key for part in sections})
    frame = (
        _frame(negotiation, at)
        if any(docx.place_of(mark) for one in reading.paragraphs for mark in one.marks)
        else frozenset()
    )
    marks |= {_AROUND: ("", "")}
    given = [_given(one, frame, marks) for one in reading.paragraphs if not _is_frame(one.text, negotiation)]
    matching = rules.match(sections, marks, given)
    changed = tuple(one for each in matching.found if (one := _changed(each)) is not None)
    whole = set(frame) <= {one.text for one in reading.paragraphs} if frame else False
    missing = tuple(one for one in matching.missing if not (whole and one.key in FRAME))
    # what changed in key terms or prices is no wording: it is shown first, to be proposed by figure, and never dropped
    figures = [line for one in matching.found if one.section.key in FRAME for line in one.changed if line not in frame]
    sha256 = papers.store().put(content)
    return Read(sha256, reading.tracked, (*matching.unmatched, *figures), changed, missing, reading.notes)


def read_again(negotiation: Negotiation, sha256: str, *, by: Viewer, at: datetime) -> Read | None:
    """What the file held that was read before and kept by its digest; nothing where it is not kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return None
    try:
        content = papers.store().get(sha256)
    except OSError:
        return None
    return read(negotiation, content, by=by, at=at)


def _given(one: wordfiles.Paragraph, frame: frozenset[str], marks: Mapping[str, object]) -> rules.Given:
    """A paragraph as it is to be matched: an unchanged line around the clauses says only that no clause goes on."""
    around = one.text in frame and not marks.keys() & set(one.marks)
    return rules.Given(one.text, (_AROUND,) if around else one.marks)


def _places(reading: wordfiles.Reading, keys: set[str]) -> dict[str, tuple[str, str]]:
    """The bookmarks of the contract's own file, where somebody edited that and not the redline: clause and language.

    A heading's is left out, since a heading is known by its words.
    """
    found = {}
    for mark in {mark for one in reading.paragraphs for mark in one.marks}:
        language, place = docx.place_of(mark) or ("", "")
        clause, dot, _ = place.partition(".")
        if dot and clause in keys:
            found[mark] = (clause, language)
    return found


def _frame(negotiation: Negotiation, at: datetime) -> frozenset[str]:
    """What stands around the clauses of that file: title, key terms, signatures, annexes. Unchanged it says nothing."""
    agreement = negotiation.agreement
    own = wordfiles.read(papers.agreement_docx(agreement, agreements.assembled(agreement), at=at))
    return frozenset(
        one.text for one in own.paragraphs if one.text and not any(docx.place_of(mark) for mark in one.marks)
    )


@transaction.atomic
def take(
    negotiation: Negotiation,
    wordings: dict[str, tuple[str, str]],
    *,
    reason: str,
    sha256: str,
    by: Viewer,
    at: datetime,
) -> list:
    """Take the changes in: as drafts of one's own, or, where it is the licensee's turn, as what it sent.

    What the licensor received by other means stands as the licensee's proposals, and the round is frozen with them.
    """
    row, side = proposals.locked(negotiation, by)
    received = (
        side == negotiation_rules.LICENSOR and negotiation_rules.TURN.get(row.state) == negotiation_rules.LICENSEE
    )
    whose = negotiation_rules.LICENSEE if received else side
    taken = [
        proposals.save(
            negotiation, kind="wording", subject=key, ja=ja, en=en, reason=reason, side=whose, by=by, at=at
        ).proposal
        for key, (ja, en) in wordings.items()
    ]
    if received:
        negotiations.receive(negotiation, sha256=sha256, by=by, at=at)
    return taken


def _changed(one: rules.Matched) -> Changed | None:
    before = one.section
    typed = {"ja": rewordings.read(one.ja), "en": rewordings.read(one.en)}
    if before.key in FRAME:
        return None
    rows = redlines.typed_rows(typed["ja"], typed["en"])
    if [row.text for row in rows] == [row.text for row in before.rows]:
        return None
    after = redlines.Section(before.key, before.label, before.heading, rows)
    (change,) = redlines.compare([before], [after])
    return Changed(change, one.ja, one.en)


def _is_frame(text: str, negotiation: Negotiation) -> bool:
    """Lines of ours around the contract: the title, the number, the specimen's mark."""
    return text.startswith(("見本・架空", "新旧対照", negotiation.agreement.number))


def may_receive(negotiation: Negotiation, viewer: Viewer) -> bool:
    """Whether this viewer may take a file in now: at its own turn, or legal for a licensee that sent one."""
    side = found.side_of(viewer)
    turn = negotiation_rules.TURN.get(negotiation.state)
    return turn == side or (side == negotiation_rules.LICENSOR and turn is not None)
