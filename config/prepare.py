"""What stands between an installed environment and a site that can be served: translations, tables, static files, demo.

    python -m config.prepare [--demo]

One process for all of it, because loading the site is most of what a repeated start costs. Safe to repeat.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config import messages

ROOT = Path(__file__).resolve().parent.parent
FIRST_WORD, NEXT_WORD = 5, 10  # seconds of silence before a step says that it is still at work


@contextmanager
def step(label: str) -> Iterator[None]:
    """Names a step that takes its time, and says every few seconds that it still runs."""
    begun, done = time.monotonic(), threading.Event()

    def still_there() -> None:
        pause = FIRST_WORD
        while not done.wait(pause):
            print(f"  … {label}: {time.monotonic() - begun:.0f} s", flush=True)
            pause = NEXT_WORD

    threading.Thread(target=still_there, daemon=True).start()
    print(f"  {label} …", flush=True)
    try:
        yield
    finally:
        done.set()
    if time.monotonic() - begun > 2:
        print(f"  done in {time.monotonic() - begun:.0f} s", flush=True)


def tables(call: Callable[..., object]) -> None:
    """DATABASE_OWNER_URL, where there is one, may alter tables; the site's own role then may not."""
    if not os.environ.get("DATABASE_OWNER_URL"):
        call("migrate", interactive=False, verbosity=0)
        return
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit("The tables could not be made or altered with DATABASE_OWNER_URL.")


def static_state() -> str:
    """Changes when a static file, the settings or the installed packages do."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    folders = [ROOT / "static", *(ROOT / wing / "static" for wing in ("contributions", "licensing"))]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in sorted([*files, ROOT / "config" / "settings.py"]):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_files(call: Callable[..., object], target: Path) -> None:
    """Collected where they are served from; the last line, the stamp, is written when all of them are there."""
    stamp, state = target / ".collected", static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    with step("static files"):
        target.mkdir(parents=True, exist_ok=True)
        call("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(state)


def demo_options() -> list[str]:
    """A database of the user's own gets the demo only while it is empty."""
    return ["--if-empty"] if os.environ.get("DATABASE_URL") else []


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    messages.compile_all()
    import django
    from django.conf import settings
    from django.core.management import CommandError, call_command

    django.setup()
    with step("database"):
        tables(call_command)
    static_files(call_command, Path(settings.STATIC_ROOT))
    if "--demo" in arguments:
        try:
            call_command("demo", *demo_options())
        except CommandError as error:
            raise SystemExit(f"demo: {error}") from None
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
