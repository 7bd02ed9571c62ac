"""A member's own signature on what it has stated: that these are the member's words, whoever runs the server.

The key is one that the member has enrolled as a witness's: on its own machine, or that of its officers, held here. What
is signed is `moyai statement/1`, the time, the log's name, the entry's number and the digest of its statement, each on
a line; so no signature passes for a cosignature of a checkpoint, or for another entry's. The line it comes as has the
form of a cosignature's. It goes into the log as an entry of its own, disclosed like what it signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contributions.core import canonical, cosignatures, notes
from contributions.core.cosignatures import Cosigned, Cosigner, WitnessKey
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, SYSTEM
from contributions.core.words import Text

HEADER = "moyai statement/1"
SIGNED, ENROLLED = "statement.signed", "witness.enrolled"
REQUEST_BYTES_MAX = 8 * 1024 * 1024


class NotYourStatement(Refused):
    code = "not-your-statement"
    ja = "台帳記録 第 {seq} 号は御社が記録した内容ではないため、御社が署名することはできません。"
    en = "Entry {seq} is not what your company stated, so your company cannot sign it."


class SignedAlready(Refused):
    code = "statement-signed"
    ja = "台帳記録 第 {seq} 号には、この鍵による署名がすでにあります。"
    en = "Entry {seq} bears a signature by this key already."


class NoOwnKey(Refused):
    code = "no-own-key"
    ja = "署名した鍵「{name}」は、御社の鍵として登録されていません。立会人の画面で登録してください。"
    en = "The key “{name}” is not enrolled as your company’s. Enrol it on the page of witnesses first."


class BadSignature(Refused):
    code = "statement-signature-bad"
    ja = "署名が台帳記録 第 {seq} 号の記録内容と合いません。ダウンロードしたファイルにもう一度署名してください。"
    en = "The signature does not fit the statement of entry {seq}. Sign the downloaded file again."


class NotARequest(Refused):
    code = "not-a-statement-request"
    ja = "署名するための記録内容のファイルではありません。"
    en = "This is not a file of a statement to be signed."


class SignatureForged(Refused):
    code = "signature-forged"
    ja = "{what}：会員の署名が記録内容と合わないか、その会員の鍵によるものではありません。"
    en = "{what}: the member’s signature does not fit the statement, or is not by that member’s key."


def text(origin: str, seq: int, statement_sha256: str) -> str:
    """What is signed, less header and time."""
    return f"{origin}\nentry {seq}\n{statement_sha256}\n"


def message(text_: str, time: int) -> bytes:
    r"""The bytes that are signed.

    >>> message("example.com/log\nentry 4\nabcd\n", 7)
    b'moyai statement/1\ntime 7\nexample.com/log\nentry 4\nabcd\n'
    """
    return f"{HEADER}\ntime {time}\n{text_}".encode()


def sign(signer: Cosigner, text_: str, time: int) -> Cosigned:
    """The signature at that time; the same text and time give the same bytes."""
    return signer.signed(message(text_, time), time)


def read_line(line: str) -> Cosigned:
    """A signature as it comes: the line that `sign` gave."""
    return cosignatures.read(notes.read_line(line.rstrip("\n")))


def fits(signed: Cosigned, text_: str, key: WitnessKey) -> bool:
    """Whether it is by that key, and of that text."""
    return signed.is_by(key) and key.has_signed(message(text_, signed.time), signed.signature)


def request(origin: str, seq: int, content: bytes) -> str:
    """The file that a member's own machine signs: where the statement stands, and the statement as it is hashed."""
    return f"{HEADER}\n{origin}\nentry {seq}\n{content.decode()}\n"


def read_request(file: str) -> tuple[str, int, bytes]:
    """Origin, number and statement of such a file; refuses what is not exactly of that form."""
    lines = file.split("\n")
    seq = notes.decimal(lines[2].removeprefix("entry ")) if len(lines) == 5 and lines[2].startswith("entry ") else None
    if seq is None or lines[0] != HEADER or lines[4]:
        raise NotARequest
    content = lines[3].encode()
    try:
        canonical.loads(content)
    except canonical.NotCanonical:
        raise NotARequest from None
    return lines[1], seq, content


def is_of(said: Mapping[str, Any], member: str | None) -> bool:
    """Whether a statement is what that member stated, itself or through a command; what others say of it is theirs."""
    by = said["by"]
    own = by["workplace"] == SYSTEM or (by["workplace"] == MEMBER and by["organization"] == member)
    return bool(member) and said["member"] == member and own and said["kind"] != SIGNED


def facts(seq: int, statement_sha256: str, signed: Cosigned) -> dict[str, Any]:
    """What the entry says of a signature."""
    return {
        "entry": seq,
        "statement_sha256": statement_sha256,
        "witness": signed.key_hash.hex(),
        "time": signed.time,
        "signature": notes.encode64(signed.signature),
    }


class Keys:
    """The keys that members have enrolled, as a log is read: each signature is held against the one it names."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.count = 0
        self._held: dict[str, tuple[WitnessKey, str]] = {}

    def read(self, seq: int, said: Mapping[str, Any], digest_of: Callable[[int], str | None], *, what: Text) -> None:
        """Take in one statement; refuses a signature that does not fit. `digest_of` gives an entry's own digest."""
        try:
            if said["kind"] == ENROLLED:
                stated = said["facts"]
                self._held[stated["witness"]] = WitnessKey.parse(stated["vkey"]), stated["organization"]
            elif said["kind"] == SIGNED and not self._is_sound(seq, said, digest_of):
                raise SignatureForged(what=what)
        except (KeyError, TypeError, ValueError, AttributeError, notes.BadKey):
            raise SignatureForged(what=what) from None

    def _is_sound(self, seq: int, said: Mapping[str, Any], digest_of: Callable[[int], str | None]) -> bool:
        stated = said["facts"]
        key, organization = self._held[stated["witness"]]
        signature = notes.decode64(stated["signature"])
        digest = digest_of(stated["entry"]) if 0 <= stated["entry"] < seq else None
        self.count += 1
        signed = Cosigned(key.name, key.key_hash, stated["time"], signature or b"")
        return (
            organization == said["member"]
            and digest == stated["statement_sha256"]
            and fits(signed, text(self.origin, stated["entry"], stated["statement_sha256"]), key)
        )
