"""Cosignatures: a witness says when it saw a checkpoint, and that it grew out of the one it saw before.

Format: C2SP tlog-cosignature, version 1 (Ed25519). A cosignature is one more signature line of the checkpoint's note:
`— <name> <base64 of key hash ‖ time ‖ signature>`, where time is eight bytes, big-endian, seconds since 1970, and what
is signed is two lines, `cosignature/v1` and `time <seconds>`, followed by the note's whole text. The time lies in the
witness's signature: no clock of the log's is trusted for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contributions.core.errors import Refused
from contributions.core.notes import DASH, BadKey, Signature, decode64, encode64, is_name, parse_note

COSIGNATURE = b"\x04"
HEADER = "cosignature/v1"
TIME_BYTES, SIGNATURE_BYTES = 8, 64


class BadCosignature(Refused):
    code = "bad-cosignature"
    ja = "立会人「{name}」の立会署名が時点証明と合いません。"
    en = "The cosignature of witness “{name}” does not fit the checkpoint."


class NoCosignature(Refused):
    code = "no-cosignature"
    ja = "立会署名の行として読めません。"
    en = "This is not the line of a cosignature."


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """The public half of a witness's Ed25519 key and its name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.public) != 32:
            raise BadKey

    @classmethod
    def parse(cls, vkey: str) -> WitnessKey:
        """Read `name+hash8+base64` of a key of type 0x04; the hash must be the key's own."""
        parts = vkey.strip().split("+", 2)
        key = decode64(parts[2]) if len(parts) == 3 else None
        if key is None or key[:1] != COSIGNATURE:
            raise BadKey
        found = cls(parts[0], key[1:])
        if found.vkey != vkey.strip():
            raise BadKey
        return found

    @property
    def key_hash(self) -> bytes:
        """First four bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a line of text, to publish."""
        return f"{self.name}+{self.key_hash.hex()}+{encode64(COSIGNATURE + self.public)}"

    def verifies(self, text: str, time: int, signature: bytes) -> bool:
        """Whether the 64 bytes cosign the text of a checkpoint at that time."""
        return self.has_signed(message(text, time), signature)

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Cosigner:
    """The private half: a name and a seed of 32 bytes, which is never shown."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.seed) != 32:
            raise BadKey

    @property
    def key(self) -> WitnessKey:
        """The public half."""
        return WitnessKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def cosign(self, text: str, time: int) -> Cosigned:
        """The cosignature of a checkpoint's text at that time; the same text and time give the same bytes."""
        return self.signed(message(text, time), time)

    def signed(self, data: bytes, time: int) -> Cosigned:
        """The signature of bytes that state their time themselves."""
        return Cosigned(self.name, self.key.key_hash, time, Ed25519PrivateKey.from_private_bytes(self.seed).sign(data))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """One cosignature, taken apart."""

    name: str
    key_hash: bytes
    time: int
    signature: bytes

    @property
    def line(self) -> str:
        """The line that stands below the checkpoint's text, with its newline."""
        return f"{DASH}{self.name} {encode64(self.key_hash + self.time.to_bytes(TIME_BYTES, 'big') + self.signature)}\n"

    def is_by(self, key: WitnessKey) -> bool:
        """Whether the line claims to be by that key."""
        return (self.name, self.key_hash) == (key.name, key.key_hash)


def message(text: str, time: int) -> bytes:
    r"""What a witness signs.

    >>> message("example.com/log\n1\nAAAA\n", 7)
    b'cosignature/v1\ntime 7\nexample.com/log\n1\nAAAA\n'
    """
    return f"{HEADER}\ntime {time}\n{text}".encode()


def read(line: Signature) -> Cosigned:
    """The signature line as a cosignature; refuses another length, and a time that no signed integer holds."""
    if len(line.signature) != TIME_BYTES + SIGNATURE_BYTES:
        raise NoCosignature
    time = int.from_bytes(line.signature[:TIME_BYTES], "big")
    if time >= 2**63:
        raise NoCosignature
    return Cosigned(line.name, line.key_hash, time, line.signature[TIME_BYTES:])


def check(cosigned: Cosigned, text: str, key: WitnessKey) -> Cosigned:
    """The cosignature, if it is by the key and fits the text of the checkpoint."""
    if not cosigned.is_by(key) or not key.verifies(text, cosigned.time, cosigned.signature):
        raise BadCosignature(name=cosigned.name)
    return cosigned


def found_on(note: str, keys: Sequence[WitnessKey]) -> list[Cosigned]:
    """The cosignatures by these keys on a note, each key once; refuses one that does not fit.

    Lines by other keys are ignored, as the specification asks.
    """
    text, lines = parse_note(note)
    found: dict[tuple[str, bytes], Cosigned] = {}
    for line in lines:
        for key in keys:
            if (line.name, line.key_hash) == (key.name, key.key_hash):
                try:
                    cosigned = check(read(line), text, key)
                except NoCosignature:
                    raise BadCosignature(name=line.name) from None
                found.setdefault((key.name, key.key_hash), cosigned)
    return list(found.values())


def with_lines(note: str, cosigned: Iterable[Cosigned]) -> str:
    """The note with these cosignatures below the log's own signature, in order of name."""
    return note + "".join(sorted(one.line for one in cosigned))
