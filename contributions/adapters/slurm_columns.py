"""The columns of Slurm accounting: in the order of a header, or in the usual one where an export has none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from contributions.adapters import slurm_findings as found

# The order of an export without header: the one Open XDMoD's shredder asks its sites for.
# fmt: off
USUAL = (
    "jobid", "jobidraw", "cluster", "partition", "qos", "account", "group", "gid", "user", "uid",
    "submit", "eligible", "start", "end", "elapsed", "exitcode", "state", "nnodes",
    "ncpus", "reqcpus", "reqmem", "reqtres", "alloctres", "timelimit", "nodelist", "jobname",
)
# fmt: on
ALIASES = {"alloccpus": "ncpus", "allocnodes": "nnodes", "clustername": "cluster"}
REQUIRED = ("jobid", "start", "end", "elapsed", "state")
OPTIONAL = ("cluster", "submit", "nnodes", "ncpus", "alloctres")
NAME_MAX = 60
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


def header(raw: bytes, mapping: Mapping[str, str] | None = None) -> list[str] | None:
    """The column names, if the line is a header. Joined exports repeat it, perhaps in another order."""
    printed = printed_names(raw)
    names = named(printed, mapping)
    if "jobid" not in names:
        return None
    twice = [name for name in (*REQUIRED, *OPTIONAL) if names.count(name) > 1]
    if twice:
        raise found.ColumnsTwice(twice="、".join(twice))
    missing = [name for name in REQUIRED if name not in names]
    if "alloctres" not in names and not {"ncpus", "nnodes"} <= set(names):
        missing.append("alloctres")
    if missing:
        raise found.ColumnsMissing(printed, missing)
    return names


def check_first(raw: bytes, mapping: Mapping[str, str] | None = None) -> None:
    """Refuse a file whose first line is a header of columns that nobody knows: they can be mapped, and remembered."""
    printed = printed_names(raw)
    values = any(_DATE.fullmatch(name.upper()) or name.isdigit() or len(name) > NAME_MAX for name in printed)
    if header(raw, mapping) is None and len(printed) > 3 and not values and len(printed) != len(USUAL):
        raise found.ColumnsMissing(printed, [*REQUIRED, "alloctres"])


def printed_names(raw: bytes) -> list[str]:
    """What stands in a line, in lower case and without the spaces round it."""
    text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\x00", "\ufffd").strip().lower()
    return [name.strip() for name in text.split("|")]


def named(printed: Sequence[str], mapping: Mapping[str, str] | None) -> list[str]:
    """Our names of the columns: by the mapping that a person made, else as Slurm's own names go."""
    known = ALIASES | dict(mapping or {})
    return [known.get(name, name) for name in printed]
