"""One sample of each printed document, for tests that draw them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pikepdf

from contributions.core.periods import Period
from contributions.core.words import Text
from licensing.core import agreements, clauses
from licensing.core.documents import (
    AgreementDocument,
    Category,
    Evidence,
    Fact,
    InvoiceDocument,
    Line,
    Party,
    ReportDocument,
    StatementDocument,
    Step,
    Tax,
)

MADE_AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
LIBRARY = json.loads((Path(__file__).parent.parent / "demo" / "clauses.json").read_text(encoding="utf-8"))
CLAUSES = [clauses.clause(row) for row in LIBRARY["clauses"]]
TEMPLATE = agreements.template(LIBRARY["templates"][0])
LICENSOR = Party(
    Text("日本AI基盤モデル開発株式会社", "Japan AI Foundation Model Development Co., Ltd."),
    Text("東京都港区見本1丁目1番1号（見本）", "1-1-1 Mihon, Minato-ku, Tokyo (specimen)"),
    "T0000000000000（見本）",
    Text("代表取締役　髙﨑　一郎（架空）", "Ichiro Takasaki, Representative Director (fictitious)"),
)
LICENSEE = Party(
    Text("株式会社東雲ロボティクス（架空）", "Shinonome Robotics Inc. (fictitious)"),
    Text("大阪府大阪市見本区2番2号（見本）", "2-2 Mihon-ku, Osaka (specimen)"),
    "T0000000000000（見本）",
    Text("代表取締役　𠮷田　花子（架空）", "Hanako Yoshida, Representative Director (fictitious)"),
)
RATE = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [
        {"from": "0", "until": "500", "price": "12000"},
        {"from": "500", "until": "2000", "price": "9000"},
        {"from": "2000", "until": None, "price": "7500"},
    ],
    "minimum": "6000000",
}
VARIABLES: dict[str, object] = {
    "licensor": {"ja": LICENSOR.name.ja, "en": LICENSOR.name.en},
    "licensor_address": {"ja": LICENSOR.address.ja, "en": LICENSOR.address.en},
    "licensor_signatory": {"ja": LICENSOR.signatory.ja, "en": LICENSOR.signatory.en},
    "licensee": {"ja": LICENSEE.name.ja, "en": LICENSEE.name.en},
    "licensee_address": {"ja": LICENSEE.address.ja, "en": LICENSEE.address.en},
    "licensee_signatory": {"ja": LICENSEE.signatory.ja, "en": LICENSEE.signatory.en},
    "release": "R-0.3",
    "release_sha256": "9c1e03f75ab2" + "4d" * 26,
    "fields": ["robot"],
    "regions": ["JP", "TH"],
    "term": {"from": "2026-12-01", "until": "2028-12-01"},
    "renewal": "automatic",
    "renewal_years": 1,
    "notice_months": 6,
    "schedule": {"ja": "ロボット 2026年版（第4版）", "en": "Robots 2026 (version 4)"},
    "terms": RATE,
    "minimum": "6000000",
    "report_period": "quarter",
    "report_days": 30,
    "acceptance_days": 14,
    "incident_hours": 72,
    "late_rate": "146/1000",
    "record_years": 7,
    "audit_notice_days": 15,
    "audit_threshold": "10/100",
    "further_training": True,
    "registration_days": 14,
    "confidentiality_years": 5,
    "liability_months": 12,
    "cure_days": 30,
    "deletion_days": 30,
    "winddown_months": 6,
    "court": {"ja": "東京地方裁判所", "en": "Tokyo District Court"},
}


def agreement_json() -> dict[str, object]:
    """The sample agreement as data."""
    tree = agreements.assemble(TEMPLATE, CLAUSES, VARIABLES)
    return agreements.embedded("L-2026-0014", 2, TEMPLATE, CLAUSES, tree, VARIABLES, "S-ROBOT@4")


def agreement() -> AgreementDocument:
    """The sample agreement as a page."""
    return AgreementDocument(
        number="L-2026-0014",
        revision=2,
        tree=agreements.assemble(TEMPLATE, CLAUSES, VARIABLES),
        digest=agreements.digest(agreement_json()),
        licensor=LICENSOR,
        licensee=LICENSEE,
        particulars=(
            fact("モデルリリース", "Model release", "R-0.3", "R-0.3"),
            code("学習済みパラメータ SHA-256", "Trained parameters, SHA-256", str(VARIABLES["release_sha256"])),
        ),
        made_at=MADE_AT,
        demo=True,
        test_signature=True,
    )


def structural_faults(content: bytes) -> list[str]:
    """What a printed file lacks of what any reader can check in it without a validator; nothing where it is sound."""
    with pikepdf.open(BytesIO(content)) as paper:
        with paper.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            status, part = metadata.pdfa_status, str(metadata.get("pdfuaid:part"))
        root, things = paper.Root, [one for one in paper.objects if isinstance(one, pikepdf.Dictionary)]
        files = [one.objgen for one in root.get("/AF", [])]
        fonts = [one.FontDescriptor for one in things if one.get("/Type") == "/Font" and "/FontDescriptor" in one]
        holds = {
            "it says that it is PDF/A-3a": status == "3A",
            "it says that it is PDF/UA-1": part == "1",
            "an output intent with its profile": "/DestOutputProfile" in root.OutputIntents[0],
            "every font embedded": bool(fonts) and all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts),
            "each attachment named once": len(files) == len(set(files)) == len(paper.attachments),
            "marked as tagged": bool(root.MarkInfo.Marked),
            "a language": str(root.Lang) == "ja",
            "a structure tree": "/StructTreeRoot" in root,
            "no script": not any("/JS" in one or one.get("/S") == "/JavaScript" for one in things),
            "nothing that acts by itself": not {"/OpenAction", "/AA"} & set(root.keys()),
            "no encryption": not paper.is_encrypted,
        }
    return [name for name, held in holds.items() if not held]


def same(figure: str) -> Text:
    """A figure that is written alike in both languages."""
    return Text(figure, figure)


def invoice() -> InvoiceDocument:
    """The sample invoice."""
    return InvoiceDocument(
        number="INV-2026-0007",
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 30),
        period=Period(date(2026, 7, 1), date(2026, 10, 1)),
        issuer=LICENSOR,
        recipient=LICENSEE,
        subject=Text("基盤モデル利用料（契約 L-2026-0014）", "Foundation model fees (agreement L-2026-0014)"),
        lines=(
            line("ロボット 500台まで", "Robots up to 500", "500台", "12,000円", 6_000_000),
            line("ロボット 500台を超え2,000台まで", "Robots over 500 up to 2,000", "300台", "9,000円", 2_700_000),
        ),
        taxes=(Tax(Fraction(1, 10), 8_700_000, 870_000),),
        derivation=(
            Step(
                Text("利用実績報告", "Usage report"),
                Text("U-2026-0003（日本 620台、タイ 180台）", "U-2026-0003 (Japan 620, Thailand 180 robots)"),
            ),
            Step(Text("500台まで　12,000円", "up to 500 robots, JPY 12,000"), same("500 × 12,000"), "6,000,000円"),
            Step(
                Text("500台を超え2,000台まで　9,000円", "over 500 up to 2,000 robots, JPY 9,000"),
                same("300 × 9,000"),
                "2,700,000円",
            ),
        ),
        bank=Text("見本銀行　本店営業部　普通 0000000", "Mihon Bank, head office, ordinary 0000000"),
        made_at=MADE_AT,
        demo=True,
        digest="ab" * 32,
    )


def statement() -> StatementDocument:
    """The sample statement of a member."""
    return StatementDocument(
        number="ST-2026-0003-04",
        issued_on=date(2026, 10, 31),
        pay_on=date(2026, 11, 30),
        period=Period(date(2026, 7, 1), date(2026, 10, 1)),
        maker=LICENSOR,
        supplier=Party(Text("会員株式会社（見本）", "Member Inc. (specimen)"), registration="T0000000000000（見本）"),
        nature=Text(
            "契約に基づくデータ等の利用の対価（課税取引）", "Consideration under contract for use of data (taxable)"
        ),
        purchase=True,
        lines=(line("2026年7月から9月までの配分", "Distribution for July to September 2026", "1", "", 1_234_567),),
        taxes=(Tax(Fraction(1, 10), 1_234_567, 123_456),),
        withheld=0,
        derivation=(
            Step(Text("入金額（税抜）", "Money received, before tax"), same(""), "8,700,000円"),
            Step(Text("貴社の配分比率", "Your share"), same("× 14.1904 % = 1,234,564.8"), "1,234,564円"),
            Step(Text("端数（最大剰余法）", "Rounding (largest remainder)"), same("+3"), "3円"),
        ),
        confirm_by=date(2026, 11, 13),
        bank=Text("登録口座", "Account on file"),
        made_at=MADE_AT,
        demo=True,
        digest="cd" * 32,
    )


def report() -> ReportDocument:
    """The sample provenance report of a licensee."""
    passed = Text(
        "権利・個人情報・輸出管理・競争・安全保障・安全", "title, privacy, export, competition, security, safety"
    )
    japan = Text("日本", "Japan")
    return ReportDocument(
        number="AR-2026-0001",
        licensee=LICENSEE,
        issuer=LICENSOR,
        as_of=MADE_AT,
        licensed=(
            fact("契約", "Agreement", "L-2026-0014　第2版（締結済み）", "L-2026-0014, version 2 (executed)"),
            code("契約データ SHA-256", "Agreement data, SHA-256", agreements.digest(agreement_json())),
        ),
        categories=(
            Category(
                Text("製造設備の時系列", "Time series of manufacturing equipment"),
                Text("1億件以上", "over 100 million records"),
                passed,
                japan,
            ),
            Category(Text("走行映像", "Driving video"), Text("1万時間以上", "over 10,000 hours"), passed, japan),
        ),
        training=(fact("学習実行", "Training runs", "2件、全て日本国内の設備", "2, all on equipment in Japan"),),
        allocation=(
            fact("採択された配分計算", "Adopted allocation", "あり（比率の合計は1）", "exists (shares sum to 1)"),
            code("結果の要約値", "Root of the result", "ef" * 32),
        ),
        payments=(fact("INV-2026-0007", "", "9,570,000円　入金済み", "JPY 9,570,000, paid"),),
        evidence=(
            Evidence(Text("契約の締結", "Agreement executed"), "0f3c6a52-7d1f-5a35-9d55-8f8b8a5a0b11", 4780, "12" * 32),
            Evidence(
                Text("配分計算の採択", "Allocation adopted"), "1a3c6a52-7d1f-5a35-9d55-8f8b8a5a0b12", 4795, "34" * 32
            ),
        ),
        checkpoint=(
            fact("時点証明", "Checkpoint", "第4,812号", "No. 4,812"),
            code("台帳の根", "Root of the ledger", "56" * 32),
        ),
        bundle="licensee-L-2026-0014.zip",
        limits=(Text("台帳に記録される前の事実の真否", "Whether facts were true before they were recorded"),),
        made_at=MADE_AT,
        demo=True,
        digest="78" * 32,
    )


def fact(ja: str, en: str, value_ja: str, value_en: str) -> Fact:
    """A fact in words."""
    return Fact(Text(ja, en), Text(value_ja, value_en))


def code(ja: str, en: str, value: str) -> Fact:
    """A fact that is a digest."""
    return Fact(Text(ja, en), Text(value, value), code=True)


def line(ja: str, en: str, quantity: str, price: str, net: int) -> Line:
    """A line at the standard rate."""
    return Line(Text(ja, en), Text(quantity, quantity), Text(price, price), net, Fraction(1, 10))
