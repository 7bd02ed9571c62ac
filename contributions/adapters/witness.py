"""A witness on a member's own machine: `python -m contributions.adapters.witness …`. No Django, no database.

    new-key --name NAME --key FILE                      makes a key, prints its public half to be enrolled
    cosign  --log FILE --key FILE --head FILE URL       follows a log by its tiles, cosigns, hands the cosignature in
    cosign  --log FILE --key FILE --head FILE FILE      the same from a downloaded proof of consistency, and prints it
    serve   --log FILE --key FILE --head FILE           answers C2SP tlog-witness `add-checkpoint`
    sign    --log FILE --key FILE FILE                  shows a downloaded statement of the member's, and signs it

The witness keeps one file, the head: the last checkpoint it cosigned, a signed note that `verify --at-least` takes as
it is. It never cosigns what does not continue that one. What it refused it keeps beside the head: two signed
checkpoints that contradict each other prove that the log showed two histories.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time

from contributions.core import cosignatures, merkle, notes, signed_statements, tiles, witnessing
from contributions.core.errors import Refused
from contributions.core.notes import Checkpoint, Verifier
from contributions.core.witnessing import AnotherHistory, NotJudged, Request

ANSWER_BYTES_MAX = 1_000_000
TIMEOUT_SECONDS = 30
DONE, USAGE, REFUSED, UNREACHABLE = 0, 2, 1, 4
SIZE_MEDIA = "text/x.tlog.size"


class Witness:
    """One key, the logs' keys it trusts, and the head it holds in a file."""

    def __init__(self, signer: cosignatures.Cosigner, keys: Sequence[Verifier], head: Path) -> None:
        self.signer, self.keys, self.head = signer, keys, head

    def held(self) -> Checkpoint | None:
        """The last checkpoint cosigned, under a key of the log's; none before the first."""
        if not self.head.exists():
            return None
        text, _ = notes.parse_note(self.head.read_text(encoding="utf-8"))
        return Checkpoint.parse(text)

    def answer(self, request: Request, *, at: int) -> cosignatures.Cosigned:
        """Judge, keep the new head, and cosign: in that order, one at a time, so that no head is ever rolled back."""
        with self._alone():
            try:
                witnessing.judge(request, self.held(), self.keys)
            except AnotherHistory:
                _write(self.head.with_name(f"{self.head.name}.contradicted-{at}"), request.text())
                raise
            signed = self.signer.cosign(notes.parse_note(request.note)[0], at)
            _write(self.head, cosignatures.with_lines(_by_the_log(request.note, self.keys), [signed]))
            return signed

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.head.with_name(f"{self.head.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Log:
    """A log at an address: its checkpoint, its tiles, and where it takes cosignatures in."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def request(self, held: Checkpoint | None, keys: Sequence[Verifier]) -> Request:
        """The newest checkpoint with the proof that it continues the head held, made out of the log's own tiles."""
        note = self._get("checkpoint").decode("utf-8", "replace")
        text, _ = notes.parse_note(note)
        stated = Checkpoint.parse(text)
        if held is None or held.size > stated.size:
            return Request(held.size if held else 0, (), note)
        node = tiles.reader(lambda tile: self._get(tile.path), stated.size)
        return Request(held.size, tuple(merkle.consistency_proof(held.size, stated.size, node)), note)

    def hand_in(self, note: str) -> None:
        """Give the log the checkpoint as cosigned."""
        self._open("add-cosignatures", note.encode())

    def _get(self, path: str) -> bytes:
        return self._open(path, None)

    def _open(self, path: str, body: bytes | None) -> bytes:
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body else {}
        asked = urllib.request.Request(f"{self.url}/{path}", data=body, headers=headers)
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:
            return bytes(answer.read(ANSWER_BYTES_MAX))


def cosign(witness: Witness, source: str, *, at: int) -> cosignatures.Cosigned:
    """Cosign what an address or a file shows; an address is handed the cosignature."""
    if not source.startswith(("http://", "https://")):
        return witness.answer(Request.parse(Path(source).read_text(encoding="utf-8")), at=at)
    log = Log(source)
    request = log.request(witness.held(), witness.keys)
    signed = witness.answer(request, at=at)
    log.hand_in(cosignatures.with_lines(_by_the_log(request.note, witness.keys), [signed]))
    return signed


def server(witness: Witness, address: tuple[str, int]) -> ThreadingHTTPServer:
    """A server of `add-checkpoint`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length") or "0"
            if self.path != "/add-checkpoint" or not length.isdecimal() or int(length) > ANSWER_BYTES_MAX:
                self._say(404 if self.path != "/add-checkpoint" else 413, "")
                return
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            self._say(*answered(witness, body, at=int(time())))

        def _say(self, status: int, text: str, media: str = "text/plain; charset=utf-8") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    return ThreadingHTTPServer(address, Handler)


def answered(witness: Witness, body: str, *, at: int) -> tuple[int, str] | tuple[int, str, str]:
    """The status and text that `add-checkpoint` answers a body with."""
    try:
        return 200, witness.answer(Request.parse(body), at=at).line
    except witnessing.Elsewhere as elsewhere:
        return 409, f"{elsewhere.facts['held']}\n", SIZE_MEDIA
    except AnotherHistory as contradicted:
        same = contradicted.facts["size"] == contradicted.facts["held"]
        return (409, f"{contradicted.facts['held']}\n", SIZE_MEDIA) if same else (422, contradicted.text("en") + "\n")
    except NotJudged as refusal:
        return refusal.status, refusal.text("en") + "\n"


def main(arguments: Sequence[str] | None = None, *, clock: Callable[[], float] = time) -> int:
    """Do what was asked, say it, and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.does == "new-key":
            return _new_key(asked.name, Path(asked.key))
        if asked.does == "sign":
            return _sign(_signer(Path(asked.key)), [_verifier(Path(path)) for path in asked.log], asked, int(clock()))
        witness = Witness(_signer(Path(asked.key)), [_verifier(Path(path)) for path in asked.log], Path(asked.head))
        if asked.does == "serve":
            host, _, port = asked.listen.rpartition(":")
            server(witness, (host, int(port))).serve_forever()
            return DONE
        print(cosign(witness, asked.source, at=int(clock())).line, end="")
    except Refused as refusal:
        return _stop(refusal.text(asked.lang), REFUSED)
    except urllib.error.HTTPError as wrong:
        return _stop(f"{wrong.code} {wrong.url}\n{wrong.read(2000).decode('utf-8', 'replace')}".strip(), UNREACHABLE)
    except (OSError, ValueError) as wrong:
        return _stop(str(wrong), UNREACHABLE)
    return DONE


def _new_key(name: str, path: Path) -> int:
    signer = cosignatures.Cosigner(name, secrets.token_bytes(32))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{signer.name} {signer.seed.hex()}\n")
    print(signer.key.vkey)
    return DONE


def _sign(signer: cosignatures.Cosigner, keys: Sequence[Verifier], asked: argparse.Namespace, at: int) -> int:
    """Show what the statement says, and sign it: whoever signs has read it on a machine of its own."""
    origin, seq, content = signed_statements.read_request(Path(asked.source).read_text(encoding="utf-8"))
    if origin not in {key.name for key in keys}:
        raise witnessing.UnknownLog(origin=origin)
    print(json.dumps(json.loads(content), ensure_ascii=False, indent=2), file=sys.stderr)
    text = signed_statements.text(origin, seq, hashlib.sha256(content).hexdigest())
    print(signed_statements.sign(signer, text, at).line, end="")
    return DONE


def _signer(path: Path) -> cosignatures.Cosigner:
    name, _, seed = path.read_text(encoding="utf-8").strip().partition(" ")
    return cosignatures.Cosigner(name, bytes.fromhex(seed))


def _verifier(path: Path) -> Verifier:
    return Verifier.parse(path.read_text(encoding="utf-8"))


def _by_the_log(note: str, keys: Sequence[Verifier]) -> str:
    """The note with the log's own signatures alone, so that the head keeps nobody else's lines."""
    text, _ = notes.parse_note(note)
    lines = note.removeprefix(f"{text}\n").splitlines(keepends=True)
    return f"{text}\n" + "".join(
        line for line in lines if any(notes.read_line(line.rstrip("\n")).is_by(key) for key in keys)
    )


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk before anything is answered."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _stop(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contributions.adapters.witness",
        description="Cosign a log's checkpoints, never two histories. / 時点証明に立会署名をします。",
        epilog="exit codes: 0 cosigned · 1 refused, with the reason · 2 wrong use · 4 unreachable or unreadable",
    )
    parser.add_argument("--lang", choices=["ja", "en"], default=_language(), help="language of refusals")
    verbs = parser.add_subparsers(dest="does", required=True)
    new = verbs.add_parser("new-key", help="make a key and print its public half")
    new.add_argument("--name", required=True, help="such as witness.example.co.jp/w1; everybody can read it")
    new.add_argument("--key", required=True, metavar="FILE")
    said = {
        "cosign": "cosign the newest checkpoint",
        "serve": "serve C2SP tlog-witness",
        "sign": "show and sign a downloaded statement of your own",
    }
    for verb, help_ in said.items():
        one = verbs.add_parser(verb, help=help_)
        one.add_argument("--log", required=True, action="append", metavar="FILE", help="log.vkey; may be repeated")
        one.add_argument("--key", required=True, metavar="FILE", help="from new-key")
    for verb in ("cosign", "serve"):
        one = verbs.choices[verb]
        one.add_argument("--head", required=True, metavar="FILE", help="the last checkpoint cosigned, kept here")
    verbs.choices["cosign"].add_argument("source", metavar="URL|FILE", help="the log's address, or a downloaded proof")
    verbs.choices["sign"].add_argument("source", metavar="FILE", help="the downloaded statement")
    verbs.choices["serve"].add_argument("--listen", default="127.0.0.1:8470", metavar="HOST:PORT")
    return parser


def _language() -> str:
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


if __name__ == "__main__":
    sys.exit(main())
