"""What a piece of work needs in memory, measured in a process of its own.

Linux tells it as VmHWM. What getrusage tells would also be the parent's, from before the exec.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak() -> int:
    """MiB that this process has held at most."""
    if STATUS.exists():
        found = re.search(r"VmHWM:\s+(\d+)", STATUS.read_text())
        assert found is not None
        return int(found[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def needed(code: str) -> int:
    """MiB that a new interpreter needs at most to run this code, with all that it imports."""
    whole = f"{code}\nfrom bench import memory\nprint(memory.peak())"
    done = subprocess.run([sys.executable, "-c", whole], stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout.split()[-1])
