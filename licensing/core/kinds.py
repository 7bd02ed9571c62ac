"""The kinds of entry this wing writes; `ALL` holds those of both wings, as the verifier reads them.

Required are the facts that the verifier itself relies on; the noun that writes an entry adds its own.
"""

from __future__ import annotations

from contributions.core import kinds as contributed
from contributions.core.kinds import Kind, kind, table

KINDS = table(
    [
        kind("release.published", "release", "モデルリリースの公表", "Release published"),
        kind("run.recorded", "run", "学習実行の記録", "Training run recorded"),
        kind("policy.proposed", "policy_sha256", "配分規程の提案", "Allocation policy proposed"),
        kind("body.constituted", "body kind name", "決定機関の登録", "Deciding body recorded"),
        kind(
            "body.ruled", "body edition from rules source", "決定機関の規則の登録", "Rules of a deciding body recorded"
        ),
        kind("ballot.opened", "ballot", "投票の開始", "Ballot opened"),
        kind("ballot.weighed", "ballot stakes", "議決権の重みの確定", "Weights of a ballot fixed"),
        kind("vote.cast", "ballot", "投票", "Vote cast"),
        kind("vote.sealed", "ballot voter choice", "投票（非公開）", "Vote cast, not shown"),
        kind(
            "ballot.counted", "ballot for against abstain electorate", "出資比率による集計", "Ballot counted by stake"
        ),
        kind("ballot.closed", "ballot", "投票の締切り", "Ballot closed"),
        kind(
            "decision.recorded", "ballot matter carried decided_on", "他の場での決定の記録", "Outside decision recorded"
        ),
        kind("run.breached", "breach run country since found", "学習実行の所在国違反の記録", "Training run in breach"),
        kind("run.mended", "breach run from", "学習実行の所在国違反の是正", "Breach of a training run mended"),
        kind(
            "valuation.submitted",
            "valuation valuation_sha256 players",
            "提携の値の表の提出",
            "Table of coalition values submitted",
        ),
        kind(
            "valuation.adopted",
            "valuation valuation_sha256 players values",
            "提携の値の表の採択",
            "Table of coalition values adopted",
        ),
        kind("valuation.refused", "valuation", "提携の値の表の差戻し", "Table of coalition values sent back"),
        kind("duty.adopted", "version from lines source", "届出義務の表の採択", "Table of notice duties adopted"),
        kind("invention.registered", "invention inventors route", "発明の登録", "Invention registered"),
        kind("invention.routed", "invention route on", "発明の取扱いの決定", "Route of an invention decided"),
        kind("invention.filed", "invention country filed_on filing", "特許出願の記録", "Patent application recorded"),
        kind("invention.notified", "invention duty on", "届出の記録", "Notice recorded"),
        kind("invention.transferred", "invention holders on", "発明の持分の移転", "Shares in an invention transferred"),
        kind("policy.adopted", "policy_sha256", "配分規程の採択", "Allocation policy adopted"),
        kind("allocation.run", "allocation", "配分計算の実行", "Allocation calculated"),
        kind("allocation.attested", "allocation", "配分計算の再計算と確認", "Allocation recomputed and attested"),
        kind(
            "allocation.adopted",
            "allocation release policy_sha256 inputs_sha256 rows_root sum checkpoint window",
            "配分計算の採択",
            "Allocation adopted",
        ),
        kind("licensee.applied", "licensee", "利用者の申込み", "Licensee applied"),
        kind("licensee.screened", "licensee", "利用者審査の記録", "Licensee screened"),
        kind("licensee.approved", "licensee", "利用者の承認", "Licensee approved"),
        kind("licensee.refused", "licensee", "利用者の不承認", "Licensee refused"),
        kind("licensee.suspended", "licensee", "利用者の停止", "Licensee suspended"),
        kind("licensee.reclassified", "licensee", "利用者区分の変更", "Licensee reclassified"),
        kind("conflict.declared", "licensee", "審査から除く組織の記録", "Conflict of a screening declared"),
        kind("conflict.lifted", "licensee", "審査から除く組織の解除", "Conflict of a screening lifted"),
        kind("screening.adopted", "rule_sha256", "利用者審査の基準の採択", "Screening rule adopted"),
        kind("field.listed", "field", "利用分野の登録", "Field of use listed"),
        kind("schedule.withdrawn", "schedule", "料金表案の取下げ", "Schedule proposal withdrawn"),
        kind("schedule.proposed", "schedule", "料金表の提案", "Schedule proposed"),
        kind("schedule.adopted", "schedule", "料金表の採択", "Schedule adopted"),
        kind("clause.proposed", "clause version", "条項の提案", "Clause proposed"),
        kind("clause.approved", "clause", "条項の承認", "Clause approved"),
        kind("clause.retired", "clause version", "条項の廃止", "Clause retired"),
        kind("template.proposed", "template version", "ひな形の提案", "Template proposed"),
        kind("template.approved", "template version", "ひな形の承認", "Template approved"),
        kind("template.retired", "template version", "ひな形の廃止", "Template retired"),
        kind("checklist.adopted", "version from", "点検表の採択", "Checklist adopted"),
        kind("checklist.answered", "agreement items", "点検表への回答", "Checklist answered"),
        kind("agreement.drafted", "agreement", "契約書案の作成", "Agreement drafted"),
        kind("agreement.approved", "agreement", "契約書案の承認", "Agreement approved"),
        kind("agreement.offered", "agreement", "契約書の提示", "Agreement offered"),
        kind("agreement.signed", "agreement", "契約書の署名", "Agreement signed"),
        kind("agreement.sent_back", "agreement", "契約書案の差戻し", "Agreement draft sent back"),
        kind("agreement.declined", "agreement", "契約の辞退", "Agreement declined"),
        kind("agreement.withdrawn", "agreement", "契約の取下げ", "Agreement withdrawn"),
        kind("negotiation.opened", "agreement version_sha256", "契約交渉の開始", "Negotiation opened"),
        kind("negotiation.proposed", "agreement version_sha256", "契約交渉の提案", "Proposals handed over"),
        kind("negotiation.accepted", "agreement proposal", "提案の受諾", "Proposal accepted"),
        kind("negotiation.rejected", "agreement proposal", "提案の拒絶", "Proposal rejected"),
        kind("negotiation.agreed", "agreement version_sha256", "契約文言の合意", "Text agreed"),
        kind("negotiation.reopened", "agreement", "契約交渉の再開", "Negotiation reopened"),
        kind("negotiation.ended", "agreement", "契約交渉の終了", "Negotiation broken off"),
        kind("deviation.recorded", "deviation agreement", "標準外条項の記録", "Deviation recorded"),
        kind("deviation.approved", "deviation agreement", "標準外条項の承認", "Deviation approved"),
        kind("deviation.refused", "deviation agreement", "標準外条項の不承認", "Deviation refused"),
        kind("deviation.withdrawn", "deviation agreement", "標準外条項の取下げ", "Deviation withdrawn"),
        kind("mandate.proposed", "proposal rules_sha256", "交渉・決裁規程の提案", "Negotiation rules proposed"),
        kind("mandate.withdrawn", "proposal", "交渉・決裁規程案の取下げ", "Proposed negotiation rules withdrawn"),
        kind("mandate.adopted", "mandate rules_sha256", "交渉・決裁規程の採択", "Negotiation rules adopted"),
        kind("approval.opened", "approval agreement", "稟議の申請", "Approval asked for"),
        kind("approval.acted", "approval step", "稟議の意見・承認", "Opinion or approval given"),
        kind("approval.returned", "approval", "稟議の差戻し", "Approval sent back"),
        kind("approval.resubmitted", "approval", "稟議の再申請", "Approval submitted again"),
        kind("approval.granted", "approval", "稟議の決裁", "Approval granted"),
        kind("approval.refused", "approval", "稟議の不承認", "Approval refused"),
        kind("approval.withdrawn", "approval", "稟議の取下げ", "Approval withdrawn"),
        kind("deputy.named", "from until", "代理の指定", "Deputy named"),
        kind("agreement.executed", "agreement", "契約の成立", "Agreement executed"),
        kind("amendment.drafted", "amendment agreement", "変更契約案の作成", "Amendment drafted"),
        kind("amendment.approved", "amendment", "変更契約案の承認", "Amendment approved"),
        kind("amendment.offered", "amendment", "変更契約の提示", "Amendment offered"),
        kind("amendment.signed", "amendment", "変更契約の署名", "Amendment signed"),
        kind("amendment.declined", "amendment", "変更契約の辞退", "Amendment declined"),
        kind("amendment.withdrawn", "amendment", "変更契約の取下げ", "Amendment withdrawn"),
        kind("amendment.executed", "amendment agreement effective_from", "変更契約の成立", "Amendment executed"),
        kind("renewal.refused", "agreement party term_until", "更新拒絶の通知", "Notice against renewal given"),
        kind("renewal.proposed", "agreement renewal until", "更新の申入れ", "Renewal proposed"),
        kind("renewal.accepted", "agreement renewal", "更新の申入れの承諾", "Proposed renewal accepted"),
        kind("renewal.declined", "agreement renewal", "更新の申入れの拒絶", "Proposed renewal declined"),
        kind(
            "renewal.countered", "agreement renewal counter", "更新の申入れに対する対案", "Proposed renewal countered"
        ),
        kind("renewal.withdrawn", "agreement renewal", "更新の申入れの撤回", "Proposed renewal withdrawn"),
        kind(
            "amendment.restamped",
            "amendment document_sha256",
            "覚書のタイムスタンプの更新",
            "Timestamp of an amendment renewed",
        ),
        kind("renewal.announced", "agreement effective_from", "更新後の料金の通知", "Prices of a renewal announced"),
        kind("agreement.renewed", "agreement term", "契約の更新", "Agreement renewed"),
        kind("step_up.requested", "step_up agreement", "利用許諾への移行の申出", "Step-up to a full licence asked for"),
        kind(
            "step_up.drafted", "step_up agreement full", "移行先の契約書案の作成", "Full licence of a step-up drafted"
        ),
        kind("step_up.declined", "step_up agreement", "利用許諾への移行の拒絶", "Step-up declined"),
        kind("step_up.withdrawn", "step_up agreement", "移行の申出の撤回", "Request to step up withdrawn"),
        kind("step_up.concluded", "step_up agreement full", "利用許諾への移行", "Stepped up to a full licence"),
        kind("agreement.suspended", "agreement effective_at", "利用の停止", "Licence suspended"),
        kind("agreement.reinstated", "agreement effective_at", "利用停止の解除", "Suspension lifted"),
        kind("agreement.terminated", "agreement ground effective_at", "契約終了の通知", "Termination given"),
        kind("agreement.ended", "agreement", "契約の終了", "Agreement ended"),
        kind("agreement.expired", "agreement", "契約の期間満了", "Agreement expired"),
        kind("obligation.raised", "agreement obligations", "義務の登録", "Obligations raised"),
        kind("obligation.fulfilled", "obligation", "義務の履行", "Obligation fulfilled"),
        kind("waiver.asked", "obligation", "義務の免除の申出", "Waiver of an obligation asked for"),
        kind("obligation.waived", "obligation", "義務の免除", "Obligation waived"),
        kind("release.filed", "release file sha256", "リリースのファイルの登録", "File of a release registered"),
        kind("delivery.made", "delivery agreement files", "ファイルの納品", "Files delivered"),
        kind("delivery.received", "delivery", "納品の受領", "Delivery received"),
        kind("delivery.accepted", "delivery", "検収の合格", "Delivery accepted"),
        kind("delivery.rejected", "delivery", "検収の不合格", "Delivery rejected"),
        kind("delivery.deemed", "delivery", "検収のみなし合格", "Delivery deemed accepted"),
        kind("derivative.registered", "derivative agreement parents", "派生モデルの届出", "Derivative registered"),
        kind("derivative.revised", "derivative parents", "派生モデルの届出の訂正", "Derivative revised"),
        kind("derivative.approved", "derivative stack", "派生モデルの登録", "Derivative approved"),
        kind("derivative.refused", "derivative", "派生モデルの登録の拒否", "Derivative refused"),
        kind("derivative.withdrawn", "derivative", "派生モデルの届出の取下げ", "Derivative withdrawn"),
        kind("agreement.restamped", "agreement document_sha256", "タイムスタンプの更新", "Timestamp renewed"),
        kind("licence.issued", "licence agreement licence_sha256 status", "許諾証の発行", "Licence file issued"),
        kind("outside.taken", "outside", "外部締結契約の受入れ", "Outside agreement taken in"),
        kind("outside.corrected", "outside", "外部締結契約の登録内容の訂正", "Outside agreement corrected"),
        kind("outside.erased", "outside", "外部締結契約のファイルの消去", "Outside agreement's file erased"),
        kind("usage.submitted", "usage", "利用実績報告の提出", "Usage report submitted"),
        kind("usage.accepted", "usage", "利用実績報告の受理", "Usage report accepted"),
        kind("invoice.issued", "invoice", "請求書の発行", "Invoice issued"),
        kind("receipt.recorded", "receipt", "入金の記録", "Receipt recorded"),
        kind("distribution.proposed", "distribution", "収益分配の提案", "Distribution proposed"),
        kind("distribution.approved", "distribution", "収益分配の承認", "Distribution approved"),
        kind("payout.notified", "payout", "分配額の通知", "Payout notified"),
        kind("payout.confirmed", "payout", "分配額の確認", "Payout confirmed"),
        kind("payout.disputed", "payout", "分配額への異議", "Payout disputed"),
        kind("payout.paid", "payout", "分配金の支払", "Payout paid"),
        kind("report.prepared", "report report_sha256", "来歴・権利検証報告書の作成", "Audit report prepared"),
        kind("books.closed", "period", "月次締め", "Period closed"),
    ]
)

# What a licensee uses, pays and signs is for legal, finance and the auditor; the allocation desk has no part in it.
NOUNS_OF_LICENSEES = frozenset(
    {
        "agreement",
        "amendment",
        "approval",
        "checklist",
        "conflict",
        "delivery",
        "deputy",
        "derivative",
        "deviation",
        "invoice",
        "licence",
        "licensee",
        "mandate",
        "negotiation",
        "obligation",
        "outside",
        "receipt",
        "renewal",
        "report",
        "step_up",
        "usage",
        "waiver",
    }
)
OF_LICENSEES = frozenset(name for name in KINDS if name.split(".")[0] in NOUNS_OF_LICENSEES)

# One statement that speaks of many members at once: closed to whoever is barred from one of them.
INDIVISIBLE = frozenset(
    {
        "run.recorded",
        "distribution.proposed",
        "distribution.approved",
        "ballot.weighed",
        "ballot.counted",
        "valuation.submitted",
        "valuation.adopted",
    }
)

# What a coalition is worth tells what each rival is worth: for the allocation desk and the auditor alone.
OF_VALUATIONS = frozenset(name for name in KINDS if name.startswith("valuation."))

# How a member voted where the body's rule does not show it: for the auditor, who can count, and the voter.
OF_SECRET_VOTES = frozenset({"vote.sealed"})

# Inventions are their holders' until they are published; finance and the desk have no part in them.
OF_INVENTIONS = frozenset(name for name in KINDS if name.startswith("invention."))

ALL: dict[str, Kind] = table([*contributed.KINDS.values(), *KINDS.values()])
