"""Printed documents: a statement of two pages and a bilingual agreement of ten, beside the same HTML drawn bare.

The limit is WeasyPrint in the same process with the same HTML, variant, attachment and warm fonts; what is ours on top
is the sample's facts poured into the template, the PDF/UA mark, one attachment named once, and plain objects. A process
for each document is what a command-line tool costs. typst and ReportLab, where they are installed, set the same rows
without our template: they show the distance, not the same document (typst writes PDF/A-3b, ReportLab no PDF/A).
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import memory
from bench.case import Case

ROOT = Path(__file__).resolve().parent.parent
MADE_AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
ROWS, STATEMENTS_MAX = 16, 500
MEMORY_MAX_MIB = 300
TEN_PAGES = (
    "definitions-evaluation grant-evaluation ownership-evaluation prohibited outputs licensee-data "
    "fees-evaluation-free fees-evaluation-fixed results-evaluation confidentiality residency-evaluation "
    "export warranty-evaluation term-evaluation law language originals"
)
BARE = """
import io, sys, weasyprint
html = open(sys.argv[1], encoding="utf-8").read()
attached = [weasyprint.Attachment(file_obj=io.BytesIO(open(sys.argv[3], "rb").read()), name="data.json",
            relationship="Data")] if len(sys.argv) > 3 else []
weasyprint.HTML(string=html).write_pdf(sys.argv[2], pdf_variant="pdf/a-3a", attachments=attached)
"""


def begin() -> None:
    """Django's template engine needs its settings; nothing here needs a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MOYAI_HOME", tempfile.mkdtemp(prefix="moyai-bench-"))
    import django

    django.setup()


def statement(number: int = 1) -> Any:
    """A member's statement with sixteen lines in two languages: two pages."""
    from contributions.core.periods import Period
    from contributions.core.words import Text
    from licensing.core import variables
    from licensing.core.bills import Line, StatementDocument, Step, Tax
    from licensing.core.letterhead import Party

    party = Party(Text("見本会員株式会社（架空）", "Mihon Member Inc. (fictitious)"), registration="（見本）")
    rate = Fraction(1, 10)
    lines = tuple(
        Line(
            Text(f"データセット D-{number:04d}-{row:02d} の利用の対価", f"Use of dataset D-{number:04d}-{row:02d}"),
            Text(f"{row}件", f"{row}"),
            variables.yen(1_000 * row),
            12_345 * row,
            rate,
        )
        for row in range(1, ROWS + 1)
    )
    net = sum(line.net for line in lines)
    return StatementDocument(
        number=f"ST-2026-{number:04d}",
        issued_on=date(2026, 10, 31),
        pay_on=date(2026, 11, 30),
        period=Period(date(2026, 7, 1), date(2026, 10, 1)),
        maker=party,
        supplier=party,
        nature=Text("契約に基づくデータ等の利用の対価", "Consideration for use of data under contract"),
        purchase=True,
        lines=lines,
        taxes=(Tax(rate, net, net // 10),),
        withheld=0,
        derivation=(Step(Text("配分比率", "Share"), Text("14.1904%", "14.1904%")),),
        confirm_by=date(2026, 11, 13),
        bank=Text("登録口座", "Account on file"),
        made_at=MADE_AT,
        demo=True,
        digest="cd" * 32,
    )


def agreement() -> tuple[Any, bytes]:
    """A bilingual agreement of about ten pages, and its data."""
    from contributions.core import canonical
    from contributions.core.words import Text
    from licensing.core import agreements, clauses, documents, samples
    from licensing.core.letterhead import Fact, Party

    library = json.loads((ROOT / "demo" / "clauses.json").read_text(encoding="utf-8"))
    held = [clauses.clause(row) for row in library["clauses"]]
    whole = next(row for row in library["templates"] if row["id"] == "evaluation")
    source = agreements.template({**whole, "clauses": TEN_PAGES.split()})
    values = samples.document(source)
    tree = agreements.assemble(source, held, values)
    data = agreements.embedded("L-2026-001", 1, source, held, tree, values, "S-1@1")
    party = Party(Text("見本工業株式会社（架空）", "Mihon Industries (fictitious)"), signatory=Text("見本", "Mihon"))
    weights = Text(str(values["release_sha256"]), str(values["release_sha256"]))
    document = documents.AgreementDocument(
        number="L-2026-001",
        revision=1,
        tree=tree,
        digest=agreements.digest(data),
        licensor=party,
        licensee=party,
        particulars=(Fact(Text("要約値", "Digest"), weights, code=True),),
        made_at=MADE_AT,
        demo=True,
        test_signature=True,
    )
    return document, canonical.dumps(data)


def cases(size: int = 50_000) -> Iterator[Case]:
    begin()
    from licensing.adapters import pdf

    sheet, (deed, data) = statement(), agreement()
    yield _drawn("statement of two pages", sheet, b'{"v":1}', 1 / 3, _others(sheet))
    yield _drawn("bilingual agreement of ten pages", deed, data, 1 / 1.8, {})
    pdf.write(sheet)
    yield from _many(max(8, min(STATEMENTS_MAX, size // 100)))


def _drawn(title: str, document: Any, data: bytes, apart: float, others: dict[str, Callable[[], object]]) -> Case:
    """Ours, with one attachment, beside the same HTML drawn bare and in a process of its own."""
    import pikepdf
    import weasyprint

    from licensing.adapters import pdf

    attachment = pdf.Attachment("data.json", data, "data")
    html = pdf.page(document.template, document)
    sheet = pdf.stylesheet()
    inlined = html.replace("</head>", f"<style>{sheet}</style></head>")
    folder = Path(tempfile.mkdtemp(prefix="moyai-bench-"))
    (folder / "page.html").write_text(inlined, encoding="utf-8")
    (folder / "data.json").write_bytes(data)

    def bare() -> bool:
        attached = weasyprint.Attachment(
            file_obj=io.BytesIO(data), name="data.json", relationship="Data", created=MADE_AT, modified=MADE_AT
        )
        css = weasyprint.CSS(string=sheet, font_config=pdf.fonts())
        drawn = weasyprint.HTML(string=html).write_pdf(
            stylesheets=[css],
            font_config=pdf.fonts(),
            pdf_variant="pdf/a-3a",
            pdf_identifier=hashlib.sha256(data).digest()[:16],
            attachments=[attached],
        )
        return drawn.startswith(b"%PDF")

    def process() -> bool:
        command = [sys.executable, "-c", BARE, "page.html", "out.pdf", "data.json"]
        subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)
        return (folder / "out.pdf").read_bytes().startswith(b"%PDF")

    with pikepdf.open(io.BytesIO(pdf.write(document, [attachment]))) as drawn:
        pages = len(drawn.pages)
    return Case(
        f"{title} ({pages} pages), PDF/A-3a, tags, attached data",
        ours=lambda: pdf.write(document, [attachment]).startswith(b"%PDF"),
        others={"WeasyPrint bare, in process": bare, "WeasyPrint, a process a document": process, **others},
        goals={"WeasyPrint bare, in process": 1.2, "WeasyPrint, a process a document": apart},
    )


def _many(count: int) -> Iterator[Case]:
    """Statements by one worker and by two, each a process that stays; the peak memory of each is told."""
    pools = {n: ProcessPoolExecutor(n, mp_context=get_context("spawn"), initializer=begin) for n in (1, 2)}

    def draw(workers: int) -> int:
        return len(list(pools[workers].map(_one, range(count), chunksize=4)))

    yield Case(
        f"{count} statements on two workers",
        ours=lambda: draw(2),
        others={"one worker": lambda: draw(1)},
        goals={"one worker": 1 / 1.5},
    )
    for workers, pool in pools.items():
        peaks = sorted(set(pool.map(_peak, range(8 * workers))))
        print(
            f"  peak memory, {workers} worker(s): {', '.join(str(one) for one in peaks)} MiB (limit {MEMORY_MAX_MIB})"
        )
        pool.shutdown()
    print()


def _one(number: int) -> int:
    from licensing.adapters import pdf

    return len(pdf.write(statement(number)))


def _peak(_number: int) -> int:
    return memory.peak()


def _others(sheet: Any) -> dict[str, Callable[[], object]]:
    rows = [(line.description.ja, line.description.en, line.quantity.ja, f"{line.net:,}") for line in sheet.lines]
    found: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("typst"):
        found["limit: typst, same rows, PDF/A-3b"] = _typst(rows)
    if importlib.util.find_spec("reportlab"):
        found["limit: ReportLab, same rows, no PDF/A"] = _reportlab(rows)
    return found


def _typst(rows: list[tuple[str, ...]]) -> Callable[[], object]:
    import typst

    cells = ", ".join(f"[{ja} \\ {en}], [{quantity}], [{net}]" for ja, en, quantity, net in rows)
    source = f'#set text(font: "BIZ UDPMincho", lang: "ja")\n= 仕入明細書\n#table(columns: 3, {cells})\n'
    return lambda: typst.compile(source.encode(), pdf_standards=["a-3b"])


def _reportlab(rows: list[tuple[str, ...]]) -> Callable[[], object]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

    def draw() -> int:
        out = io.BytesIO()
        table = Table([[f"{ja}\n{en}", quantity, net] for ja, en, quantity, net in rows])
        table.setStyle([("FONTNAME", (0, 0), (-1, -1), "HeiseiMin-W3")])
        SimpleDocTemplate(out).build([table])
        return len(out.getvalue())

    return draw
