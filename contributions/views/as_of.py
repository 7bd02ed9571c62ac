"""A page as of another day: `?as_of=2026-06-30`, and `?known_at=3` for what was on record at a log checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.forms.fields import read_date


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a page speaks of, and the number of entries that were then known; today and all of them if unset."""

    day: date
    known_at: int | None = None
    checkpoint: int | None = None
    is_chosen: bool = False
    problem: str = ""

    @property
    def query(self) -> str:
        """What a link must carry to stay on this day."""
        parts = [f"as_of={self.day.isoformat()}"] + ([f"known_at={self.checkpoint}"] if self.checkpoint else [])
        return f"?{'&'.join(parts)}" if self.is_chosen else ""

    @property
    def further(self) -> str:
        """The same behind what a link carries already."""
        return self.query.replace("?", "&", 1)


def read(request) -> AsOf:
    """The day and checkpoint asked for; what cannot be read is named, and today stands in its place."""
    typed, known = request.GET.get("as_of", "").strip(), request.GET.get("known_at", "").strip()
    if not typed and not known:
        return AsOf(localdate())
    day = read_date(typed) if typed else localdate()
    if day is None:
        return AsOf(localdate(), problem=_("“%s” is no date. Write one such as 2026-06-30.") % typed[:40])
    if not known:
        return AsOf(day, is_chosen=True)
    found = selectors.log.checkpoints().filter(number=int(known)).first() if known.isdecimal() else None
    if found is None:
        return AsOf(localdate(), problem=_("There is no log checkpoint of number “%s”.") % known[:40])
    return AsOf(day, known_at=found.size, checkpoint=found.number, is_chosen=True)


def nothing_yet(at: AsOf) -> AsOf:
    """Today in the place of a day on which the subject of the page was not on record yet, and the reason why."""
    told = _("On %s this was not on record yet. The page shows it as of today.") % at.day.isoformat()
    return replace(AsOf(localdate()), problem=told)
