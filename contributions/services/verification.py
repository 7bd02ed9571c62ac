"""The verification of the whole log as background work: asked for every night, and by whoever may seal the log."""

from __future__ import annotations

import logging
from datetime import datetime

from contributions.core.roles import Viewer, check_may
from contributions.models import Job
from contributions.selectors import verification
from contributions.services import jobs, log

said = logging.getLogger(__name__)


def request(*, by: Viewer, at: datetime) -> Job:
    """Queue a verification in depth."""
    check_may(by, "log.seal")
    return jobs.request(verification.SERVICE, arguments={}, by=by, at=at)


def verify(*, by: Viewer, at: datetime) -> dict:
    """Recompute everything in depth; what was looked at, and the first fault in both languages. Writes nothing."""
    check_may(by, "log.seal")
    checked = verification.check_log(log.ring(), deep=True, evidence=True)
    if checked.fault is not None:
        said.error("the log is not sound: %s", checked.fault.text("en"))
    return told(checked)


def told(checked: verification.Checked) -> dict:
    """The outcome as a document."""
    fault = checked.fault
    counted = {name: getattr(checked, name) for name in checked.__dataclass_fields__ if name not in {"fault", "root"}}
    return counted | {
        "root": checked.root.hex() if checked.is_sound else None,
        "sound": checked.is_sound,
        "first_bad": fault.seq if fault else None,
        "invariant": fault.invariant if fault else None,
        "ja": fault.text("ja") if fault else "",
        "en": fault.text("en") if fault else "",
    }
