"""A member's bundle: what it proves, every way of tampering with it, and nobody else in any of its files."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from synthetic_log import KEY, POLICY, WINDOW, Server, admitted, cash, flipped, metered, resigned, run

from contributions.core import canonical, committed, rate_rows
from contributions.core.roles import MEMBER
from licensing.core import allocations, archives, bundles, disclosure, extracts, inputs, ratings
from licensing.core.results import right_of, rights_of

ROUNDING = POLICY["rounding"]
# code: (cash in millions of yen, GPU-hours)
CAST = {"akane": (30, 500), "asagi": (20, 0), "kiiro": (25, 0), "midori": (20, 2000), "shiro": (15, 40)}


def second(level="safe-totals/1", floor="0"):
    """Three rights over cash and compute: by points, by stakes, and a mix."""
    weights = {"cash": "2/3", "compute": "1/3"}
    by_points = {"name": "category-weighted/1", "weights": weights, "empty_category": "hold"}
    by_cash = {"name": "category-weighted/1", "weights": {"cash": "1"}, "empty_category": "hold"}
    parts = [{"weight": "1/2", "method": by_points}, {"weight": "1/2", "method": {"name": "equal/1"}}]
    rows = {
        "revenue": (by_points, floor),
        "votes": ({"name": "stakes/1"}, "0"),
        "derivative": ({"name": "mix/1", "parts": parts}, "0"),
        "weights": (by_cash, "0"),
    }
    return {
        "v": 2,
        "number": "P-0001",
        "version": 2,
        "eligibility": {
            "step": "eligibility/1", "reviewed": True, "residency": ["JP"], "state_paid": "excluded",
            "rewarded": "excluded", "equity_counts": False,
        },
        "points": {
            "step": "points/1",
            "categories": [
                {"code": row["code"], "units": row["units"], "factors": row.get("factors", [])}
                for row in POLICY["categories"]
            ],
        },
        "rights": [
            {
                "right": right, "form": "claim", "ownership": "consortium", "use": "internal",
                "further_training": "licensed", "method": method, "rounding": ROUNDING,
                "bounds": {"step": "clip-lambda/1", "floor": least, "cap": "1"},
            }
            for right, (method, least) in rows.items()
        ],
        "disclosure": level,
        "coalitions": "desk",
    }  # fmt: skip


FIRST = POLICY | {"floor": "0", "cap": "1", "rounding": ROUNDING}
POLICIES = {
    "first": FIRST,
    "second": second(),
    "open": second("open/1"),
    "own-lines": second("own-lines/1"),
    "bounded": second("open/1", floor="15/100"),
}


class Told:
    """A log of five members whose allocation was run, attested twice and adopted; and who owns which entry."""

    def __init__(self, policy, *, attested=("desk", "auditor")):
        self.server, self.policy, self.owners = Server(), policy, {}
        self.say("installation.founded", {"installation": "x", "demo": True, "name": {}, "legal_form": "stock-company"})
        card = {"card": "accelerator", "version": 1, "from": "2026-04-01", "lines": {"h100": "1"}}
        adopted = self.say("ratecard.adopted", card)
        self.card = canonical.loads(self.server.statements[adopted])
        self.stated = self.say("ratecard.committed", rate_rows.facts_of(self.card))
        for place, (code, (millions, hours)) in enumerate(CAST.items(), start=1):
            kind, facts, _ = admitted(code)
            self.say(kind, facts, code)
            self.say("stake.declared", {"member": code, "share": "1/5", "from": "2026-04-01"}, code)
            kind, facts, more = cash(f"C-{place:04d}", code, millions * 1_000_000)
            self.say(kind, facts, code, more["movements"])
            self.say("resource.accepted", {"resource": f"C-{place:04d}"}, code)
            if hours:
                kind, facts, more = metered(code, hours * 3600)
                self.say(kind, facts | {"batch": f"B-{place:04d}"}, code, more["movements"])
                self.say("compute.attested", {"batch": f"B-{place:04d}"}, code)
        self.policy_seq = self.say("policy.adopted", {"policy": "P-0001", "policy_sha256": canonical.digest(policy)})
        self.folded, self.result, self.rows = self._calculated()
        document = self.result.document()
        stated = {"allocation": "A-0001", "result_sha256": canonical.digest(document)}
        self.attested = [self.say("allocation.attested", stated | {"attested_by": who}) for who in attested]
        self.heading = {
            "allocation": "A-0001", "release": "R-0.3", "policy_sha256": canonical.digest(policy),
            "inputs_sha256": canonical.digest(self.folded), "rows_root": committed.rows_root(self.rows),
            "checkpoint": self.size, "window": WINDOW,
        }  # fmt: skip
        self.adopted = self.say(
            "allocation.adopted", self.heading | {"sum": "1", "result_sha256": stated["result_sha256"]}
        )
        self.say("member.withdrawn", {"member": "asagi", "from": "2027-04-01"}, "asagi")

    def say(self, kind, facts, member=None, movements=()):
        self.server.say(kind, facts, {"member": member, "movements": movements})
        self.owners[self.server.size - 1] = member
        return self.server.size - 1

    def _calculated(self):
        self.size = self.server.size
        known = [canonical.loads(said) for said in self.server.statements]
        log = {"size": self.size, "root": self.server.root(self.size).hex()}
        folded = inputs.fold(known, policy=self.policy, release="R-0.3", window=tuple(WINDOW), log=log)
        result = allocations.allocate(self.policy, folded)
        return folded, result, allocations.rows(result, canonical.digest)

    def extract(self, member="akane"):
        """What the disclosure rule shows that member, as the server hands it out."""
        viewer = SimpleNamespace(workplace=MEMBER, acting=member)
        document = self.result.document()

        def view(right):
            return disclosure.view(
                document,
                policy=self.policy,
                viewer=viewer,
                group_of={},
                names={},
                commitments=committed.commitments(self.rows),
                right=right,
            )

        main = right_of(document, self.policy)["right"]
        codes = [main, *(row["right"] for row in rights_of(document, self.policy) if row["right"] != main)]
        found = extracts.extract(
            [view(code) for code in codes],
            member=member,
            heading=self.heading,
            policy=self.policy,
            committed=self.rows,
        )
        said = [canonical.loads(self.server.statements[seq]) for seq in [self.stated, *self.own(member)]]
        return found | ratings.of_own(found, said, self.policy, [self.card])

    def own(self, member):
        return [seq for seq, owner in self.owners.items() if owner == member and seq < self.size]

    def parts(self, member="akane", *, extract=None, seqs=None):
        chosen = (
            sorted([self.stated, *self.own(member), self.policy_seq, *self.attested, self.adopted])
            if seqs is None
            else seqs
        )
        note = self.server.checkpoint()
        entries = [
            bundles.Disclosed(seq, self.server.leaves[seq], self.server.statements[seq], self.server.proof(seq, note))
            for seq in chosen
        ]
        return bundles.member_parts(
            entries=entries, checkpoint=note, policy=self.policy, extract=extract or self.extract(member)
        )


TOLD = {name: Told(policy) for name, policy in POLICIES.items()}
GOOD = {name: told.parts() for name, told in TOLD.items()}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("member", CAST)
def test_every_members_bundle_verifies_and_names_nobody_else(name, member):
    parts = TOLD[name].parts(member)
    code, answer = run(bundles.build("member", parts, KEY))
    assert code == 0, answer
    assert answer["bundle"] == "member"
    text = b"\n".join(parts.values()).decode()
    assert not [code for code in CAST if code != member and code in text]


def test_no_figure_of_another_member_stands_in_it():
    """Neither shares, nor quantities: not even where the level shows every share to every member."""
    told = TOLD["open"]
    text = b"\n".join(told.parts("asagi").values()).decode()
    shares = {right.right: {share.member: share.grid for share in right.members} for right in told.result.rights}
    own = {held["asagi"] for held in shares.values()}
    others = {grid for held in shares.values() for grid in held.values()} - own
    assert len(others) > 8
    assert not [grid for grid in others if f":{grid}," in text or f":{grid}}}" in text]
    seconds = [hours * 3600 for _, hours in CAST.values() if hours]
    assert not [amount for amount in seconds if f'"{amount}"' in text]


def said(answer, part, where="checked"):
    return [line for line in answer[where] if part in line]


def test_with_a_total_hidden_its_commitment_is_checked_and_the_share_is_attested_only():
    code, answer = run(bundles.build("member", GOOD["second"], KEY))
    assert code == 0
    assert said(answer, "the totals of cash")
    assert said(answer, "the commitments to the totals not shown (compute)")
    assert said(answer, "(weights): recomputed"), "it is shared by cash alone, which is open"
    (attested,) = said(answer, "came out", "not_checked")
    assert "licence revenue" in attested and "votes" in attested


def test_with_every_total_open_the_share_is_recomputed():
    code, answer = run(bundles.build("member", GOOD["open"], KEY))
    assert code == 0 and not said(answer, "totals not shown", "not_checked")
    assert said(answer, "(licence revenue, weights): recomputed")


def test_where_floor_and_cap_apply_the_share_before_them_is_recomputed_and_that_is_said():
    code, answer = run(bundles.build("member", TOLD["bounded"].parts("shiro"), KEY))
    assert code == 0
    assert said(answer, "(licence revenue) before floor and cap: recomputed")
    assert said(answer, "what floor and cap did to the own shares (licence revenue)", "not_checked")


def test_at_the_strictest_level_no_total_opens():
    code, answer = run(bundles.build("member", GOOD["own-lines"], KEY))
    assert code == 0 and not said(answer, "the totals of")
    assert said(answer, "not shown (cash, compute)")


def test_without_the_key_it_is_consistent_and_no_more():
    assert run(bundles.build("member", GOOD["second"], KEY), key=None)[0] == 3


# ---- lies ----
def changed(name="second", **more):
    """The extract with these fields exchanged."""
    return canonical.loads(GOOD[name]["division.json"]) | more


def told_otherwise(change, name="second"):
    """The bundle over an extract that was changed in place, re-signed by the log's own key."""
    document = canonical.loads(GOOD[name]["division.json"])
    change(document)
    return resigned("member", GOOD[name] | {"division.json": canonical.dumps(document)})


def more_share(document):
    document["rights"][0]["share"] += 1


def more_share_and_row(document):
    document["rights"][0]["share"] += 1
    row = next(one["row"] for one in document["opened"] if one["row"]["row"].startswith("right:revenue"))
    row["share"] += 1


def other_total(document):
    row = next(one["row"] for one in document["opened"] if one["row"]["row"] == "category:cash")
    row["points"] = "119"


def other_total_in_term(document):
    document["rights"][0]["terms"][0]["total"] = "109"


def more_points(document):
    document["points"]["cash"] = "31"


def points_of_a_line(document):
    line = next(line for line in document["lines"] if line["category"] == "cash")
    line["points"] = "31"


def quantity_of_a_line(document):
    line = next(line for line in document["lines"] if line["category"] == "cash")
    line["quantity"], line["points"] = "31000000", "31"
    document["points"]["cash"] = "31"
    for right in document["rights"]:
        for term in right["terms"]:
            if term["term"].endswith("cash"):
                term["amount"] = "31"


def commitment_of_another(document):
    document["sealed"][0]["commitment"] = "ab" * 32


def commitment_left_out(document):
    document["sealed"] = []


def own_row_left_out(document):
    document["opened"] = [one for one in document["opened"] if not one["row"]["row"].startswith("right:votes")]


def a_right_left_out(document):
    del document["rights"][1]


def raised_before_bounds(document):
    right = next(right for right in document["rights"] if right["right"] == "weights")
    right["terms"][0]["effective"] = "2"
    right["terms"][0]["part"] = "6/11"
    right["raw"] = right["exact"] = "6/11"


def another_window(document):
    document["window"] = ["2026-04-01", "2027-04-01"]


def another_root(document):
    document["rows_root"] = "00" * 32


CHANGES = {
    16: [
        more_share, more_share_and_row, other_total, other_total_in_term, more_points, points_of_a_line,
        commitment_of_another, commitment_left_out, own_row_left_out, a_right_left_out, raised_before_bounds,
        another_window, another_root,
    ],
    18: [quantity_of_a_line],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wanted"),
    [pytest.param(change, wanted, id=change.__name__) for wanted, found in CHANGES.items() for change in found],
)
def test_a_changed_extract_is_refused_though_signed_by_the_log(change, wanted):
    code, answer = run(told_otherwise(change))
    assert code == wanted, answer


@pytest.mark.parametrize("change", [more_share, other_total, quantity_of_a_line])
def test_the_same_without_the_key_is_refused_by_the_same_code(change):
    document = canonical.loads(GOOD["second"]["division.json"])
    change(document)
    good = archives.unpack(bundles.build("member", GOOD["second"], KEY))
    code, _ = run(archives.pack(good | {"division.json": canonical.dumps(document)}))
    assert code == (18 if change is quantity_of_a_line else 16)


def test_one_bit_of_any_file_is_refused():
    good = archives.unpack(bundles.build("member", GOOD["second"], KEY))
    for name, content in good.items():
        for bit in (3, len(content) * 4, len(content) * 8 - 10):
            code, answer = run(archives.pack(good | {name: flipped(content, bit)}))
            assert code in {10, 16, 17, 18, 19, 22}, (name, bit, answer)


@pytest.mark.parametrize("name", sorted(GOOD["second"]))
def test_a_file_missing_or_added_is_refused(name):
    good = archives.unpack(bundles.build("member", GOOD["second"], KEY))
    assert run(archives.pack({each: content for each, content in good.items() if each != name}))[0] == 11
    assert run(resigned("member", {each: c for each, c in GOOD["second"].items() if each != name}))[0] == 11
    assert run(resigned("member", GOOD["second"] | {"rows.json": b"[]"}))[0] == 12


def test_another_policy_is_refused():
    other = canonical.dumps(second() | {"disclosure": "open/1"})
    assert run(resigned("member", GOOD["second"] | {"policy.json": other}))[0] == 17


def test_a_policy_that_was_not_adopted_is_refused():
    told = TOLD["second"]
    seqs = [seq for seq, owner in told.owners.items() if owner == "akane" and seq < told.size]
    parts = told.parts(seqs=sorted([*seqs, *told.attested, told.adopted]))
    assert run(bundles.build("member", parts, KEY))[0] == 17


def test_an_entry_left_out_is_told_by_the_lines_that_do_not_follow():
    told = TOLD["second"]
    own = [seq for seq, owner in told.owners.items() if owner == "akane" and seq < told.size]
    kept = [seq for seq in own if canonical.loads(told.server.statements[seq])["kind"] != "resource.accepted"]
    seqs = sorted([told.stated, *kept, told.policy_seq, *told.attested, told.adopted])
    assert run(bundles.build("member", told.parts(seqs=seqs), KEY))[0] == 18
    extract = told.extract() | {"unproven": ["cash"]}
    code, answer = run(bundles.build("member", told.parts(seqs=seqs, extract=extract), KEY))
    assert code == 0 and said(answer, "the entries behind the own lines (cash)", "not_checked")


def test_entries_that_are_not_proven_are_refused():
    parts, told = GOOD["second"], TOLD["second"]
    one, two = told.attested
    for folder, ending in (("leaves", "json"), ("statements", "json"), ("proofs", "tlog-proof")):
        first, second_ = f"{folder}/{one}.{ending}", f"{folder}/{two}.{ending}"
        assert run(resigned("member", parts | {first: parts[second_], second_: parts[first]}))[0] == 15
    leaf = f"statements/{told.adopted}.json"
    facts = canonical.loads(parts[leaf])
    facts["facts"]["rows_root"] = "11" * 32
    assert run(resigned("member", parts | {leaf: canonical.dumps(facts)}))[0] == 10


def test_an_allocation_that_only_one_of_the_two_attested_is_refused():
    told = Told(second(), attested=("desk",))
    assert run(bundles.build("member", told.parts(), KEY))[0] == 22


def test_without_the_adoption_it_is_refused():
    told = TOLD["second"]
    own = [seq for seq, owner in told.owners.items() if owner == "akane" and seq < told.size]
    parts = told.parts(seqs=sorted([*own, told.policy_seq, *told.attested]))
    assert run(bundles.build("member", parts, KEY))[0] == 22


def test_another_members_entry_is_refused_when_it_is_made_and_when_it_is_read():
    told = TOLD["second"]
    foreign = next(seq for seq, owner in told.owners.items() if owner == "midori")
    seqs = [foreign, told.policy_seq, *told.attested, told.adopted]
    with pytest.raises(bundles.NotForMember):
        told.parts(seqs=seqs)
    parts = told.parts("midori", seqs=seqs)
    smuggled = parts | {"division.json": GOOD["second"]["division.json"]}
    assert run(resigned("member", smuggled))[0] == 22


def test_an_extract_that_is_no_extract_is_refused():
    for content in (b"[]", b'{"v":2}', b'{"v":1}', b"{", canonical.dumps(changed(opened="x"))):
        assert run(resigned("member", GOOD["second"] | {"division.json": content}))[0] == 22


# ---- rated factors ----
def test_the_own_factors_are_proven_by_the_rows_of_the_rate_card_and_nobody_elses_row_is_shown():
    told = TOLD["second"]
    code, answer = run(bundles.build("member", told.parts(), KEY))
    assert code == 0 and said(answer, "the rated factors of the own lines (compute)")
    assert not said(answer, "rated factors", "not_checked")
    (card,) = told.extract()["rates"]
    assert [one["row"]["row"] for one in card["opened"]] == ["h100"] and card["opened"][0]["size"] == 64


def test_a_factor_a_row_or_a_root_that_was_changed_is_refused():
    told, good = TOLD["second"], TOLD["second"].extract()

    def answer(change):
        extract = canonical.loads(canonical.dumps(good))
        change(extract)
        return run(bundles.build("member", told.parts(extract=extract), KEY))[0]

    def factor(extract):
        for line in extract["lines"]:
            line["factors"] = [[name, "1/2"] for name, _ in line["factors"]]

    assert answer(factor) == 18
    assert answer(lambda extract: extract["rates"][0]["opened"][0]["row"].update(factor="1/2")) == 18
    assert answer(lambda extract: extract["rates"][0].update(version=2)) == 18
    assert answer(lambda extract: extract["rates"].clear()) == 18
    assert answer(lambda extract: extract.update(unrated=["compute"], rates=[])) == 0, "and then it says so"


def test_a_card_of_which_an_edition_is_not_there_proves_nothing():
    told = TOLD["second"]
    kept = [*told.own("akane"), told.policy_seq, *told.attested, told.adopted]
    extract = told.extract() | {"rates": [], "unrated": ["compute"]}
    code, answer = run(bundles.build("member", told.parts(extract=extract, seqs=sorted(kept)), KEY))
    assert code == 0 and said(answer, "the rated factors (compute)", "not_checked")
    assert run(bundles.build("member", told.parts(extract=extract | {"unrated": []}, seqs=sorted(kept)), KEY))[0] == 18


def test_a_bundle_of_before_has_no_rows_and_its_factors_stay_attested():
    extract = {name: value for name, value in TOLD["second"].extract().items() if name not in {"rates", "unrated"}}
    code, answer = run(bundles.build("member", TOLD["second"].parts(extract=extract), KEY))
    assert code == 0 and said(answer, "the rated factors (compute)", "not_checked")
