"""What came in under inbound agreements, and whether what is asked of it goes further. You cannot license out more.

An agreement has editions, each in force from a day on; the old ones stay readable. An edition grants typed rights, one
for each subject (data, compute, people, background). A run, release, schedule or licence asks; every excess over what
came in is a finding of its own that names the source and the clause. To whoever may not know the source, the sentence
names the clause alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.periods import last_day
from contributions.core.words import Text

ALL = "all"
DATA, COMPUTE, PEOPLE, BACKGROUND = "data", "compute", "people", "background"
SUBJECTS = {
    DATA: Text("データ", "Data"),
    COMPUTE: Text("計算資源", "Compute"),
    PEOPLE: Text("出向・従事者の成果", "Work of people"),
    BACKGROUND: Text("バックグラウンド知的財産", "Background IP"),
}
PURPOSES = {
    "training": Text("学習", "training"),
    "evaluation": Text("評価", "evaluation"),
    "fine-tuning": Text("追加学習", "further training"),
    "inference": Text("推論", "inference"),
    "licensing": Text("利用許諾", "licensing"),
    "research": Text("研究", "research"),
}
FIELDS = {
    "vehicles": Text("自動車", "vehicles"),
    "robotics": Text("ロボット", "robotics"),
    "manufacturing": Text("製造設備", "manufacturing"),
    "imaging": Text("画像・計測", "imaging"),
    "games": Text("ゲーム", "games"),
    "semiconductors": Text("半導体", "semiconductors"),
    ALL: Text("限定なし", "all fields"),
}
# How the clause library names the same fields.
SAME_FIELD = {"vehicle": "vehicles", "robot": "robotics", "semiconductor": "semiconductors"}
AFTER_WITHDRAWAL = {
    "trained-releases-remain": Text("学習済みのリリースでの利用は存続", "use in releases already trained remains"),
    "stays": Text("存続", "stays"),
    "no-new-training": Text("新たな学習には使えない", "no new training"),
    "ends": Text("終了", "ends"),
    "delete": Text("消去", "to be deleted"),
}
# What an agreement may leave standing for what was trained while it was in force.
OUTLASTING = frozenset({"trained-releases-remain", "stays", "no-new-training"})
MARKS = {
    "trade-secret": Text("営業秘密", "trade secret"),
    "limited-provision": Text("限定提供データ", "shared data with limited access"),
}
# The list that stands until the consortium lists its own: code, name, subjects it usually covers.
TYPES = {
    "participation": Text("参加契約", "Participation agreement"),
    "contribution": Text("提供契約", "Contribution agreement"),
    "data": Text("データ提供契約", "Data provision agreement"),
    "compute": Text("計算資源提供契約", "Compute provision agreement"),
    "secondment": Text("出向契約", "Secondment agreement"),
    "background": Text("知的財産利用許諾契約", "Background IP licence"),
    "nda": Text("秘密保持契約（NDA）", "Non-disclosure agreement"),
    "membership": Text("会員契約", "Membership agreement"),
    "consortium": Text("共同事業契約", "Consortium agreement"),
}

NO_RIGHT, PURPOSE, FIELD, TERRITORY = "no-right", "purpose", "field", "territory"
SUBLICENSING, FURTHER, TERM, UNLISTED = "sublicensing", "further-training", "term", "unlisted"
CLAUSES = {
    NO_RIGHT: Text("受入契約", "inbound agreement"),
    PURPOSE: Text("利用目的（purpose）", "purpose of use"),
    FIELD: Text("利用分野", "field of use"),
    TERRITORY: Text("地域", "territory"),
    SUBLICENSING: Text("再許諾", "sublicensing"),
    FURTHER: Text("追加学習", "further training"),
    TERM: Text("期間", "term"),
    UNLISTED: Text("知的財産一覧", "list of background IP"),
}


class WiderThanCameIn(Refused):
    """What is asked goes further than what came in; `findings` holds every excess."""

    code = "wider-than-came-in"
    ja = "求める範囲が、受け入れた権利の範囲を超えています（{count}件）。{listed}"
    en = "What is asked goes further than what came in ({count}). {listed}"

    def __init__(self, found: Sequence[Excess], *, named: bool = True) -> None:
        self.excesses = tuple(found)
        self.findings = tuple(excess.finding(named=named) for excess in found)
        told = [(finding.text("ja"), finding.text("en")) for finding in self.findings]
        told = list(dict.fromkeys(told))
        listed = Text("".join(ja for ja, _ in told), " ".join(en for _, en in told))
        super().__init__(count=len(told), listed=listed)


class NoRights(Refused):
    code = "terms-without-rights"
    ja = "受入契約には、少なくとも一つの対象について、利用目的を一つ以上定めた権利が必要です。"
    en = "An inbound agreement grants at least one right, with one purpose or more."


class SubjectTwice(Refused):
    code = "subject-twice"
    ja = "対象「{subject}」の権利が二度定められています。一つにまとめてください。"
    en = "The right in “{subject}” is stated twice. Put it into one."


class UnknownWord(Refused):
    code = "terms-unknown-word"
    ja = "「{word}」は{what}として登録されていません。{known} のいずれかを指定してください。"
    en = "“{word}” is not among the {what}. Use one of {known}."


class AlreadyEnded(Refused):
    code = "terms-ended"
    ja = "受入契約 {agreement} は終了しています。新しい契約を登録してください。"
    en = "Inbound agreement {agreement} has ended. Conclude a new one."


class BackwardEdition(Refused):
    code = "terms-backward"
    ja = "改定の日（{start}）は、前の版の始期（{before}）より後にしてください。過去の版は書き換えません。"
    en = "An edition begins after the one before it ({before}), not on {start}. Earlier editions are not rewritten."


class NotAParty(Refused):
    code = "not-a-party"
    ja = "受入契約 {agreement} の当事者に、拠出する会員「{member}」が含まれていません。"
    en = "The contributing member {member} is not a party to inbound agreement {agreement}."


@dataclass(frozen=True, slots=True)
class Right:
    """A right that came in: by which agreement and edition, in what, for what, where, and until when."""

    agreement: str
    edition: int
    subject: str
    purposes: frozenset[str]
    fields: frozenset[str]
    territory: frozenset[str]
    sublicensing: bool
    further_training: bool
    after_withdrawal: str
    start: date
    until: date | None = None

    @property
    def outlasts(self) -> bool:
        """Whether use in what was trained already goes on after the agreement."""
        return self.after_withdrawal in OUTLASTING


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to do with what came in. An empty set asks for nothing in that respect."""

    purposes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    territory: frozenset[str] = frozenset()
    sublicensing: bool = False
    further_training: bool = False
    start: date | None = None
    until: date | None = None
    trained_already: bool = False
    """Whether it uses what was trained already (a release, a licence) rather than the contribution itself (a run)."""


@dataclass(frozen=True, slots=True)
class Excess:
    """One respect in which what is asked goes further than what came in from one source."""

    source: str
    agreement: str
    clause: str
    asked: Text
    granted: Text

    def finding(self, *, named: bool) -> Finding:
        """The excess in words; without names it tells the clause alone, and neither figure nor source."""
        if not named:
            return Finding(
                None, self.clause, "wider-than-came-in", "{clause}の定めを超えます。", "It exceeds the {clause}.",
                {"clause": CLAUSES[self.clause]},
            )  # fmt: skip
        return Finding(
            None,
            self.clause,
            "wider-than-came-in",
            "{source}（{agreement}・{clause}）：求める範囲は{asked}、受け入れた範囲は{granted}です。",
            "{source} ({agreement}, {clause}): asked {asked}; came in: {granted}.",
            {
                "source": self.source,
                "agreement": self.agreement or "–",
                "clause": CLAUSES[self.clause],
                "asked": self.asked,
                "granted": self.granted,
            },
        )


def field_of(code: str) -> str:
    """The field of use by the name that rights-in use.

    >>> field_of("robot")
    'robotics'
    """
    return SAME_FIELD.get(code, code)


def check_rights(rights: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rights as they are stated, once every word is known and each subject stands once."""
    stated = [dict(right) for right in rights]
    seen: set[str] = set()
    for right in stated:
        for name, table in (("subject", SUBJECTS), ("after_withdrawal", AFTER_WITHDRAWAL)):
            _known(right[name], name, table)
        if right["subject"] in seen:
            raise SubjectTwice(subject=SUBJECTS[right["subject"]])
        seen.add(right["subject"])
        for purpose in right["purposes"]:
            _known(purpose, "purposes", PURPOSES)
        for field in right["fields"]:
            _known(field, "fields", FIELDS)
        for country in right["territory"]:
            if country != ALL and not (len(country) == 2 and country.isascii() and country.isupper()):
                raise UnknownWord(word=country, what=_WHAT["territory"], known="all、JP、TH …")
    if not any(right["purposes"] for right in stated):
        raise NoRights
    return stated


def excesses(source: str, right: Right | None, asked: Asked) -> tuple[Excess, ...]:
    """Every respect in which what is asked of a source goes further than the right that came in with it.

    Sets compare by inclusion, where `all` holds everything and an empty set of fields or territory sets no limit, as an
    agreement that says nothing of it. A right that outlasts its agreement covers what was trained while it stood.
    """
    if right is None:
        return (Excess(source, "", NO_RIGHT, Text("権利あり", "a right"), Text("なし", "none")),)
    found = []
    for clause, wanted, granted in (
        (PURPOSE, asked.purposes, right.purposes),
        (FIELD, frozenset(map(field_of, asked.fields)), frozenset(map(field_of, right.fields)) or {ALL}),
        (TERRITORY, asked.territory, right.territory or {ALL}),
    ):
        missing = frozenset() if ALL in granted else wanted - granted
        if missing:
            found.append(_excess(source, right, clause, _listed(clause, missing), _listed(clause, granted)))
    for clause, is_wanted, is_granted in (
        (SUBLICENSING, asked.sublicensing, right.sublicensing),
        (FURTHER, asked.further_training, right.further_training),
    ):
        if is_wanted and not is_granted:
            found.append(_excess(source, right, clause, Text("可", "permitted"), Text("不可", "not permitted")))
    return (*found, *_term_excess(source, right, asked))


def check(
    sources: Iterable[tuple[str, Right | None]], asked: Asked, *, named: bool = True, besides: Sequence[Excess] = ()
) -> None:
    """Refuse with every excess of every source at once. `named`: whether the reader may know the sources."""
    found = [excess for source, right in sources for excess in excesses(source, right, asked)]
    if found or besides:
        raise WiderThanCameIn([*found, *besides], named=named)


def common(rights: Collection[Right]) -> Right | None:
    """What all rights grant together: the most that may be asked of a work made from every source.

    `all` gives way to whatever is narrower; the last beginning and the first end bound the term.
    """
    if not rights:
        return None
    ends = [right.until for right in rights if right.until is not None and not right.outlasts]
    return Right(
        agreement="",
        edition=0,
        subject="",
        purposes=_meet(right.purposes for right in rights),
        fields=_meet(frozenset(map(field_of, right.fields)) for right in rights),
        territory=_meet(right.territory for right in rights),
        sublicensing=all(right.sublicensing for right in rights),
        further_training=all(right.further_training for right in rights),
        after_withdrawal="trained-releases-remain" if all(right.outlasts for right in rights) else "ends",
        start=max(right.start for right in rights),
        until=min(ends, default=None),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One background IP on the list of an agreement: for which fields and whose use it is listed."""

    number: str
    agreement: str
    fields: frozenset[str]
    users: frozenset[str]


def unlisted(named: Iterable[str], listed: Iterable[Listed], *, fields: Collection[str], user: str) -> list[Excess]:
    """What a licence names of background IP beyond the list: not on it, not for that field, not for that user."""
    by_number = {one.number: one for one in listed}
    found = []
    for number in sorted(set(named)):
        one = by_number.get(number)
        if one is None:
            found.append(Excess(number, "", UNLISTED, Text("利用", "use"), Text("一覧に記載なし", "not on the list")))
            continue
        granted = frozenset(map(field_of, one.fields)) or frozenset({ALL})
        missing = frozenset() if ALL in granted else frozenset(map(field_of, fields)) - granted
        if missing:
            found.append(Excess(number, one.agreement, FIELD, _listed(FIELD, missing), _listed(FIELD, granted)))
        if one.users and user not in one.users:
            users = Text("、".join(USERS[code].ja for code in sorted(one.users)),
                         ", ".join(USERS[code].en for code in sorted(one.users)))  # fmt: skip
            found.append(Excess(number, one.agreement, SUBLICENSING, USERS[user], users))
    return found


USERS = {
    "consortium": Text("コンソーシアム", "the consortium"),
    "members": Text("会員", "members"),
    "licensees": Text("利用者", "licensees"),
}
_WHAT = {
    "subject": Text("権利の対象", "subjects of a right"),
    "after_withdrawal": Text("終了後の取扱い", "rules after withdrawal"),
    "purposes": Text("利用目的", "purposes"),
    "fields": Text("利用分野", "fields of use"),
    "territory": Text("地域（国コード2文字）", "territories (two letters)"),
    "users": Text("利用できる者", "users"),
}


def check_listing(fields: Iterable[str], users: Iterable[str]) -> None:
    """Refuse fields and users of background IP that nobody knows: a licence is held against them by their words."""
    for field in fields:
        _known(field, "fields", FIELDS)
    for user in users:
        _known(user, "users", USERS)


def _term_excess(source: str, right: Right, asked: Asked) -> Iterable[Excess]:
    too_early = asked.start is not None and asked.start < right.start and not asked.trained_already
    lasts = right.until is None or (asked.trained_already and right.outlasts)
    too_long = not lasts and asked.start is not None and _later(asked.until, right.until)
    if too_early or too_long:
        yield _excess(source, right, TERM, _span(asked.start, asked.until), _span(right.start, right.until))


def _later(until: date | None, other: date | None) -> bool:
    """Whether a period that ends on the one day goes on after the other; None never ends."""
    return other is not None and (until is None or until > other)


def _excess(source: str, right: Right, clause: str, asked: Text, granted: Text) -> Excess:
    edition = f"{right.agreement}@{right.edition}" if right.edition > 1 else right.agreement
    return Excess(source, edition, clause, asked, granted)


def _listed(clause: str, codes: Collection[str]) -> Text:
    table = {PURPOSE: PURPOSES, FIELD: FIELDS}.get(clause, {ALL: Text("限定なし", "everywhere")})
    words = [table.get(code, Text(code, code)) for code in sorted(codes)]
    if not words:
        return Text("なし", "none")
    return Text("・".join(word.ja for word in words), ", ".join(word.en for word in words))


def _span(start: date | None, until: date | None) -> Text:
    first = start.isoformat() if start else ""
    if until is None:
        return Text(f"{first} から期限なし", f"from {first} without end")
    last = last_day(until)
    return Text(f"{first} から {last} まで", f"from {first} to {last}")


def _meet(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    narrow = [codes for codes in sets if codes and ALL not in codes]
    return frozenset.intersection(*narrow) if narrow else frozenset({ALL})


def _known(code: str, what: str, table: Collection[str]) -> None:
    if code not in table:
        raise UnknownWord(word=code, what=_WHAT[what], known="、".join(table))
