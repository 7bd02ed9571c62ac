"""From an evaluation to the full licence: asked for in time, drafted with the same parties, ended as it is signed."""

from datetime import date, datetime, timedelta

import pytest

import world as cast
from contributions.core.periods import JST
from contributions.core.roles import NotAllowed
from contributions.core.words import Text
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import step_ups as rules
from licensing.core.evaluation_fees import NoFee
from licensing.core.lives import NotInForce
from licensing.models import Agreement, Invoice, Licensee, Release, Schedule
from licensing.selectors import books
from licensing.services.agreements import NotYourAgreement
from licensing.services.licensees import CheckFailed

pytestmark = pytest.mark.slow

EVALUATION = (date(2026, 8, 1), date(2026, 11, 1))
FULL = (date(2026, 10, 20), date(2028, 10, 20))


def settled(term, evaluation: Agreement | None = None) -> dict:
    licensee = Licensee.objects.get(organization__code="robo")
    made = {"schedule": Schedule.objects.get(number="S-ROBOT"), "release": Release.objects.get(number="R-0.1")}
    return made | {
        "term": term,
        "variables": services.agreement_drafts.settled(licensee, **made, term=term, evaluation=evaluation),
    }


def typed(row: Agreement | None, template: str) -> dict:
    licensee = Licensee.objects.get(organization__code="robo")
    return services.agreement_drafts.usual(licensee, selectors.clauses.template(template), row)


def made_of(template: str, term, evaluation: Agreement | None = None, **more) -> dict:
    given = settled(term, evaluation)
    held = selectors.clauses.template(template)
    given["variables"] = services.agreement_drafts.variables(
        held, given["variables"], typed(evaluation, template) | more
    )
    return given | {"template": template}


@pytest.fixture
def evaluated(licensed_world):
    """Robo evaluates under an executed agreement of its own, beside the one that the chapter told."""
    world = licensed_world
    more = {"fields": ["robot"], "liability_floor": "1000000", "evaluation_fee": "500000"}
    licensee = Licensee.objects.get(organization__code="robo")
    row = services.agreements.draft(licensee, **made_of("evaluation", EVALUATION, **more), **world.by("legal"))
    world.evaluation = world.execute(row)
    world.wait_until("2026-10-15 09:00")
    return world


def ask(world, by: str = "robo"):
    return services.step_ups.request(cast.fresh(world.evaluation), plan="量産機への組込み", **world.by(by))


def test_the_full_licence_carries_parties_and_terms_and_ends_the_evaluation_as_it_is_signed(evaluated):
    world, row = evaluated, ask(evaluated)
    with pytest.raises(rules.AskedAlready, match=row.number):
        ask(world, "legal")
    full = services.step_ups.draft(row, **made_of("standard", FULL, world.evaluation), **world.by("legal"))
    same = ("licensor", "licensee", "licensee_address", "fields", "regions", "cure_days", "court")
    assert {name: full.variables[name] for name in same} == {name: world.evaluation.variables[name] for name in same}
    asked_again(world, row, full)
    services.agreements.countersign(services.agreements.sign(cast.fresh(full), **world.by("legal")), **world.by("robo"))
    full = cast.fresh(full)
    row.refresh_from_db()
    evaluation = cast.fresh(world.evaluation)
    assert (row.state, row.agreement, full.state) == ("concluded", full, "executed")
    assert evaluation.termination.ground == "step-up" and evaluation.termination.wind_down_until is None
    began = datetime(2026, 10, 20, tzinfo=JST)
    assert evaluation.termination.effective_at == began, "the full licence begins on that day, so nothing lies between"
    for code in ("legal", "robo"):
        viewer = world.viewer("legal") if code == "legal" else world.licensee(code)
        seen = selectors.lives.gathered([selectors.agreements.visible_to(viewer).get(number=evaluation.number)])[0]
        before, after = (selectors.lives.standing(seen, began + timedelta(seconds=one)) for one in (-1, 0))
        assert (before, after) == ("in_force", "terminated")
    kinds = (
        Entry.objects.filter(subject=f"agreement:{evaluation.number}").order_by("seq").values_list("kind", flat=True)
    )
    told = [kind for kind in kinds if not kind.startswith("obligation.")]
    assert told[-4:] == ["step_up.requested", "step_up.drafted", "step_up.concluded", "agreement.terminated"]

    world.wait_until("2026-10-21 09:00")
    services.obligations.raise_for(evaluation, **world.by("legal"))
    owed = {one.rule: one for one in evaluation.obligations.exclude(state="superseded")}
    assert "delete" not in owed and owed["purge"].party == "licensor", "copies stay, the licensee's data does not"
    assert (owed["credit"].amount, owed["credit"].due_on) == (500_000, date(2027, 10, 19))


def asked_again(world, row, full) -> None:
    """What the clause asks must hold when the full licence is offered, and when it is signed."""
    services.agreements.approve(full, **world.by("second"))
    late = services.obligations.add(
        cast.fresh(world.evaluation), clause="fees-evaluation-fixed", paragraph=1, party="licensee",
        title=Text("評価の対価の支払", "Pay for the evaluation"), opens_on=date(2026, 9, 1), due_on=date(2026, 10, 1),
        **world.by("legal"),
    )  # fmt: skip
    with pytest.raises(rules.InBreach, match=late.number):
        services.agreements.offer(cast.fresh(full), **world.by("legal"))
    services.obligations.fulfil(late, note="入金", **world.by("legal"))
    services.agreements.offer(cast.fresh(full), **world.by("legal"))
    check = {
        "kind": "competition", "finding_ja": "競合", "finding_en": "rival", "screened_on": world.clock.date(),
        "valid_until": date(2027, 10, 1),
    }  # fmt: skip
    services.licensees.screen(row.evaluation.licensee, passed=False, **check, **world.by("legal"))
    with pytest.raises(CheckFailed):
        services.agreements.sign(cast.fresh(full), **world.by("legal"))
    assert cast.fresh(full).state == "offered" and cast.fresh(world.evaluation).state == "executed"
    services.licensees.screen(row.evaluation.licensee, passed=True, **check, **world.by("legal"))


def test_only_its_licensee_or_legal_asks_under_an_evaluation_that_runs(evaluated):
    world = evaluated
    with pytest.raises(NotYourAgreement):
        ask(world, "arm")
    with pytest.raises(NotAllowed):
        ask(world, "finance")
    with pytest.raises(rules.NotAnEvaluation):
        services.step_ups.request(world.agreement("arm"), plan="x", **world.by("arm"))
    services.terminations.suspend(cast.fresh(world.evaluation), reason="確認", **world.by("legal"))
    with pytest.raises(NotInForce):
        ask(world)
    services.terminations.reinstate(cast.fresh(world.evaluation), reason="済み", **world.by("legal"))
    row = ask(world)
    with pytest.raises(rules.NotFull):
        services.step_ups.draft(row, **made_of("evaluation", FULL, world.evaluation), **world.by("legal"))
    services.step_ups.decline(row, reason="学習データの条件により許諾できません。", **world.by("legal"))
    with pytest.raises(rules.NotOpen):
        services.step_ups.withdraw(row, reason="x", **world.by("robo"))
    again = ask(world)
    assert again.number == f"SU-{world.evaluation.number}-2"
    world.wait_until("2026-11-20 09:00")
    assert selectors.lives.until(cast.fresh(world.evaluation), world.clock.date()) == date(2027, 2, 1)
    assert selectors.lives.standing(cast.fresh(world.evaluation), world.clock) == "in_force", "while it is asked for"
    services.step_ups.withdraw(again, reason="見送り", **world.by("robo"))
    world.wait_until("2026-11-21 00:01")
    assert selectors.lives.standing(cast.fresh(world.evaluation), world.clock) == "expired"
    with pytest.raises(rules.Lapsed):
        ask(world)


def used(world, full: Agreement, start: date, units: str):
    rows = [{"metric": "robot", "region": "JP", "units": units}]
    report = services.usage.submit(full, period_from=start, rows=rows, on=world.clock.date(), **world.by("robo"))
    return services.usage.accept(report, **world.by("finance"))


def test_what_was_paid_for_the_evaluation_is_credited_to_the_full_licence_and_no_more(evaluated, settings):
    world, day = evaluated, date(2026, 10, 15)
    with pytest.raises(NoFee):
        services.invoices.issue_evaluation(world.agreement("arm"), issued_on=day, **world.by("finance"))
    with pytest.raises(NotAllowed):
        services.invoices.issue_evaluation(world.evaluation, issued_on=day, **world.by("legal"))
    paper = services.invoices.issue_evaluation(world.evaluation, issued_on=day, **world.by("finance"))
    assert (paper.net, paper.tax, paper.period_from) == (500_000, 50_000, EVALUATION[0])
    with pytest.raises(NoFee):
        services.invoices.issue_evaluation(world.evaluation, issued_on=day, **world.by("finance"))
    world.receive(paper, 275_000)
    full = services.step_ups.draft(ask(world), **made_of("standard", FULL, world.evaluation), **world.by("legal"))
    stated = ("evaluation", "evaluation_credit", "evaluation_rest")
    assert [full.variables[name] for name in stated] == [world.evaluation.number, "500000", "year"]
    terms = {line.number.en: line.text.en for line in services.agreements.assembled(full).tree.terms}
    assert "up to JPY 500,000" in terms["Credit of the evaluation fee"]
    full = world.execute(full)
    world.wait_until("2027-01-10 09:00")
    assert used(world, full, FULL[0], "0.5").fee["evaluation"] == {
        "before": "250000", "used": "6000", "lapsed": "0", "after": "244000",
    }, "half of it was paid, so half can be credited"  # fmt: skip
    first = world.invoice(full.usage_reports.get())
    assert (first.net, first.tax, first.gross, first.state) == (0, 0, 0, "paid")
    world.receive(Invoice.objects.get(pk=paper.pk), 275_000)
    assert selectors.evaluation_fees.left(cast.fresh(full)) == 494_000

    settings.EVALUATION_CREDIT = "return"
    world.wait_until("2027-04-10 09:00")
    second = world.invoice(used(world, full, date(2027, 1, 1), "100"))
    assert second.credited == {
        "evaluation": world.evaluation.number, "invoice": paper.number, "method": "return",
        "net": "494000", "tax": "49400", "rate": "1/10",
    }  # fmt: skip
    assert (second.net, second.tax, second.gross) == (1_200_000 - 494_000, 120_000 - 49_400, 1_320_000 - 543_400)
    printed = services.papers.invoice_document(second)
    assert (printed.total.en, printed.lines[0].net, printed.returned.net_amount.en) == (
        "JPY 776,600", 1_200_000, "JPY -494,000",
    )  # fmt: skip
    assert services.papers.invoice(second).startswith(b"%PDF")
    assert selectors.evaluation_fees.left(cast.fresh(full)) == 0
    services.obligations.follow_invoice(number=paper.number, **world.by("legal"))
    services.obligations.follow_invoice(number=second.number, **world.by("legal"))
    duties = {row.rule: row for row in world.evaluation.obligations.exclude(state="superseded")}
    assert (duties["credit"].state, duties["pay-evaluation"].state) == ("done", "done")
    rows = [row for row in books.export_rows(world.viewer("finance"), "en") if row["source"] == second.number]
    assert {(row["account"], row["debit"], row["credit"]) for row in rows} == {
        ("1210", 776_600, 0), ("4190", 494_000, 0), ("4110", 0, 1_200_000), ("2210", 0, 70_600),
    }  # fmt: skip


def test_the_account_of_an_evaluation_fee_is_issued_by_finance_on_its_page(evaluated, client):
    number = evaluated.evaluation.number
    url = f"/agreements/{number}/evaluation-fee/"
    client.force_login(evaluated.user("finance"))
    assert client.get(url).status_code == 200
    assert client.post(f"{url}invoice/", {"confirm": "x"}).status_code == 422
    done = client.post(f"{url}invoice/", {"confirm": number}, follow=True)
    assert "500,000" in done.content.decode() and client.get("/invoices/").status_code == 200
    again = client.post(f"{url}invoice/", {"confirm": number})
    assert again.status_code == 422 and "評価の対価はありません" in again.content.decode()
    client.force_login(evaluated.user("robo"))
    assert client.get(url).status_code == 200
    client.force_login(evaluated.user("tetsu"))
    assert client.get(url).status_code == 404
