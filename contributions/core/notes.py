"""Signed notes and log checkpoints: how the log says "so many entries, this root" under its key.

Formats: C2SP signed-note (Ed25519) and C2SP tlog-checkpoint. A note is a text, an empty line, and one line a signature:
`— <key name> <base64 of key hash ‖ signature>`. A checkpoint's text is the log's origin, its size and its root. The
log's key carries the origin as its name, so a checkpoint of one log can never pass for another's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contributions.core.errors import Refused
from contributions.core.merkle import HASH_SIZE
from contributions.core.words import Text

ED25519 = b"\x01"
DASH = "— "
NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100


class BadKey(Refused):
    code = "bad-key"
    ja = "検証鍵（名前+8桁の16進数+base64）として読めません。"
    en = "This is not a verifier key (name+8 hexadecimal digits+base64)."


class BadNote(Refused):
    code = "bad-note"
    ja = "署名付きの文書（signed note）として読めません：{reason}。"
    en = "This is not a signed note: {reason}."


class BadSignature(Refused):
    code = "bad-signature"
    ja = "鍵「{name}」の署名が文面と合いません。"
    en = "The signature of key “{name}” does not fit the text."


class UnknownKey(Refused):
    code = "unknown-key"
    ja = "与えられた鍵による署名がありません（署名者：{names}）。"
    en = "It bears no signature by a given key (signed by: {names})."


class BadCheckpoint(Refused):
    code = "bad-checkpoint"
    ja = "時点証明として読めません。"
    en = "This is not a log checkpoint."


_TEXT = Text(
    "文面が改行で終わる制御文字のないUTF-8ではありません", "its text is not UTF-8 lines without control characters"
)
_PARTS = Text("空行と署名行がありません", "it lacks the empty line and the signature lines")
_LINE = Text("署名行の形が正しくありません", "a signature line is ill-formed")
_TWICE = Text("同じ鍵の署名が二度あります", "a key signs twice")
_MANY = Text("長すぎます", "it is too long")


def encode64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode64(text: str) -> bytes | None:
    """The bytes of standard base64 that re-encodes to itself; None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode64(data) == text else None


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of an Ed25519 key and its name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.public) != 32:
            raise BadKey

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read `name+hash8+base64`; the hash must be the key's own."""
        parts = vkey.strip().split("+", 2)
        key = decode64(parts[2]) if len(parts) == 3 else None
        if key is None or key[:1] != ED25519:
            raise BadKey
        found = cls(parts[0], key[1:])
        if found.vkey != vkey.strip():
            raise BadKey
        return found

    @property
    def key_hash(self) -> bytes:
        """First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a line of text, to publish."""
        return f"{self.name}+{self.key_hash.hex()}+{encode64(ED25519 + self.public)}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the 64 bytes sign the text under this key. RFC 8032."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that one log has had, oldest first, each with the number of entries from which on it signs."""

    keys: tuple[tuple[int, Verifier], ...]

    @property
    def current(self) -> Verifier:
        """The key that signs now."""
        return self.keys[-1][1]

    def at(self, size: int) -> Verifier:
        """The key that signs a checkpoint of that many entries."""
        return next(key for start, key in reversed(self.keys) if start <= size)


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half: a name and a seed of 32 bytes, which is never shown."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.seed) != 32:
            raise BadKey

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Signer:
        """The key that a seed of 32 bytes stands for, under the log's origin as its name."""
        return cls(name, seed)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def signature_line(self, text: str) -> str:
        """The line that this key adds below the text; the same text gives the same line."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{DASH}{self.name} {encode64(self.verifier.key_hash + signature)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, taken apart."""

    name: str
    key_hash: bytes
    signature: bytes

    def is_by(self, verifier: Verifier) -> bool:
        """Whether the line claims to be by that key."""
        return (self.name, self.key_hash) == (verifier.name, verifier.key_hash)


def sign(text: str, *signers: Signer) -> str:
    """The signed note over a text, which must end in a newline."""
    _check_text(text)
    assert signers, "a note has at least one signature"
    return text + "\n" + "".join(signer.signature_line(text) for signer in signers)


def parse_note(note: str) -> tuple[str, list[Signature]]:
    """The text and its signature lines, unchecked."""
    if len(note.encode("utf-8", "surrogatepass")) > NOTE_BYTES_MAX:
        raise BadNote(reason=_MANY)
    head, found, tail = note.rpartition("\n\n")
    if not found or not tail.endswith("\n"):
        raise BadNote(reason=_PARTS)
    text = head + "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise BadNote(reason=_MANY)
    return text, [read_line(line) for line in lines]


def open_note(note: str, verifiers: Sequence[Verifier], *, strict: bool = False) -> str:
    """The text of a note that bears a good signature by one of the verifiers, and no bad one.

    Signatures by unknown keys are ignored, as the specification asks; `strict` refuses them and any key's second one.
    """
    text, signatures = parse_note(note)
    if strict and len({(signature.name, signature.key_hash) for signature in signatures}) != len(signatures):
        raise BadNote(reason=_TWICE)
    good = 0
    for signature in signatures:
        known = [verifier for verifier in verifiers if signature.is_by(verifier)]
        if not known and strict:
            raise UnknownKey(names=signature.name)
        if any(not verifier.verifies(text, signature.signature) for verifier in known):
            raise BadSignature(name=signature.name)
        good += bool(known)
    if not good:
        raise UnknownKey(names=", ".join(signature.name for signature in signatures))
    return text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log signs: its origin, the number of its entries, and the root over them.

    >>> print(Checkpoint("example.com/log", 1, bytes(32)).text(), end="")
    example.com/log
    1
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    """

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Three lines: origin, size in decimal, root in base64."""
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the three lines; extension lines are refused, since this log writes none."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not is_name(lines[0]):
            raise BadCheckpoint
        size, root = decimal(lines[1]), decode64(lines[2])
        if size is None or root is None or len(root) != HASH_SIZE:
            raise BadCheckpoint
        return cls(lines[0], size, root)


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> str:
    """The checkpoint as a signed note."""
    return sign(checkpoint.text(), *signers)


def open_checkpoint(note: str, verifier: Verifier | KeyRing) -> Checkpoint:
    """The checkpoint under the log's key, whose name must be the log's origin; of a ring, the key of its size."""
    if isinstance(verifier, KeyRing):
        verifier = verifier.at(Checkpoint.parse(parse_note(note)[0]).size)
    checkpoint = Checkpoint.parse(open_note(note, [verifier]))
    if checkpoint.origin != verifier.name:
        raise UnknownKey(names=checkpoint.origin)
    return checkpoint


def decimal(text: str) -> int | None:
    """A count below 2^53 as decimal digits without sign or leading zero; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or (text[0] == "0" and text != "0"):
        return None
    return int(text)


def is_name(name: str) -> bool:
    """Whether a key or a log may bear this name: printable, without spaces and plus signs."""
    return bool(name) and "+" not in name and name.isprintable() and not any(c.isspace() for c in name)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadNote(reason=_TEXT) from None
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise BadNote(reason=_TEXT)


def read_line(line: str) -> Signature:
    """A signature line, without its newline, taken apart."""
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    data = decode64(encoded)
    if not line.startswith(DASH) or not is_name(name) or data is None or len(data) < 5:
        raise BadNote(reason=_LINE)
    return Signature(name, data[:4], data[4:])
