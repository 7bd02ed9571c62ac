"""The verifier: `python -m licensing.core.verify BUNDLE [--key VKEY|FILE] [--at-least CHECKPOINT] [--witness VKEY …]`.

It needs no server, no database and no network: only the bundle, the log's public key from outside it, and Ed25519. It
says what it checked and what it could not, in English or Japanese, and ends with an exit code of its own for each way
a bundle can be wrong. Together with `games` this is the only core module that reads files.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contributions.core.cosignatures import WitnessKey
from contributions.core.errors import Refused
from contributions.core.notes import NOTE_BYTES_MAX, BadKey, Verifier, decimal
from contributions.core.words import Text
from licensing.core.archives import ARCHIVE_BYTES_MAX
from licensing.core.checks import Demands, check_bundle
from licensing.core.verdicts import EXITS, Verdict

VERIFIED, USAGE, SELF_CONSISTENT, UNREADABLE = 0, 2, 3, 4
KEY_NAME = "log.vkey"
_OUTCOMES = {
    VERIFIED: Text("検証できました。", "Verified."),
    SELF_CONSISTENT: Text(
        "内部の整合のみ確認しました。台帳の鍵がないため、誰が署名したかは確認していません。",
        "Self-consistent only. Without the log’s key, nothing says who signed it.",
    ),
}
_REFUSED = Text("検証を拒否しました", "Refused")
_CHECKED = Text("確認したこと", "Checked")
_UNCHECKED = Text("確認していないこと", "Not checked")
_KINDS = {
    "licensee": Text("利用者向け検証資料", "licensee bundle"),
    "member": Text("会員向け検証資料", "member bundle"),
    "full": Text("全体検証資料", "full bundle"),
}


class Unreadable(Refused):
    code = "unreadable"
    ja = "ファイルを読めません：{path}（{reason}）。"
    en = "The file cannot be read: {path} ({reason})."


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one bundle, say so, and return the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.threshold is not None and not 0 <= asked.threshold <= len(asked.witness):
        parser.error("--threshold needs as many --witness keys")
    language = asked.lang or _language()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    answer, lines = _answer(asked, language)
    print(json.dumps(answer, ensure_ascii=True, indent=2) if asked.json else "\n".join(lines))
    return int(answer["exit"])


def _answer(asked: argparse.Namespace, language: str) -> tuple[dict[str, Any], list[str]]:
    """The outcome as data and as lines of text. Whatever a bundle does to us is a refusal, never a traceback."""
    try:
        verifier = _key(asked.key, Path(asked.bundle))
        data = _read(Path(asked.bundle), ARCHIVE_BYTES_MAX)
        verdict = check_bundle(data, verifier, _demands(asked))
    except Refused as refusal:
        return _refused(refusal.code, _exit_of(refusal), refusal.text(language), language)
    except Exception as wrong:
        sentence = Text("この検証資料は読めません", "This bundle cannot be read").of(language)
        return _refused("malformed", 22, f"{sentence} ({type(wrong).__name__})", language)
    return _accepted(verdict, verifier, language)


def _accepted(verdict: Verdict, verifier: Verifier | None, language: str) -> tuple[dict[str, Any], list[str]]:
    code = SELF_CONSISTENT if verifier is None else VERIFIED
    checkpoint = verdict.checkpoint
    checked = [text.of(language) for text in verdict.checked]
    unchecked = [text.of(language) for text in verdict.unchecked]
    answer = {
        "verdict": "self-consistent" if verifier is None else "verified",
        "exit": code,
        "bundle": verdict.kind,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "key": verifier.vkey if verifier else None,
        "cosigned": [{"name": one.name, "at": one.at} for one in verdict.cosigned],
        "checked": checked,
        "not_checked": unchecked,
    }
    counted = Text(f"時点証明：{checkpoint.size} 件", f"checkpoint: {checkpoint.size} entries").of(language)
    lines = [
        f"{_KINDS[verdict.kind].of(language)} · {_plain(checkpoint.origin)} · {counted}",
        f"{_CHECKED.of(language)}:",
    ]
    lines += [f"  + {_plain(line)}" for line in checked]
    lines += [f"{_UNCHECKED.of(language)}:", *(f"  - {_plain(line)}" for line in unchecked)]
    return answer, [*lines, _OUTCOMES[code].of(language)]


def _refused(code: str, number: int, sentence: str, language: str) -> tuple[dict[str, Any], list[str]]:
    answer = {"verdict": "refused", "exit": number, "code": code, "reason": _plain(sentence)}
    return answer, [f"{_REFUSED.of(language)} [{number} {code}]: {_plain(sentence)}"]


def _exit_of(refusal: Refused) -> int:
    exits: dict[type[Refused], int] = {BadKey: USAGE, Unreadable: UNREADABLE, **EXITS}
    return next(number for kind, number in exits.items() if isinstance(refusal, kind))


def _key(given: str | None, bundle: Path) -> Verifier | None:
    """The log's key: as given, or `log.vkey` beside the bundle or one folder up; never from inside the bundle."""
    if given is not None:
        try:
            return Verifier.parse(given)
        except BadKey:
            return Verifier.parse(_text(Path(given)))
    folder = bundle.absolute().parent
    for place in (folder, folder.parent):
        if (place / KEY_NAME).is_file():
            return Verifier.parse(_text(place / KEY_NAME))
    return None


def _demands(asked: argparse.Namespace) -> Demands:
    """Every witness named must have cosigned, unless a threshold asks for fewer. A key named twice counts once."""
    witnesses = tuple(dict.fromkeys(_witness(given) for given in asked.witness))
    threshold = len(witnesses) if asked.threshold is None else asked.threshold
    return Demands(_at_least(asked.at_least), witnesses, threshold)


def _witness(given: str) -> WitnessKey:
    try:
        return WitnessKey.parse(given)
    except BadKey:
        return WitnessKey.parse(_text(Path(given)))


def _at_least(given: str | None) -> int | str | None:
    """A number of entries as digits, or else the text of a checkpoint file."""
    if given is None:
        return None
    size = decimal(given)
    return _text(Path(given)) if size is None else size


def _text(path: Path) -> str:
    return _read(path, NOTE_BYTES_MAX).decode("utf-8", "replace")


def _read(path: Path, most: int) -> bytes:
    """The bytes of a plain file that is not larger than `most`."""
    try:
        if not path.is_file() or path.stat().st_size > most:
            reason = Text("通常のファイルでないか、大きすぎます", "no plain file, or too large")
            raise Unreadable(path=path.name, reason=reason)
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise Unreadable(path=path.name, reason=type(wrong).__name__) from None


def _plain(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _language() -> str:
    """Japanese or English, by the environment."""
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m licensing.core.verify",
        description="Check a bundle of the ledger without its server. / 検証資料をサーバーなしで検証します。",
        epilog=_exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="licensee-*.zip, member-*.zip or full.zip")
    parser.add_argument(
        "--key", metavar="VKEY|FILE", help="the log's public key; default: log.vkey beside BUNDLE or one folder up"
    )
    parser.add_argument(
        "--at-least", metavar="CHECKPOINT", help="a checkpoint file or a number of entries; older bundles are refused"
    )
    parser.add_argument(
        "--witness",
        metavar="VKEY|FILE",
        action="append",
        default=[],
        help="a witness whose cosignature the checkpoint must bear; may be given several times",
    )
    parser.add_argument("--threshold", metavar="N", type=int, help="so many of the witnesses are enough (default: all)")
    parser.add_argument("--lang", choices=["ja", "en"], help="language of the answer (default: from LANG)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def _exit_table() -> str:
    fixed = {
        VERIFIED: "verified",
        USAGE: "usage, or a key that cannot be read",
        SELF_CONSISTENT: "self-consistent only (no key)",
        UNREADABLE: "unreadable",
    }
    rows = {**fixed, **{number: kind.code for kind, number in EXITS.items()}}
    return "exit codes:\n" + "\n".join(f"  {number:>3}  {meaning}" for number, meaning in sorted(rows.items()))


if __name__ == "__main__":
    sys.exit(main())
