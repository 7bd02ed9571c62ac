"""The local message queue of an installation without Redis: one file a message, in a folder of MOYAI_HOME.

Kombu's own filesystem transport writes a message in place, so that a reader can meet half of it, and takes it by way
of the machine's shared temporary folder. Here a message appears under its name only when it is whole and on disk, and
is taken by renaming it inside the same folder. A message taken by a worker that dies is lost, which the Job row and
its sweeper are there for.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """One queue is all files named `….<queue>.msg`; the name before it is the time of sending, so names sort by age."""

    @property
    def folder(self) -> Path:
        folder = Path(self.transport_options["folder"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    data_folder_in = data_folder_out = folder  # type: ignore[assignment]

    @property
    def control_folder(self) -> Path:
        return self.folder / "exchanges"

    def _put(self, queue, payload, **kwargs):
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        whole = self.folder / name
        partial = whole.with_suffix(".part")
        with partial.open("w", encoding="utf-8") as file:
            file.write(dumps(payload))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(whole)

    def _get(self, queue):
        for path in sorted(self.folder.glob(f"*.{queue}.msg")):
            taken = path.with_suffix(f".taken-{os.getpid()}")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = taken.read_text(encoding="utf-8")
            taken.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client, **kwargs):
        super().__init__(client, **kwargs)
        self.state = virtual.BrokerState()  # of this folder; Kombu's is one for the whole process


TRANSPORT_ALIASES["folder"] = "config.broker:Transport"
