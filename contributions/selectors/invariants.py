"""What must always hold of the journal, in one file: what each invariant says, and how it is checked.

`verification` runs these over the whole log, as the command, the nightly task and the tests do. Nothing that the
database says of an entry is taken on trust: columns are copies, and each is compared with the bytes it was copied from.
I6 is about what an append does, and is held by the journal; the licensing wing enters its checks of I9 and I10.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from contributions.core import canonical, corrections, cosignatures, merkle, notes, proofs, statements, witnesses
from contributions.core.errors import Refused
from contributions.core.periods import instant_from
from contributions.core.words import Text
from contributions.selectors.kinds import known as kinds_known

INVARIANTS = {
    "I1": Text("記録番号は0から連続し、欠番がない", "Indexes run from 0 without a gap"),
    "I2": Text("原本・記録内容のハッシュと写しの列が一致する", "Hashes and copied columns agree with the bytes"),
    "I3": Text("ハッシュ木の節と時点証明のルートが再計算と一致する", "Stored nodes and checkpoint roots recompute"),
    "I4": Text(
        "記録時刻は前の記録より早くならず、立会署名より後にならない",
        "The time of record never runs backwards, nor past a cosignature that covers it",
    ),
    "I5": Text("数量の移動は記録・単位ごとに合計0である", "Movements sum to zero for each entry and unit"),
    "I6": Text("同じ識別子の記録は一つだけである", "An id stands for one entry"),
    "I7": Text("訂正は前の記録に向かい、一つの列をなす", "Corrections point backwards and form a list"),
    "I8": Text("原本と記録内容は正準形である", "Leaf and statement are in canonical form"),
    "I9": Text("配分比率の合計はちょうど1である", "Shares sum to exactly one"),
    "I10": Text("配分計算は時点証明から再現できる", "An allocation can be repeated from its checkpoint"),
    "I11": Text(
        "新しい時点証明は古い時点証明と立会人が署名したものの続きである",
        "Each newer checkpoint continues every older one, and what witnesses signed",
    ),
    "I12": Text(
        "残高と計算実績の集計は記録内容からの再集計と一致する",
        "Balances and totals of compute equal a rebuild from the statements",
    ),
}


_SCAN = json.JSONDecoder().scan_once
_DAY_OR_NONE = (str, type(None))
_REQUIRED: dict[str, frozenset[str]] = {}


class Fault(Refused):
    """The first place at which the log is not what it says it is; `seq` is the entry's index where one is known."""

    code = "log-fault"
    ja = "{place}：{what}"
    en = "{place}: {what}"

    def __init__(self, invariant: str, what: Text, *, seq: int | None = None, place: Text | None = None) -> None:
        self.invariant, self.seq = invariant, seq
        super().__init__(what=what, place=place or proofs.entry_name(seq if seq is not None else 0))


# Further checks of a deep verification, by the invariant they check; the licensing wing enters its own at start-up.
DEEP: list[Callable[[], Iterable[Fault]]] = []


@dataclass(slots=True)
class Row:
    """An entry as it is stored; times, days and ids as the texts that leaf and statement would have."""

    seq: int
    id: str
    kind: str
    subject: str
    member: str
    recorded_at: str
    leaf: bytes
    leaf_hash: bytes
    content: bytes | None
    movements: Sequence[tuple[int, str, str, int, str]] = ()
    """Entry, account, unit, amount and day of each."""
    corrected: tuple[int, str, str, str] | None = None
    """Index, id, kind and member of the entry that this one corrects."""


def check_leaf(row: Row, origin: str, before: str) -> None:
    """I2 and I4: the leaf is exactly what id, time and statement make it, and its hash is the stored one."""
    digest = canonical.sha256_hex(row.content) if row.content is not None else None
    if digest is None or statements.leaf(origin, row.id, row.recorded_at, digest) != row.leaf:
        _check_strange_leaf(row, origin)
    if merkle.leaf_hash(row.leaf) != row.leaf_hash:
        raise Fault("I2", _HASH, seq=row.seq)
    if row.recorded_at < before:
        raise Fault("I4", _TIME, seq=row.seq)


def check_statement(row: Row) -> dict[str, Any] | None:
    """I2, I5, I7: what the statement says is what its columns, movements and correction say; None if it is erased."""
    if row.content is None:
        if row.movements:
            raise Fault("I2", _STATEMENT_GONE, seq=row.seq)
        return None
    said = _read(row)
    if (said["kind"], said["subject"], said["member"] or "") != (row.kind, row.subject, row.member):
        raise Fault("I2", _COLUMNS, seq=row.seq)
    if said["movements"] or row.movements:
        _check_movements(row, said)
    if said["corrects"] is not None or row.corrected is not None:
        _check_correction(row, said)
    return said


def check_canonical(row: Row, said: Mapping[str, Any]) -> None:
    """I8: the statement is in canonical form. (The leaf was compared with the form itself.)"""
    try:
        sound = canonical.dumps(said) == row.content
    except Refused:
        sound = False
    if not sound:
        _raise_shape(row, "I8")


def first_bad_node(
    made: Iterable[tuple[int, int, bytes]], stored: Mapping[tuple[int, int], bytes]
) -> tuple[int, int, int] | None:
    """I3: (index of the entry that completes it, level, index) of the first node that is not what is stored."""
    bad = [
        (((index + 1) << level) - 1, level, index)
        for level, index, value in made
        if stored.get((level, index)) != value
    ]
    return min(bad, default=None)


def check_checkpoint(
    note: str, said: notes.Checkpoint, *, root: bytes, verifier: notes.Verifier, place: Text, sealed: int
) -> None:
    """I3 and I11: the note is signed by the log's key, says what its row says, and signs the root of the entries."""
    try:
        signed = notes.open_checkpoint(note, verifier)
    except Refused as refusal:
        raise Fault("I3", words(refusal), place=place) from None
    if (signed.origin, signed.size, signed.root) != (said.origin, said.size, said.root):
        raise Fault("I3", Text("署名された内容と異なります。", "it is not what was signed"), place=place)
    if signed.root != root:
        between = Text(
            f"記録 {sealed} から {said.size - 1} までのいずれかが、署名の後に変わっています。",
            f"an entry from {sealed} to {said.size - 1} has changed since it was signed",
        )
        raise Fault("I11", between, seq=sealed, place=place)


def check_cosignature(text: str, key: str, time: int, signature: bytes, *, recorded_at: str, place: Text) -> None:
    """I11 and I4: a witness signed this very checkpoint, and not before the last entry under it was recorded.

    A witness's clock may go wrong by as much as was let pass when the cosignature came in.
    """
    try:
        witness = cosignatures.WitnessKey.parse(key)
    except notes.BadKey as bad:
        raise Fault("I11", words(bad), place=place) from None
    if not witness.verifies(text, time, signature):
        other = Text(f"{witness.name} の立会署名と一致しません。", f"it is not what {witness.name} cosigned")
        raise Fault("I11", other, place=place)
    if time + witnesses.CLOCK_SECONDS_MAX < instant_from(recorded_at).timestamp():
        early = Text(
            f"{witness.name} の立会署名より後に記録された台帳記録を含みます。",
            f"it counts an entry recorded after {witness.name} cosigned it",
        )
        raise Fault("I4", early, place=place)


def words(refusal: Refused) -> Text:
    """The sentence of a refusal, as part of another."""
    return Text(refusal.text("ja"), refusal.text("en"))


def _check_strange_leaf(row: Row, origin: str) -> None:
    """Why a leaf is not what its columns make it, or nothing where only its statement is erased."""
    try:
        leaf = proofs.read_leaf(row.leaf, origin=origin, seq=row.seq)
        if row.content is not None:
            proofs.check_statements({row.seq: leaf}, {row.seq: row.content})
    except Refused as refusal:
        raise Fault("I2", words(refusal), seq=row.seq) from None
    if (str(leaf.id), leaf.recorded_at) != (row.id, row.recorded_at):
        raise Fault("I2", _ID, seq=row.seq)


def _read(row: Row) -> dict[str, Any]:
    """The statement, of a known kind, complete and balanced (I5); whether it is canonical is asked in depth only."""
    try:
        text = (row.content or b"").decode()
        said, end = _SCAN(text, 0)
    except (ValueError, RecursionError, StopIteration):
        raise Fault("I8", _JSON, seq=row.seq) from None
    if end != len(text) or not proofs.is_statement(said) or not _is_complete(said):
        _raise_shape(row, "I2")
    return cast("dict[str, Any]", said)


def _raise_shape(row: Row, invariant: str) -> NoReturn:
    """Say what is wrong with a statement as exactly as the strict reading does."""
    try:
        proofs.read_statement(row.content or b"", seq=row.seq, kinds=kinds_known)
    except Refused as refusal:
        raise Fault(invariant, words(refusal), seq=row.seq) from None
    raise Fault(invariant, _SHAPE, seq=row.seq)


def _is_complete(said: Mapping[str, Any]) -> bool:
    """Whether the kind is known, its facts stand, and the fields have the types that are read here."""
    kind, effective = said["kind"], said["effective"]
    required = _required(kind) if isinstance(kind, str) else None
    return (
        required is not None
        and required <= said["facts"].keys()
        and isinstance(effective, list)
        and len(effective) == 2
        and isinstance(effective[0], _DAY_OR_NONE)
        and isinstance(said["annexes"], list)
        and all(map(_is_annex, said["annexes"]))
    )


def _is_annex(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("sha256"), str) and isinstance(value.get("media"), str)


def _required(kind: str) -> frozenset[str] | None:
    """The facts that a kind must state, or None for a kind that nobody knows."""
    if kind not in _REQUIRED and kind in kinds_known:
        _REQUIRED[kind] = frozenset(kinds_known[kind].required)
    return _REQUIRED.get(kind)


def _check_movements(row: Row, said: Mapping[str, Any]) -> None:
    """I2 and I5: the movements are the statement's, from the day that it says, and sum to zero in each unit."""
    day = statements.day_of(said["effective"][0], row.recorded_at)
    held = row.movements
    for movement in held:
        if movement[4] != day:
            raise Fault("I2", _DAY, seq=row.seq)
    if said["movements"] != [[account, unit, str(amount)] for _, account, unit, amount, _ in held]:
        raise Fault("I2", _MOVEMENTS, seq=row.seq)
    if not _sums_to_zero(held):
        raise Fault("I5", _BALANCE, seq=row.seq)


def _sums_to_zero(held: Sequence[tuple[int, str, str, int, str]]) -> bool:
    """Whether the movements of each unit cancel; most entries move one amount from one account to another."""
    if len(held) == 2 and held[0][2] == held[1][2]:
        return held[0][3] + held[1][3] == 0
    totals: dict[str, int] = {}
    for _, _, unit, amount, _ in held:
        totals[unit] = totals.get(unit, 0) + amount
    return not any(totals.values())


def _check_correction(row: Row, said: Mapping[str, Any]) -> None:
    found = row.corrected
    if found is None or said["corrects"] != found[1]:
        raise Fault("I7", _CORRECTION, seq=row.seq)
    try:
        earlier = (found[2], found[3]) if found[0] < row.seq else None
        corrections.check(found[1], kind=said["kind"], member=said["member"], corrected=earlier)
    except Refused as refusal:
        raise Fault("I7", words(refusal), seq=row.seq) from None


_HASH = Text("原本が記録時のハッシュと一致しません。", "the leaf does not have its recorded hash")
_TIME = Text("前の記録より早い時刻です。", "recorded before the one it follows")
_ID = Text("識別子または記録時刻が原本と異なります。", "id or time differ from the leaf")
_JSON = Text("記録内容をJSONとして読み取れません。", "the statement does not parse as JSON")
_SHAPE = Text("記録内容の項目が正しくありません。", "a field of the statement is not as it should be")
_STATEMENT_GONE = Text("数量の移動がある記録内容が失われています。", "its statement is gone, its movements are not")
_COLUMNS = Text("種別・対象・会員の写しが記録内容と異なります。", "kind, subject or member differ from the statement")
_DAY = Text("数量の移動の起算日が記録内容と異なります。", "the day from which it counts differs from the statement")
_BALANCE = Text("数量の移動の合計が0になりません。", "its movements do not sum to zero")
_MOVEMENTS = Text("数量の移動の写しが記録内容と異なります。", "the movements differ from the statement")
_CORRECTION = Text("訂正の対象の写しが記録内容と異なります。", "what it corrects differs from the statement")
