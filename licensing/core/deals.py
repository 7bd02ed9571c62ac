"""The usual deals between partners, as data: for each right who holds it, who uses it, who may train on, what form.

Ownership (権利帰属), conditions of use (利用条件) and further training (追加学習) are three questions; a deal that
mixes them stalls. The fourth is the legal form of a share: a contractual claim, unless co-ownership is chosen in so
many words. A preset fills in every cell of the table, and legal staff change single cells; what comes out is the part
of a policy document that says so in words.

Sources: METI/JPO OI model contracts (three questions, materials one by one); UK Intellectual Property Office, Lambert
model consortium agreements A to D; Patent Act art. 73 and Copyright Act art. 65 on co-ownership.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core.rights import CO_OWNED, CO_OWNERSHIP, FORM_NAMES, FURTHER_TRAINING, OWNERSHIP, RIGHTS, USE

AXES: Mapping[str, Mapping[str, Text]] = {
    "ownership": OWNERSHIP,
    "use": USE,
    "further_training": FURTHER_TRAINING,
    "form": FORM_NAMES,
}
AXIS_NAMES = {
    "ownership": Text("帰属", "Ownership"),
    "use": Text("利用条件", "Conditions of use"),
    "further_training": Text("追加学習", "Further training"),
    "form": Text("配分の法的性質", "Legal form of a share"),
}

Terms = Mapping[str, Mapping[str, str]]
"""Right → axis → code."""


class BadDeal(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "bad-deal"
    ja = "権利の取決めに {count} 件の誤りがあります。{first}"
    en = "The deal has {count} faults. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        first = Text(findings[0].text("ja"), findings[0].text("en"))
        super().__init__(count=len(findings), first=first)


@dataclass(frozen=True, slots=True)
class Preset:
    """A usual deal: its name, what it is in a sentence, and the four answers for each right."""

    name: Text
    said: Text
    terms: Terms


@dataclass(frozen=True, slots=True)
class Warning:
    """What legal staff must know before they choose a cell."""

    right: str
    text: Text


def check(terms: Terms) -> dict[str, dict[str, str]]:
    """The same terms, every right and every axis in order; refuses with all that is missing, unknown or contradictory.

    >>> check(PRESETS["lambert-a"].terms)["weights"]["form"]
    'claim'
    """
    found = [Finding(None, right, "unknown-right", "権利「{right}」はありません。", "There is no right “{right}”.",
                     {"right": right}) for right in terms if right not in RIGHTS]  # fmt: skip
    for right, name in RIGHTS.items():
        found += _faults(right, name, terms.get(right, {}))
    if found:
        raise BadDeal(found)
    return {right: {axis: terms[right][axis] for axis in AXES} for right in RIGHTS}


def warnings(terms: Terms) -> list[Warning]:
    """What follows from each co-ownership that was chosen, by right; nothing where every share is a claim."""
    return [
        Warning(right, COMMON.get(right, COMMON_OTHERWISE))
        for right in RIGHTS
        if terms.get(right, {}).get("form") == CO_OWNERSHIP
    ]


def written(terms: Terms) -> str:
    """The terms as one line of JSON, as the page of deals hands them to that of a new policy."""
    return json.dumps({right: [terms[right][axis] for axis in AXES] for right in RIGHTS}, separators=(",", ":"))


def read(text: str) -> dict[str, dict[str, str]]:
    """Terms as `written` wrote them; refuses what is none.

    >>> read(written(PRESETS["lead"].terms)) == PRESETS["lead"].terms
    True
    """
    try:
        stated = {right: dict(zip(AXES, cells, strict=True)) for right, cells in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        stated = {}
    return check(stated)


def changes(terms: Terms, preset: Preset) -> list[tuple[str, str]]:
    """The cells (right, axis) in which terms differ from a preset."""
    return [(right, axis) for right in RIGHTS for axis in AXES if terms[right][axis] != preset.terms[right][axis]]


def _faults(right: str, name: Text, cells: Mapping[str, str]) -> list[Finding]:
    found = []
    for axis, table in AXES.items():
        value = cells.get(axis)
        if value not in table:
            found.append(
                Finding(
                    None,
                    f"{right}.{axis}",
                    "unknown-term",
                    "{right}の{axis}に「{value}」という選択肢はありません。",
                    "“{value}” is no {axis} for {right}.",
                    {"right": name, "axis": AXIS_NAMES[axis], "value": value or "–"},
                )
            )
    if not found and (cells["form"] == CO_OWNERSHIP) != (cells["ownership"] == CO_OWNED):
        found.append(
            Finding(
                None,
                f"{right}.form",
                "form-without-ownership",
                "{right}：法的性質を共有持分とするのは帰属を会員の共有とするときに限り、共有とするときは共有持分とします。",
                "{right}: a share is one in co-ownership exactly where ownership is co-owned.",
                {"right": name},
            )
        )
    return found


COMMON = {
    "inventions": Text(
        "特許権を共有とすると、各共有者は自ら実施できますが、持分の譲渡・質権の設定・第三者への実施許諾には"
        "他の共有者全員の同意が必要です（特許法73条）。",
        "A co-owned patent may be worked by each co-owner, but assigning or pledging a share and licensing to others"
        " need the consent of all the others (Patent Act art. 73).",
    ),
    "training-program": Text(
        "著作権を共有とすると、持分の譲渡・質権の設定に他の共有者の同意が、権利の行使に共有者全員の合意が必要です。"
        "正当な理由がなければ合意の成立を妨げることはできません（著作権法65条）。",
        "With a co-owned copyright, assigning or pledging a share needs the others’ consent, and exercising the right"
        " needs the agreement of all, which may be withheld only with good reason (Copyright Act art. 65).",
    ),
}
COMMON_OTHERWISE = Text(
    "共有とすると、特許権・著作権が含まれる範囲で、第三者への許諾に他の共有者の同意が必要となります"
    "（特許法73条、著作権法65条）。データや学習済みパラメータは物ではなく、民法上の共有にはなりません。"
    "共有という定めの効果は契約で具体的に定めてください。",
    "Co-ownership means that, as far as patents or copyrights are contained, licensing to others needs the other"
    " co-owners’ consent (Patent Act art. 73, Copyright Act art. 65). Data and weights are no things, so the Civil"
    " Code’s co-ownership does not apply to them: say in the contract what co-ownership shall mean.",
)


def _terms(**rows: str) -> dict[str, dict[str, str]]:
    """Rows written as "ownership use further_training form"; a right's hyphen is written as an underscore."""
    return {right: dict(zip(AXES, rows[right.replace("-", "_")].split(), strict=True)) for right in RIGHTS}


_MONEY = {
    "revenue": "not-owned by-policy not-applicable claim",
    "votes": "not-owned by-policy not-applicable claim",
    "use": "not-owned by-policy not-applicable claim",
}
PRESETS = {
    "each-keeps": Preset(
        Text("各自が自らのものを保有", "Each keeps its own"),
        Text(
            "提供したものは提供した会員に、創出したものは創出した会員に残し、互いに共同開発に必要な範囲で許諾します。",
            "What a member brings or creates stays its own; each licenses the others as far as the project needs it.",
        ),
        _terms(
            weights="consortium by-schedule licensed claim",
            training_dataset="contributor project-only consent claim",
            training_program="creator project-only not-applicable claim",
            inventions="inventor-employer project-only not-applicable claim",
            derivative="maker by-schedule licensed claim",
            distilled="maker by-schedule prohibited claim",
            know_how="creator project-only not-applicable claim",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
    "lead": Preset(
        Text("主導当事者への集約と収益の分配", "One leading party, revenue shared"),
        Text(
            "成果を主導当事者に集約して許諾を一元化し、ほかの会員は収益の分配を受けます。",
            "Results are held by one leading party, which licenses them; the others receive a share of the revenue.",
        ),
        _terms(
            weights="lead by-schedule licensed claim",
            training_dataset="contributor project-only consent claim",
            training_program="lead internal holder-only claim",
            inventions="lead fair-terms not-applicable claim",
            derivative="lead by-schedule licensed claim",
            distilled="lead holder-only prohibited claim",
            know_how="lead internal not-applicable claim",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
    "contribution": Preset(
        Text("貢献度に応じた共有", "Co-ownership by contribution"),
        Text(
            "共同の成果を貢献度に応じた持分で共有します。第三者への許諾には他の共有者の同意が要ります。",
            "Joint results are co-owned in shares by contribution. Licensing them out needs every co-owner’s consent.",
        ),
        _terms(
            weights="co-owned own-working-free members co-ownership",
            training_dataset="contributor project-only consent claim",
            training_program="co-owned own-working-free members co-ownership",
            inventions="co-owned own-working-free not-applicable co-ownership",
            derivative="maker by-schedule licensed claim",
            distilled="co-owned own-working-free prohibited co-ownership",
            know_how="co-owned own-working-free not-applicable co-ownership",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
    "lambert-a": Preset(
        Text("ランバートA（各自が保有し広く許諾）", "Lambert A (each owns, wide licences)"),
        Text(
            "各会員が自らの成果を保有し、ほかの全会員に目的を問わず、再許諾も含めて許諾します。",
            "Each member owns its own results and licenses all others for any purpose, with free sub-licensing.",
        ),
        _terms(
            weights="creator any-purpose members claim",
            training_dataset="contributor any-purpose members claim",
            training_program="creator any-purpose members claim",
            inventions="inventor-employer any-purpose not-applicable claim",
            derivative="maker any-purpose members claim",
            distilled="maker any-purpose members claim",
            know_how="creator any-purpose not-applicable claim",
            outputs="user any-purpose members claim",
            **_MONEY,
        ),
    ),
    "lambert-b": Preset(
        Text("ランバートB（主導活用者へ譲渡、収益を分配）", "Lambert B (lead exploitation party, revenue share)"),
        Text(
            "成果を主導活用者に譲渡し、または独占的に許諾し、主導活用者は活用計画に従って収益を分配します。",
            "Results are assigned or exclusively licensed to a lead exploitation party, which pays a revenue share"
            " under an exploitation plan.",
        ),
        _terms(
            weights="lead by-schedule holder-only claim",
            training_dataset="contributor project-only consent claim",
            training_program="lead internal holder-only claim",
            inventions="lead internal not-applicable claim",
            derivative="lead by-schedule licensed claim",
            distilled="lead holder-only prohibited claim",
            know_how="lead internal not-applicable claim",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
    "lambert-c": Preset(
        Text("ランバートC（中核事業ごとに帰属）", "Lambert C (each takes what is germane to its core business)"),
        Text(
            "各会員が自らの中核事業に関わる成果を取得し、それ以外は自らの事業分野で無償で利用できます。",
            "Each member takes the results germane to its core business, and uses the others freely in its own field.",
        ),
        _terms(
            weights="core-business own-field members claim",
            training_dataset="contributor own-field consent claim",
            training_program="core-business own-field members claim",
            inventions="core-business own-field not-applicable claim",
            derivative="core-business own-field members claim",
            distilled="core-business own-field prohibited claim",
            know_how="core-business own-field not-applicable claim",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
    "lambert-d": Preset(
        Text("ランバートD（共同開発に限る許諾と協議義務）", "Lambert D (project licence and a duty to negotiate)"),
        Text(
            "許諾は共同開発の目的に限り、それを超える利用は条件を誠実に協議します。",
            "Licences cover the project alone; wider use is negotiated in good faith.",
        ),
        _terms(
            weights="creator negotiate consent claim",
            training_dataset="contributor project-only consent claim",
            training_program="creator negotiate consent claim",
            inventions="inventor-employer negotiate not-applicable claim",
            derivative="maker negotiate consent claim",
            distilled="maker negotiate prohibited claim",
            know_how="creator project-only not-applicable claim",
            outputs="user any-purpose prohibited claim",
            **_MONEY,
        ),
    ),
}
