"""Assembling an agreement out of a library of three hundred clause versions, beside the bare work on its texts.

The goal is absolute: 50 ms. The limit fills the placeholders of the clauses that stand in the agreement, and does
nothing else: it neither reads the variables, decides conditions, numbers, nor resolves a reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.case import Case
from licensing.core import agreements, clauses, libraries, samples

LIBRARY = Path(__file__).resolve().parent.parent / "demo" / "clauses.json"
VERSIONS = 300


def cases() -> Iterator[Case]:
    document = json.loads(LIBRARY.read_text(encoding="utf-8"))
    shipped = [clauses.clause(row) for row in document["clauses"]]
    source = agreements.template(document["templates"][0])
    values = samples.document(source)
    library = list(shipped)
    while len(library) < VERSIONS:
        number = len(library)
        library.append(replace(shipped[number % len(shipped)], id=f"other-{number}", family=f"other-{number}"))
    tree = agreements.assemble(source, library, values)
    used = {article.clause for article in tree.articles}
    texts = [text for version in shipped if version.id in used for _, text in version.texts()]
    rate = values["terms"]
    assert isinstance(rate, dict)

    def fill() -> int:
        return sum(len(re.sub(r"\{[^{}]*\}", "x", side)) for text in texts for side in (text.ja, text.en))

    yield Case(
        f"assemble an agreement of {len(tree.articles)} articles, {len(library)} clause versions (goal: 0.05 s)",
        ours=lambda: len(agreements.assemble(source, library, values).articles),
        others={"limit: filling the placeholders": fill},
    )
    yield Case(
        f"prove its figures and references equal: {len(agreements.prove_equal(tree, source, values, rate))} proofs",
        ours=lambda: len(agreements.prove_equal(tree, source, values, rate)),
        others={"limit: filling the placeholders": fill},
    )
    yield Case(
        f"check a library of {len(shipped)} clauses before publishing",
        ours=lambda: len(libraries.all_faults(shipped, [source])),
        others={"limit: filling the placeholders": fill},
    )
