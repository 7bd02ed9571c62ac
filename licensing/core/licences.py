"""Licence files: `python -m licensing.core.licences FILE --key VKEY [--on DAY]`.

A licence file says what one executed agreement allows: who, which release, for which fields and territory, from when
until when, within which limits. Its certificate is canonical JSON in a note signed by the log's key; beside it stand
the entry of its execution and the proof that this entry is in the log. Whoever holds the log's public key checks it
without a server. The file tells what was known when it was issued: a later suspension is in a later issue.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from contributions.core import canonical, notes, proofs
from contributions.core.errors import Refused
from contributions.core.notes import NOTE_BYTES_MAX, BadKey, KeyRing, Verifier
from contributions.core.periods import JST, last_day
from contributions.core.words import Text
from licensing.core.regions import REGIONS

HEADER = "moyai-licence/1"
IN_FORCE, SUSPENDED, ENDED = "in-force", "suspended", "ended"
STATUSES = {
    IN_FORCE: Text("有効", "in force"),
    SUSPENDED: Text("停止中", "suspended"),
    ENDED: Text("終了", "ended"),
}
LIMITS = {
    "further_training": Text("追加学習", "further training"),
    "minimum": Text("許諾年度ごとの最低利用料（円）", "minimum fee of a licence year, JPY"),
    "report_period": Text("報告期間", "reporting period"),
    "winddown_months": Text("終了後の在庫販売期間（月）", "wind-down after the end, months"),
}
_VALUES = {
    "True": Text("可", "permitted"),
    "False": Text("不可", "not permitted"),
    "quarter": Text("四半期", "quarter"),
    "half": Text("半期", "half-year"),
    "year": Text("1年", "year"),
}
VALID, USAGE, NOT_NOW, REFUSED = 0, 2, 3, 4
_FILE = {"v", "certificate", "leaf", "statement", "proof"}
_CERTIFICATE = {
    "v", "licence", "agreement", "terms_sha256", "document_sha256", "licensor", "licensee", "release", "weights_sha256",
    "fields", "territory", "from", "until", "limits", "status", "issued_at", "entry", "test", "illustrative",
}  # fmt: skip
_OF_ISSUE = {"licence", "issued_at", "document_sha256"}


class LicenceUnreadable(Refused):
    code = "licence-unreadable"
    ja = "許諾証として読めません（{reason}）。発行元から取得し直してください。"
    en = "This does not read as a licence file ({reason}). Fetch it again from its issuer."


class LicenceForged(Refused):
    code = "licence-forged"
    ja = "許諾証が真正ではありません：{reason}"
    en = "The licence file is not genuine: {reason}"


class LicenceOfOtherKey(Refused):
    code = "licence-other-key"
    ja = (
        "許諾証が、与えられた台帳の検証鍵とは別の鍵で署名されています。台帳の鍵が交替した場合は、現在の検証鍵と"
        "最新の許諾証を取得して、もう一度検証してください。"
    )
    en = (
        "The licence file is signed by another key than the log’s key that was given. If the log has changed its key, "
        "fetch its present key and the newest licence file, and check again."
    )


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence file that was checked: its certificate, the size of log of its proof, and the key that signed it."""

    certificate: Mapping[str, Any]
    entry: int
    size: int
    origin: str
    key: Verifier

    def standing(self, on: date) -> tuple[bool, Text]:
        """Whether the licence allows use on a day, and the sentence that says so."""
        start, until = (date.fromisoformat(self.certificate[name]) for name in ("from", "until"))
        if self.certificate["status"] != IN_FORCE:
            word = STATUSES[self.certificate["status"]]
            return False, Text(
                f"利用できません：発行時（{self.certificate['issued_at']}）に「{word.ja}」でした。",
                f"Not usable: it was {word.en} when this was issued ({self.certificate['issued_at']}).",
            )
        if on < start:
            return False, Text(f"まだ有効ではありません：{start} からです。", f"Not valid yet: it begins on {start}.")
        if on >= until:
            last = last_day(until)
            return False, Text(f"期間が終わっています：{last} までです。", f"Expired: its last day was {last}.")
        last = last_day(until)
        return True, Text(
            f"{on} の時点で有効です（{last} まで）。発行後の停止・終了は、新しい許諾証で確認してください。",
            f"Valid on {on} (until {last}). Whether it was suspended or ended later, a newer file says.",
        )


def certificate_text(certificate: Mapping[str, Any]) -> str:
    """The text that is signed: the header, and the certificate in canonical form on one line."""
    assert set(certificate) == _CERTIFICATE, set(certificate) ^ _CERTIFICATE
    return f"{HEADER}\n{canonical.dumps(dict(certificate)).decode()}\n"


def stated(note: str) -> Mapping[str, Any]:
    """What a certificate of our own making says; its signature is not looked at."""
    document = canonical.loads(note.splitlines()[1].encode())
    assert isinstance(document, dict)
    return document


def tells_the_same(certificate: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two certificates allow the same, whenever and on whatever file of the agreement each was issued."""
    return all(certificate[name] == other[name] for name in _CERTIFICATE - _OF_ISSUE)


def compose(note: str, leaf: bytes, statement: bytes, proof: str) -> bytes:
    """The licence file: the signed certificate with the entry it stands on and that entry's proof."""
    document = {
        "v": 1,
        "certificate": note,
        "leaf": leaf.decode(),
        "statement": statement.decode(),
        "proof": proof,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def check(data: bytes, verifier: Verifier | KeyRing) -> Licence:
    """Check a licence file under the log's key: signature, entry, proof, and that the entry is this agreement's.

    Under a ring, any key that the log has had may have signed it. Whether a key that was replaced signed while it was
    in use, the file cannot show: whoever passes a ring asks the log for the issue (`Licence.key`, `licence.issued`).
    """
    document = _read(data)
    key = signed_by(document["certificate"], verifier)
    certificate = _certificate(document["certificate"], key)
    entry = certificate["entry"]
    leaf, statement = document["leaf"].encode(), document["statement"].encode()
    proof = proofs.Proof.parse(document["proof"])
    checkpoint = notes.open_checkpoint(proof.note, verifier)
    if proof.index != entry or not proof.proves(leaf, checkpoint):
        raise LicenceForged(reason=_PROOF)
    if proofs.read_leaf(leaf, origin=checkpoint.origin, seq=entry).statement_sha256 != canonical.sha256_hex(statement):
        raise LicenceForged(reason=_STATEMENT)
    said = canonical.loads(statement)
    facts = said.get("facts", {}) if isinstance(said, dict) else {}
    named = (said.get("kind"), facts.get("agreement"), facts.get("terms_sha256"))
    if named != ("agreement.executed", certificate["agreement"], certificate["terms_sha256"]):
        raise LicenceForged(reason=_AGREEMENT)
    return Licence(certificate, entry, checkpoint.size, checkpoint.origin, key)


def signed_by(note: str, verifier: Verifier | KeyRing) -> Verifier:
    """The key that a certificate bears a signature of; the signature itself is not checked here."""
    keys = [key for _, key in reversed(verifier.keys)] if isinstance(verifier, KeyRing) else [verifier]
    signatures = notes.parse_note(note)[1]
    for key in keys:
        if any(signature.is_by(key) for signature in signatures):
            return key
    if any(signature.name == key.name for key in keys for signature in signatures):
        raise LicenceOfOtherKey
    raise notes.UnknownKey(names=", ".join(signature.name for signature in signatures))


def lines(licence: Licence, on: date, language: str) -> list[str]:
    """What a checked licence says, line by line."""
    told, standing = licence.certificate, licence.standing(on)[1]
    rows = [
        (Text("許諾証", "licence"), told["licence"]),
        (Text("許諾者", "licensor"), told["licensor"][language]),
        (Text("利用者", "licensee"), told["licensee"][language]),
        (Text("モデルリリース", "release"), f"{told['release']} (SHA-256 {told['weights_sha256']})"),
        (Text("利用分野", "fields of use"), ", ".join(told["fields"])),
        (Text("許諾地域", "territory"), ", ".join(_region(code, language) for code in told["territory"])),
        (Text("期間", "term"), f"{told['from']} – {last_day(date.fromisoformat(told['until']))}"),
        *((LIMITS.get(name, Text(name, name)), _value(of, language)) for name, of in sorted(told["limits"].items())),
        (Text("契約", "agreement"), f"{told['agreement']} (SHA-256 {told['terms_sha256']})"),
        (Text("台帳記録", "log entry"), f"{licence.entry} / {licence.size} · {licence.origin}"),
    ]
    found = [f"{label.of(language)}: {_plain(str(value))}" for label, value in rows]
    for flag, text in ((told["test"], _TEST), (told["illustrative"], _ILLUSTRATIVE)):
        found += [text.of(language)] if flag else []
    return [*found, standing.of(language)]


def main(arguments: Sequence[str] | None = None, *, today: date | None = None) -> int:
    """Check one licence file, say what it allows, and return the exit code."""
    asked = _parser().parse_args(arguments)
    language = asked.lang or _language()
    on = date.fromisoformat(asked.on) if asked.on else today
    if on is None:
        print(Text("--on で日付を指定してください。", "Name a day by --on.").of(language), file=sys.stderr)
        return USAGE
    try:
        found = check(_bytes(asked.file), key(asked.key))
    except BadKey as refusal:
        print(refusal.text(language), file=sys.stderr)
        return USAGE
    except Refused as refusal:
        print(_plain(refusal.text(language)))
        return REFUSED
    print("\n".join(lines(found, on, language)))
    return VALID if found.standing(on)[0] else NOT_NOW


def key(given: str) -> Verifier:
    """The log's public key: as given, or from the file of that name."""
    try:
        return Verifier.parse(given)
    except BadKey:
        return Verifier.parse(_bytes(given).decode("utf-8", "replace"))


def _certificate(note: str, verifier: Verifier) -> Mapping[str, Any]:
    text = notes.open_note(note, [verifier])
    header, _, body = text.rstrip("\n").partition("\n")
    if header != HEADER:
        raise LicenceUnreadable(reason=_HEADER)
    certificate = canonical.loads(body.encode())
    if not isinstance(certificate, dict) or set(certificate) != _CERTIFICATE or certificate["v"] != 1:
        raise LicenceUnreadable(reason=_FIELDS)
    if certificate["status"] not in STATUSES or not isinstance(certificate["entry"], int):
        raise LicenceUnreadable(reason=_FIELDS)
    return certificate


def _read(data: bytes) -> dict[str, str]:
    try:
        document = json.loads(data)
        sound = isinstance(document, dict) and set(document) == _FILE and document["v"] == 1
    except (ValueError, RecursionError):
        sound = False
    if not sound or not all(isinstance(document[name], str) for name in _FILE - {"v"}):
        raise LicenceUnreadable(reason=_FIELDS)
    return {name: str(document[name]) for name in _FILE}


def _bytes(path: str) -> bytes:
    try:
        if Path(path).stat().st_size > NOTE_BYTES_MAX:
            raise LicenceUnreadable(reason=_LARGE)
        return Path(path).read_bytes()
    except (OSError, ValueError) as wrong:
        raise LicenceUnreadable(reason=type(wrong).__name__) from None


def _region(code: str, language: str) -> str:
    return f"{REGIONS[code].of(language)} ({code})" if code in REGIONS else code


def _value(value: str, language: str) -> str:
    """A limit as people read it: figures in groups of three, choices in words."""
    if value in _VALUES:
        return _VALUES[value].of(language)
    return f"{int(value):,}" if value.isascii() and value.isdigit() else value


def _plain(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _language() -> str:
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m licensing.core.licences",
        description="Check a licence file without its server. / 許諾証をサーバーなしで検証します。",
        epilog="exit codes: 0 valid, 2 usage or key, 3 genuine but not usable on that day, 4 refused",
    )
    parser.add_argument("file", metavar="FILE", help="the licence file")
    parser.add_argument("--key", metavar="VKEY|FILE", required=True, help="the log's public key, from another route")
    parser.add_argument("--on", metavar="DAY", help="the day of use, 2026-04-01; default: today")
    parser.add_argument("--lang", choices=["ja", "en"], help="language of the answer (default: from LANG)")
    return parser


_HEADER = Text("見出しが異なります", "its header is another")
_FIELDS = Text("項目が正しくありません", "its fields are not right")
_LARGE = Text("大きすぎます", "it is too large")
_PROOF = Text("台帳に含まれることの証明が合いません。", "the proof does not show its entry in the log.")
_STATEMENT = Text("台帳記録の内容が一致しません。", "the statement is not that of the entry.")
_AGREEMENT = Text("台帳記録が別の契約のものです。", "the entry is of another agreement.")
_TEST = Text("試験用署名・法的効力なし", "Test signature, no legal effect")
_ILLUSTRATIVE = Text("見本・架空", "Specimen, fictitious")

if __name__ == "__main__":
    sys.exit(main(today=datetime.now(JST).date()))
