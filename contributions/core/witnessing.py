"""What a witness asks before it cosigns: that the checkpoint is the log's own and grew out of the one it saw last.

A witness keeps one thing for each log, the last checkpoint that it cosigned. Whoever wants its cosignature hands it
the size of that one, a proof of consistency (RFC 9162, 2.1.4) and the new checkpoint, as the body of C2SP tlog-witness
`add-checkpoint`:

    old 120
    <base64 of a hash>            one line for each hash of the proof
                                  an empty line
    <the checkpoint, a signed note>

The same text serves as a file: it is how this log hands out proofs of consistency. A witness that judges by this
module never cosigns two histories, whatever the log shows to whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contributions.core import merkle, notes
from contributions.core.errors import Refused
from contributions.core.notes import Checkpoint, Verifier, decimal, decode64, encode64

PROOF_LINES_MAX = 63


class NotJudged(Refused):
    """A witness's refusal; `status` is the HTTP status that the specification gives it."""

    status = 400


class Unreadable(NotJudged):
    code = "not-a-request"
    ja = "立会いの依頼（old 行、整合証明、空行、時点証明）として読めません。"
    en = "This is not a request to a witness: an old line, a proof, an empty line and a checkpoint."


class UnknownLog(NotJudged):
    code = "unknown-log"
    status = 404
    ja = "「{origin}」は、この立会人が立ち会う台帳ではありません。"
    en = "“{origin}” is not a log that this witness follows."


class NotTheLogs(NotJudged):
    code = "not-the-logs"
    status = 403
    ja = "時点証明に、台帳の鍵による正しい署名がありません。"
    en = "The checkpoint bears no good signature by the log’s key."


class Elsewhere(NotJudged):
    """The witness stands at another size than the one asked about; it answers its own, so that one can ask again."""

    code = "another-size"
    status = 409
    ja = "この立会人が最後に署名した時点証明は {held} 件です（依頼は {old} 件から）。"
    en = "This witness last cosigned {held} entries, not {old}."


class Shrunk(NotJudged):
    code = "shrunk"
    ja = "時点証明は {size} 件で、最後に署名した {held} 件より少なくなっています。台帳の記録が失われています。"
    en = "The checkpoint counts {size} entries, fewer than the {held} cosigned last: the log has lost entries."


class AnotherHistory(NotJudged):
    """Two signed checkpoints that contradict each other: kept, they prove that the log showed two histories."""

    code = "another-history"
    status = 422
    ja = "{size} 件の時点証明は、最後に署名した {held} 件の時点証明から続いておらず、台帳が二つの歴史を示しています。"
    en = "The checkpoint of {size} entries did not grow out of the {held} cosigned last: the log shows two histories."


@dataclass(frozen=True, slots=True)
class Request:
    """What a witness is handed: the size it stood at, the proof from there, and the checkpoint to cosign."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The body of `add-checkpoint`."""
        return "".join([f"old {self.old}\n", *(f"{encode64(part)}\n" for part in self.proof), "\n", self.note])

    @classmethod
    def parse(cls, text: str) -> Request:
        """Read the body; refuses what is not exactly of that form."""
        head, found, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        old = decimal(first.removeprefix("old ")) if first.startswith("old ") else None
        proof = [decode64(line) for line in lines]
        if not found or old is None or len(proof) > PROOF_LINES_MAX or (old == 0 and proof):
            raise Unreadable
        if any(part is None or len(part) != merkle.HASH_SIZE for part in proof):
            raise Unreadable
        return cls(old, tuple(part for part in proof if part is not None), note)


def judge(request: Request, held: Checkpoint | None, keys: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint that the witness may cosign next, or a refusal. `keys` are the log's; `held` the last cosigned.

    The order is that of the specification: form, log, signature, sizes, history.
    """
    checkpoint = _signed(request.note, keys)
    if held is not None and held.origin != checkpoint.origin:
        raise UnknownLog(origin=checkpoint.origin)
    held_size = held.size if held is not None else 0
    if request.old > checkpoint.size:
        raise Shrunk(size=checkpoint.size, held=request.old)
    if request.old != held_size:
        raise Elsewhere(held=held_size, old=request.old)
    if held is not None and not merkle.verify_consistency(
        held.size, checkpoint.size, request.proof, held.root, checkpoint.root
    ):
        raise AnotherHistory(size=checkpoint.size, held=held.size)
    return checkpoint


def _signed(note: str, keys: Sequence[Verifier]) -> Checkpoint:
    try:
        checkpoint = Checkpoint.parse(notes.parse_note(note)[0])
    except Refused:
        raise Unreadable from None
    known = [key for key in keys if key.name == checkpoint.origin]
    if not known:
        raise UnknownLog(origin=checkpoint.origin)
    try:
        notes.open_note(note, known)
    except Refused:
        raise NotTheLogs from None
    return checkpoint
