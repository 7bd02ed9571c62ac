"""The kinds of entry this wing writes, the facts each must state, and how a line of history names it.

`journal.append` and the verifier read the same table: what is not listed is neither written nor believed. A fact may
be null where the table asks for it, but it must stand. Further facts are welcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry. `required` are the names of the facts that its statement must hold."""

    name: str
    required: tuple[str, ...]
    label: Text


class UnknownKind(Refused):
    code = "unknown-kind"
    ja = "台帳記録の種別「{kind}」は定義されていません。"
    en = "No kind of entry is called “{kind}”."


class MissingFacts(Refused):
    code = "missing-facts"
    ja = "台帳記録「{kind}」に必要な項目がありません：{missing}。"
    en = "An entry “{kind}” must state: {missing}."


def kind(name: str, required: str, ja: str, en: str) -> Kind:
    """A row of a table of kinds; the required facts are separated by spaces."""
    return Kind(name, tuple(required.split()), Text(ja, en))


def table(rows: Iterable[Kind]) -> dict[str, Kind]:
    """Rows by name, each name once."""
    listed = list(rows)
    found = {row.name: row for row in listed}
    assert len(found) == len(listed), "a kind is listed twice"
    return found


KINDS = table(
    [
        kind("installation.founded", "installation demo name legal_form", "台帳の開設", "Ledger founded"),
        kind("key.rotated", "old new from", "台帳の鍵の交替", "Log key replaced"),
        kind("witness.enrolled", "witness name vkey organization kind from", "立会人の登録", "Witness enrolled"),
        kind("witness.retired", "witness from", "立会人の退任", "Witness retired"),
        kind("threshold.adopted", "threshold kinds from", "立会署名の必要数の採択", "Cosignature threshold adopted"),
        kind(
            "statement.signed",
            "entry statement_sha256 witness time signature",
            "会員による記録内容への署名",
            "Statement signed by its member",
        ),
        kind("annex.erased", "entry annex ground", "添付の消去", "Attachment erased"),
        kind(
            "organization.registered",
            "organization name_ja name_en country kind invented",
            "組織の登録",
            "Organization registered",
        ),
        kind("organization.affiliated", "parent child control from", "資本関係の登録", "Group relation registered"),
        kind("organization.amended", "organization from", "登録事項の変更", "Organization amended"),
        kind("person.invited", "user home from", "利用者の登録", "Person invited"),
        kind("person.moved", "user home from", "出向元の変更", "Employer changed"),
        kind("person.deactivated", "user from", "利用者の停止", "Person deactivated"),
        kind("person.reactivated", "user from", "利用者の再開", "Person reactivated"),
        kind(
            "cleanteam.granted",
            "cleanteam user rival from until",
            "クリーンチームの許可",
            "Clean-team grant given",
        ),
        kind("cleanteam.ended", "cleanteam user rival from", "クリーンチームの許可の終了", "Clean-team grant ended"),
        kind("role.granted", "user organization workplace from until", "権限の付与", "Role granted"),
        kind("role.revoked", "user organization workplace from until", "権限の取消し", "Role revoked"),
        kind("member.admitted", "member organization class from", "会員の加入", "Member admitted"),
        kind("member.withdrawn", "member from", "会員の脱退", "Member withdrawn"),
        kind("member.reclassified", "member class from", "会員区分の変更", "Member’s class changed"),
        kind("stake.restated", "member share from restates", "出資比率の訂正", "Stake restated"),
        kind("stake.declared", "member share from", "出資比率の登録", "Stake declared"),
        kind(
            "terms.concluded",
            "agreement type organization rights from until",
            "受入契約の締結",
            "Inbound agreement concluded",
        ),
        kind(
            "terms.amended",
            "agreement edition type organization rights from until",
            "受入契約の改定",
            "Inbound agreement amended",
        ),
        kind("terms.ended", "agreement from", "受入契約の終了", "Inbound agreement ended"),
        kind("terms.typed", "type name from until", "受入契約の種類の登録", "Type of inbound agreement listed"),
        kind("funding.registered", "funding mode rate programme decision", "資金源の登録", "Funding source registered"),
        kind(
            "funding.awarded",
            "funding mode rate programme decision recipient",
            "助成・委託の登録",
            "Grant or commission registered",
        ),
        kind(
            "funding.amended",
            "funding edition mode rate programme decision from",
            "資金源の改定",
            "Funding source amended",
        ),
        kind("asset.acquired", "asset funding on price restricted_until", "取得財産の登録", "Asset acquired"),
        kind("asset.disposed", "asset on approval", "取得財産の処分", "Asset disposed of"),
        kind("ratecard.adopted", "card version from lines", "換算表の採択", "Rate card adopted"),
        kind(
            "ratecard.committed",
            "card version from rows_root",
            "換算表のルートハッシュの記録",
            "Root over a rate card’s lines",
        ),
        kind("dataset.registered", "dataset member", "データセットの登録", "Dataset registered"),
        kind(
            "dataset.revised",
            "dataset version member quantity unit agreement funding on copies required",
            "データセット版の登録",
            "Dataset version registered",
        ),
        kind(
            "dataset.copied", "dataset version country region on", "データセットの複製の登録", "Dataset copy registered"
        ),
        kind(
            "dataset.stated", "dataset version member record", "データセット版の記載の補充", "Dataset record completed"
        ),
        kind(
            "copy.evidenced",
            "dataset version copy country on attested_by",
            "データセットの複製の所在国の証明",
            "Country of a dataset copy evidenced",
        ),
        kind("copy.removed", "dataset version copy on", "データセットの複製の廃棄", "Dataset copy deleted"),
        kind("dataset.withdrawn", "dataset version from", "データセット版の撤回", "Dataset version withdrawn"),
        kind(
            "dataset.recovered",
            "dataset version part source on",
            "データの回収の申告",
            "Recovery of a dataset version declared",
        ),
        kind("review.opened", "dataset version review", "データ審査の開始", "Data review opened"),
        kind("review.decided", "dataset version review decision from until", "データ審査の判定", "Data review decided"),
        kind("review.assigned", "dataset version review body", "データ審査の割当て", "Data review assigned"),
        kind("review.replied", "dataset version review round", "データ審査への回答", "Reply to a data review"),
        kind("review.reopened", "dataset version review round", "データ再審査の開始", "Data review re-opened"),
        kind(
            "condition.fulfilled",
            "dataset version review round condition on",
            "データ審査の条件の履行確認",
            "Condition of a data review fulfilled",
        ),
        kind("requirement.adopted", "version from lines", "必要審査表の採択", "Table of required reviews adopted"),
        kind("residency.breached", "breach member what country since found", "所在国違反の記録", "Residency breached"),
        kind("residency.mended", "breach member from", "所在国違反の是正", "Residency breach mended"),
        kind("exclusion.checked", "exclusion member on respected", "除外指定の遵守確認", "Exclusion checked"),
        kind(
            "exclusion.declared",
            "exclusion member rival purposes dataset from",
            "除外指定",
            "Exclusion declared",
        ),
        kind("exclusion.lifted", "exclusion member from", "除外指定の解除", "Exclusion lifted"),
        kind("facility.registered", "facility country region operator", "計算施設の登録", "Facility registered"),
        kind("facility.amended", "facility from", "計算施設の登録事項の変更", "Facility amended"),
        kind(
            "facility.evidenced",
            "facility country on attested_by",
            "計算施設の所在国の証明",
            "Country of a facility evidenced",
        ),
        kind(
            "batch.received",
            "batch sha256 format member facility rows findings",
            "計算実績ファイルの受領",
            "Usage file received",
        ),
        kind(
            "compute.metered",
            "batch member facility accelerator day jobs cpu_s node_s gpu_s funding country",
            "計算資源提供の計量",
            "Compute metered",
        ),
        kind("compute.attested", "batch", "計算実績の確認", "Compute attested"),
        kind("compute.reversed", "batch", "計算実績の取消し", "Compute reversed"),
        kind("compute.recovered", "batch part source on", "計算資源の回収の申告", "Recovery of compute declared"),
        kind(
            "resource.recorded",
            "resource member kind unit quantity period funding agreement",
            "資金・従事・知財の拠出の登録",
            "Cash, people or background IP recorded",
        ),
        kind(
            "resource.pledged",
            "resource member kind unit quantity period funding agreement",
            "拠出予定の登録",
            "Contribution pledged",
        ),
        kind("resource.fulfilled", "resource by", "拠出予定の履行", "Pledge fulfilled"),
        kind("resource.examined", "resource", "拠出の確認の開始", "Contribution taken up"),
        kind("resource.accepted", "resource", "拠出の受入れ", "Contribution accepted"),
        kind("resource.refused", "resource", "拠出の受入れの拒否", "Contribution refused"),
        kind("resource.disputed", "resource", "拠出への異議の申出", "Contribution disputed"),
        kind("resource.answered", "resource outcome", "拠出への異議の回答", "Dispute of a contribution answered"),
        kind("resource.superseded", "resource replacement", "拠出の差替え", "Contribution superseded"),
        kind("resource.withdrawn", "resource from", "拠出の取下げ", "Contribution withdrawn"),
        kind(
            "resource.recovered", "resource part source on", "拠出の回収の申告", "Recovery of a contribution declared"
        ),
        kind(
            "worklog.received", "worklog resource member month minutes days rows", "従事日誌の受領", "Work log received"
        ),
        kind("worklog.withdrawn", "worklog resource member month", "従事日誌の取下げ", "Work log withdrawn"),
        kind("resource.reversed", "resource", "拠出の取消し", "Contribution reversed"),
    ]
)


# Statements about data and about who may not have it: no business of whoever keeps the money.
_OF_DATA = {"dataset", "copy", "review", "condition", "exclusion", "residency"}
OF_DATA = tuple(name for name in KINDS if name.partition(".")[0] in _OF_DATA)


def check(name: str, facts: Mapping[str, object], kinds: Mapping[str, Kind] = KINDS) -> Kind:
    """The kind of that name, once its facts are complete; refuses an unknown kind and missing facts."""
    found = kinds.get(name)
    if found is None:
        raise UnknownKind(kind=name)
    missing = [fact for fact in found.required if fact not in facts]
    if missing:
        raise MissingFacts(kind=name, missing=", ".join(missing))
    return found
