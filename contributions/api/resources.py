"""Cash, people and background IP put in."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions import selectors, services
from contributions.adapters import worklogs
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Amount, Both, Day, Instant, Named, Ratio, Whole
from contributions.api.openings import noted
from contributions.api.queries import Strict, of_state, word
from contributions.core import courses
from contributions.core import resources as rules
from contributions.core.roles import check_may
from contributions.services.resources import Appraisal

KINDS = tuple(rules.PLEDGED)
STATES = tuple(courses.STATES)


class ResourceSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    nature = serializers.CharField(help_text="of cash: equity, levy, loan or advance")
    grade = serializers.CharField(help_text="of people")
    title = Named("title")
    quantity = Whole()
    unit = serializers.CharField()
    currency = serializers.CharField()
    foreign_amount = serializers.CharField(help_text="where it came in another currency: how much, as stated")
    exchange_rate = serializers.CharField()
    exchange_source = serializers.CharField()
    exchange_on = serializers.DateField(allow_null=True)
    period_from = serializers.DateField()
    period_until = serializers.DateField(allow_null=True, help_text="not including")
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    agreement = serializers.CharField(source="agreement.number", allow_null=True, default=None)
    limits = serializers.CharField(help_text="of background IP: what may be used")
    fields_of_use = serializers.ListField(source="use_fields", child=serializers.CharField())
    users = serializers.ListField(source="use_by", child=serializers.CharField())
    appraiser = serializers.CharField()
    appraised_on = serializers.DateField(allow_null=True)
    supersedes = serializers.CharField(source="supersedes.number", allow_null=True, default=None)
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ResourceStepSerializer(serializers.Serializer):
    step = serializers.CharField()
    state = serializers.CharField(help_text="where it stood afterwards")
    workplace = serializers.CharField()
    organization = serializers.CharField()
    at = Instant(source="taken_at")
    reason = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class EligibilityLineSerializer(serializers.Serializer):
    """One line of the eligibility test."""

    code = serializers.CharField()
    name = Both()
    is_met = serializers.BooleanField()
    excluded = Ratio(help_text="the part that this line takes away")
    text = Both()


class RecoverySerializer(serializers.Serializer):
    part = Ratio()
    source = serializers.CharField(help_text="one of: " + ", ".join(rules.RECOVERIES))
    recovered_on = serializers.DateField()
    entry = serializers.IntegerField(source="seq")


class WorkLogSerializer(serializers.Serializer):
    number = serializers.CharField()
    month = serializers.CharField()
    minutes = Whole()
    days = serializers.IntegerField()
    rows = serializers.IntegerField()
    withdrawn_entry = serializers.IntegerField(source="withdrawn_seq", allow_null=True)
    entry = serializers.IntegerField(source="seq")


class ResourceDetailSerializer(ResourceSerializer):
    """One contribution with its course, line by line what of it can count, and what stands behind it."""

    steps = serializers.SerializerMethodField()
    recoveries = serializers.SerializerMethodField()
    work_logs = serializers.SerializerMethodField()
    eligibility = serializers.SerializerMethodField()
    valued_yen = serializers.SerializerMethodField(help_text="of people: the minutes at the grade's rate of the day")

    def get_steps(self, resource) -> ResourceStepSerializer(many=True):
        rows = selectors.resources.steps_by(resource, day_of(self)) if is_past(self) else resource.steps.all()
        return ResourceStepSerializer(rows, many=True).data

    def get_recoveries(self, resource) -> RecoverySerializer(many=True):
        rows = selectors.recoveries.of(resource, day_of(self) if is_past(self) else None)
        return RecoverySerializer(rows, many=True).data

    def get_work_logs(self, resource) -> WorkLogSerializer(many=True):
        rows = resource.work_logs.all()
        if is_past(self):
            rows = selectors.resources.work_logs_then(rows, day_of(self))
        return WorkLogSerializer(rows, many=True).data

    def get_eligibility(self, resource) -> list[dict]:
        lines = selectors.resources.eligibility_of(resource, day_of(self))
        return EligibilityLineSerializer(lines, many=True).data

    def get_valued_yen(self, resource) -> str | None:
        found = selectors.resources.valued(resource)
        return str(found[1]) if found else None


class ResourceQuery(DayQuery):
    kind = serializers.ChoiceField(KINDS, required=False)
    state = of_state(*STATES)
    member = word()
    where = {"kind": "kind", "member": "member__organization__code"}


class ForeignIn(Strict):
    currency = serializers.ChoiceField(tuple(code for code in rules.MINOR_DIGITS if code != rules.YEN))
    amount = serializers.CharField(max_length=30, help_text="in the currency's own unit, such as 1234.50")
    rate = serializers.CharField(max_length=30, help_text="yen for one unit of it")
    source = serializers.CharField(max_length=120)
    on = Day()


class ResourceIn(Strict):
    kind = serializers.ChoiceField(KINDS)
    title_ja = serializers.CharField(max_length=200)
    title_en = serializers.CharField(max_length=200)
    quantity = Amount(required=False, help_text="yen, or minutes of people; left out where it is foreign cash")
    unit = serializers.ChoiceField(
        tuple(unit for listed in rules.PROMISED_UNITS.values() for unit in listed),
        required=False,
        help_text="of a pledge of data or compute, whose quantity is in its smallest part",
    )
    foreign = ForeignIn(required=False)
    period_from = Day()
    period_until = Day(required=False, help_text="not including")
    nature = serializers.ChoiceField(tuple(rules.NATURES), required=False)
    grade = serializers.ChoiceField(tuple(rules.GRADES), required=False)
    agreement = word(48)
    funding = word(20)
    limits = serializers.CharField(max_length=2000, required=False)
    fields_of_use = serializers.ListField(child=serializers.CharField(max_length=20), required=False)
    users = serializers.ListField(child=serializers.CharField(max_length=20), required=False)
    appraiser = serializers.CharField(max_length=120, required=False)
    appraised_on = Day(required=False)
    pledged = serializers.BooleanField(default=False, help_text="promised and not yet made")


class StepIn(Strict):
    reason = serializers.CharField(max_length=2000, required=False, help_text="needed to refuse, dispute or reverse")


class AnswerIn(Strict):
    outcome = serializers.ChoiceField(courses.OUTCOMES)
    reason = serializers.CharField(max_length=2000)


class RecoveryIn(Strict):
    part = serializers.CharField(max_length=40, help_text="an exact fraction of the whole, such as 1/4")
    source = serializers.ChoiceField(tuple(rules.RECOVERIES))
    recovered_on = Day()


class ReplacementIn(Strict):
    quantity = Amount(required=False, help_text="yen, or minutes of people; left out where it is foreign cash")
    foreign_amount = serializers.CharField(
        max_length=30, required=False, help_text="of foreign cash, in its own currency, at the rate it was entered by"
    )


class Resources(Door):
    @lists(ResourceSerializer, query=ResourceQuery, tag="resources")
    def get(self, request, asked):
        """Cash, people and background IP put in, and what is pledged; as of a day, in the state of that day."""
        rows, state = asked.narrow(selectors.resources.visible_to(request.viewer)), asked.validated_data.get("state")
        if asked.is_chosen:
            found = selectors.resources.then(rows.prefetch_related("steps"), asked.day)
            return [row for row in found if state in {None, row.state}]
        return rows.filter(state=state) if state else rows

    @acts(ResourceDetailSerializer, does="record_resource", tag="resources", body=ResourceIn, status=201)
    def post(self, request, sent):
        """Submit a contribution of the caller's own member, or pledge it."""
        viewer = request.viewer
        check_may(viewer, "resource.pledge" if sent["pledged"] else "resource.record")
        verb = services.resources.pledge if sent["pledged"] else services.resources.record
        made = verb(**_stated(viewer, sent), by=viewer, at=now())
        return _found(request, made.number)


class Resource(Door):
    @shows(ResourceDetailSerializer, tag="resources", query=DayAsked)
    def get(self, request, asked, number):
        """One contribution of cash, people or background IP, as it stands or stood on a day."""
        found = _found(request, number)
        shown = stood(selectors.resources.then([found], asked.day)) if asked.is_chosen else found
        return noted(request, "resource", shown)


class ResourceAcceptance(Door):
    @acts(ResourceSerializer, does="accept_resource", tag="resources")
    def post(self, request, number):
        """Accept a contribution: from now on it counts."""
        services.resources.accept(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class ResourceStep(Door):
    TAKERS = {
        "submit": services.resources.submit,
        "take_up": services.resources.take_up,
        "refuse": services.resources.refuse,
        "dispute": services.resources.dispute,
        "reverse": services.resources.reverse,
        "withdraw": services.resources.withdraw,
    }

    @acts(ResourceDetailSerializer, does="step_resource", tag="resources", body=StepIn)
    def post(self, request, sent, number, verb):
        """Take one step of the course: submit, take_up, refuse, dispute, reverse or withdraw."""
        if verb not in self.TAKERS:
            raise refusals.not_found()
        reason = {"reason": sent.get("reason", "")} if verb in courses.WORDED else {}
        self.TAKERS[verb](_found(request, number), **reason, by=request.viewer, at=now())
        return _found(request, number)


class PledgeKeptIn(Strict):
    made = serializers.CharField(max_length=60, help_text="a dataset version such as D-m-0001@1, or a batch")


class ResourceFulfilment(Door):
    @acts(ResourceDetailSerializer, does="fulfil_resource", tag="resources", body=PledgeKeptIn)
    def post(self, request, sent, number):
        """Record that a pledge of data or compute was kept by a dataset version or a batch."""
        services.pledges.fulfil(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class ResourceAnswer(Door):
    @acts(ResourceDetailSerializer, does="answer_resource", tag="resources", body=AnswerIn)
    def post(self, request, sent, number):
        """Answer a dispute, with the outcome and the reason."""
        services.resources.answer(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class ResourceReplacement(Door):
    @acts(ResourceDetailSerializer, does="supersede_resource", tag="resources", body=ReplacementIn, status=201)
    def post(self, request, sent, number):
        """Submit another contribution in the place of this one."""
        found = _found(request, number)
        new = services.resources.supersede(found, **sent, by=request.viewer, at=now())
        return _found(request, new.number)


class ResourceRecoveries(Door):
    @acts(ResourceDetailSerializer, does="recover_resource", tag="resources", body=RecoveryIn, status=201)
    def post(self, request, sent, number):
        """Declare that a part of the cost came back from elsewhere."""
        services.recoveries.declare(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class WorkLogIn(Strict):
    person = serializers.CharField(max_length=150, help_text="account name of a registered person of the member")
    month = serializers.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    file = serializers.FileField(max_length=255)


class ResourceWorkLogs(Door):
    parser_classes = [MultiPartParser]
    max_bytes = worklogs.BYTES_MAX + 2**16

    @acts(
        WorkLogSerializer,
        does="upload_worklog",
        tag="resources",
        body=WorkLogIn,
        media={"multipart/form-data": WorkLogIn},
        status=201,
    )
    def post(self, request, sent, number):
        """Hand in one secondee's log of one month; a file with a finding is refused whole, with all of them."""
        found, file = _found(request, number), sent["file"]
        named = {"person": sent["person"], "month": sent["month"], "name": file.name}
        return services.worklogs.receive(found, **named, content=file.read(), by=request.viewer, at=now())


class WorkLogWithdrawal(Door):
    @acts(WorkLogSerializer, does="withdraw_worklog", tag="resources")
    def post(self, request, number, log):
        """Take a work log back that no accepted contribution rests on; its month can be handed in again."""
        found = one(_found(request, number).work_logs, number=log)
        return services.worklogs.withdraw(found, by=request.viewer, at=now())


class WorkLogColumnsIn(Strict):
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=40),
        help_text="column of your work logs → day, hours, task, start or end",
    )


class WorkLogColumnsSerializer(serializers.Serializer):
    mapping = serializers.DictField(child=serializers.CharField(), help_text="as it is remembered")


class WorkLogColumns(Door):
    @acts(WorkLogColumnsSerializer, does="map_worklog_columns", tag="resources", body=WorkLogColumnsIn)
    def post(self, request, sent):
        """Say once what the columns of the caller's work logs are called; every log after it is read so."""
        viewer = request.viewer
        check_may(viewer, "worklog.receive")
        member = refusals.named(selectors.members.visible_to(viewer), "mapping", viewer.acting, "organization__code")
        return services.worklogs.name_columns(sent["mapping"], member=member, by=viewer, at=now())


class SheetIn(Strict):
    kind = serializers.ChoiceField(sorted(rules.KINDS))
    content = serializers.CharField(max_length=10**6, trim_whitespace=False, help_text="the table as CSV")
    columns = serializers.DictField(
        child=serializers.CharField(max_length=40),
        required=False,
        help_text="printed column → column of the form; remembered for your next files of this kind",
    )


class SheetSerializer(serializers.Serializer):
    recorded = serializers.ListField(child=serializers.CharField(), help_text="numbers of the contributions made")


class ResourceSheets(Door):
    @acts(SheetSerializer, does="send_resource_sheet", tag="resources", body=SheetIn, status=201)
    def post(self, request, sent):
        """Record a table of cash, people or background IP, all of it or, with every finding, nothing."""
        viewer, kind, content = request.viewer, sent["kind"], sent["content"].encode()
        member = refusals.named(selectors.members.visible_to(viewer), "kind", viewer.acting, "organization__code")
        if columns := sent.get("columns"):
            services.spreadsheets.name_columns(content, columns, kind=kind, member=member, by=viewer, at=now())
        illustrative = selectors.log.head().demo
        made = services.spreadsheets.post(
            content, kind=kind, member=member, illustrative=illustrative, by=viewer, at=now()
        )
        return {"recorded": [row.number for row in made]}


def _stated(viewer, sent) -> dict:
    """What the service needs of what was sent, with the names in it looked up among what the caller may see."""
    members, sources = selectors.members.visible_to(viewer), selectors.funding.visible_to(viewer)
    member = refusals.named(members, "kind", viewer.acting, "organization__code")
    names = ("kind", "title_ja", "title_en", "quantity", "unit", "period_from", "period_until", "nature", "grade")
    foreign = sent.get("foreign")
    background = sent["kind"] == rules.BACKGROUND
    appraised = any(sent.get(name) for name in ("limits", "fields_of_use", "users", "appraiser", "appraised_on"))
    if background:
        rules.check_appraisal(sent.get("appraiser", ""), sent.get("appraised_on"))
    return {name: sent[name] for name in names if name in sent} | {
        "member": member,
        "agreement": refusals.named(selectors.terms.visible_to(viewer), "agreement", sent.get("agreement"), "number"),
        "funding": refusals.named(sources, "funding", sent.get("funding"), "code"),
        "foreign": rules.foreign_cash(
            foreign["amount"], foreign["currency"], rate=foreign["rate"], source=foreign["source"], on=foreign["on"]
        )
        if foreign
        else None,
        "appraisal": Appraisal(
            sent.get("appraiser", ""),
            sent.get("appraised_on"),
            sent.get("limits", ""),
            tuple(sent.get("fields_of_use", ())),
            tuple(sent.get("users", ())),
        )
        if background or appraised
        else None,
    }


def _found(request, number: str):
    return one(selectors.resources.visible_to(request.viewer), number=number)
