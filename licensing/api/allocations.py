"""Allocations, each as the caller may know it: what `core.disclosure` gives this viewer, and nothing else."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api import refusals
from contributions.api.doors import Door, acts, hands, lists, one, shows
from contributions.api.fields import Both, Day, Digest, Instant, Ratio, Whole
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services
from licensing.core.disclosure import EXISTENCE

STATES = ("run", "attested", "proposed", "adopted", "superseded")
HIDDEN = "null: not for this viewer, never zero"


class CategorySerializer(serializers.Serializer):
    category = serializers.CharField()
    weight = Ratio()
    shown = serializers.BooleanField(help_text="whether its figures can be recomputed here")
    state = Both()
    total = Ratio(allow_null=True, help_text=HIDDEN)
    effective = Ratio(allow_null=True, help_text=HIDDEN)
    contributors = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    commitment = serializers.CharField(allow_null=True, help_text="to the total, in the adopted record")
    kind = serializers.CharField(help_text="category, own, common, game, usage or parent")
    method = serializers.CharField(help_text="the method that shares by it, with its version")
    derivable = serializers.BooleanField(help_text="not shown, and yet the caller’s own shares give it away")


class PartSerializer(serializers.Serializer):
    category = serializers.CharField()
    points = Ratio(allow_null=True, help_text=HIDDEN)
    part = Ratio(allow_null=True, help_text=HIDDEN)


class FactorSerializer(serializers.Serializer):
    name = serializers.CharField()
    value = Ratio()

    def to_representation(self, factor: tuple[str, str]) -> dict:
        return super().to_representation(dict(zip(("name", "value"), factor, strict=True)))


class LineSerializer(serializers.Serializer):
    category = serializers.CharField()
    asset = serializers.CharField()
    unit = serializers.CharField()
    month = serializers.CharField()
    quantity = Whole()
    factors = FactorSerializer(many=True)
    counted = Ratio()
    reasons = serializers.ListField(child=serializers.CharField())
    points = Ratio()


class ShareSerializer(serializers.Serializer):
    member = serializers.CharField()
    name = Both()
    own = serializers.BooleanField()
    grid = serializers.IntegerField(help_text="the share, in parts of the view's grid")
    clip = serializers.CharField(allow_null=True, help_text="floor or cap, where it moved this share")
    raw = Ratio(allow_null=True, help_text=HIDDEN)
    exact = Ratio(allow_null=True, help_text=HIDDEN)
    delta = Ratio(allow_null=True, help_text=HIDDEN)
    parts = PartSerializer(many=True)
    lines = LineSerializer(many=True)


class SharedRightSerializer(serializers.Serializer):
    right = serializers.CharField()
    form = serializers.CharField(help_text="claim or co-ownership")
    method = serializers.CharField()
    grid = serializers.IntegerField()
    own = serializers.IntegerField(allow_null=True, help_text="the caller’s own share of it, in parts of its grid")


class LeavingSerializer(serializers.Serializer):
    players = serializers.ListField(child=serializers.CharField())
    gain = Ratio()
    worth = Ratio()


class AllocationViewSerializer(serializers.Serializer):
    """All that this caller may know of one right."""

    audience = serializers.CharField(help_text="full, shares, own or existence")
    level = serializers.CharField(help_text="the policy's disclosure level")
    right = serializers.CharField(allow_null=True)
    rights = SharedRightSerializer(many=True, help_text="every right that the policy shares out")
    grid = serializers.IntegerField(allow_null=True)
    categories = CategorySerializer(many=True)
    shares = ShareSerializer(many=True)
    scale = Ratio(allow_null=True, help_text=HIDDEN)
    held = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    recomputed = serializers.BooleanField(help_text="whether the caller can recompute what it is shown")
    sentences = Both(many=True, help_text="what was checked, and what could not be")
    notes = Both(many=True, help_text="what must be said of a game")
    leaving = LeavingSerializer(many=True, help_text="which coalition would gain by leaving, for those who may know")


class AllocationSerializer(serializers.Serializer):
    number = serializers.CharField()
    release = serializers.CharField(source="release.number")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    adopted_at = Instant(allow_null=True)
    rows_root = Digest(help_text="the root over the salted rows, as adopted")


class BasisSerializer(serializers.Serializer):
    """What it was calculated from."""

    policy = serializers.CharField(source="policy.number")
    policy_version = serializers.IntegerField(source="policy.version")
    window_from = Day()
    window_until = Day(help_text="not including")
    log_size = serializers.IntegerField()
    log_root = Digest()
    attested_by = serializers.SerializerMethodField(help_text="workplaces that recomputed it, with their entries")

    def get_attested_by(self, allocation) -> list[dict[str, str]]:
        return [{"workplace": one["workplace"], "entry": str(one["seq"])} for one in allocation.attestations]


class AllocationDetailSerializer(AllocationSerializer):
    basis = serializers.SerializerMethodField(help_text="null where only its existence may be known")
    view = serializers.SerializerMethodField(help_text="the right that money is distributed by, or the first")
    others = serializers.SerializerMethodField(help_text="every other right that the policy shares out")

    def to_representation(self, allocation) -> dict:
        self.known = selectors.allocations.view(allocation, self.context["request"].viewer)
        return super().to_representation(allocation)

    def get_basis(self, allocation) -> BasisSerializer(allow_null=True):
        return None if self.known.audience == EXISTENCE else BasisSerializer(allocation).data

    def get_view(self, allocation) -> AllocationViewSerializer:
        return AllocationViewSerializer(self.known).data

    def get_others(self, allocation) -> AllocationViewSerializer(many=True):
        viewer = self.context["request"].viewer
        codes = [right.right for right in self.known.rights if right.right != self.known.right]
        views = [selectors.allocations.view(allocation, viewer, code) for code in codes]
        return AllocationViewSerializer(views, many=True).data


class AllocationQuery(Query):
    release = word()
    state = of_state(*STATES)
    where = {"release": "release__number", "state": "state"}


class RunIn(Strict):
    policy = serializers.CharField(help_text="number of the policy")
    version = serializers.IntegerField(min_value=1)
    release = serializers.CharField()
    checkpoint = serializers.IntegerField(min_value=1, help_text="number of entries that the checkpoint counts")
    window_from = Day()
    window_until = Day(help_text="not including")


class Allocations(Door):
    @lists(AllocationSerializer, query=AllocationQuery, tag="allocations")
    def get(self, request, asked):
        """Allocations that the caller may know of."""
        return asked.narrow(selectors.allocations.visible_to(request.viewer))

    @acts(AllocationDetailSerializer, does="run_allocation", tag="allocations", body=RunIn, status=201)
    def post(self, request, data):
        """Calculate by an adopted policy, from what the log held at a checkpoint."""
        viewer = request.viewer
        policies = selectors.policies.visible_to(viewer)
        run = services.allocations.run(
            one(policies, number=data["policy"], version=data["version"]),
            one(selectors.releases.visible_to(viewer), number=data["release"]),
            checkpoint=one(contributed.log.checkpoints(), size=data["checkpoint"]),
            window=(data["window_from"], data["window_until"]),
            by=viewer,
            at=now(),
        )
        return _found(request, run.number)


class Allocation(Door):
    @shows(AllocationDetailSerializer, tag="allocations")
    def get(self, request, number):
        """One allocation as the caller may know it."""
        return _found(request, number)


class AllocationAttestation(Door):
    @acts(AllocationDetailSerializer, does="attest_allocation", tag="allocations")
    def post(self, request, number):
        """Recompute everything from the journal, and record for the caller's workplace that it agrees."""
        services.allocations.attest(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class AllocationAdoption(Door):
    @acts(AllocationDetailSerializer, does="adopt_allocation", tag="allocations")
    def post(self, request, number):
        """Adopt an allocation that desk and auditor have both attested."""
        services.allocations.adopt(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class AllocationBundle(Door):
    @hands("application/zip", tag="allocations")
    def get(self, request, number):
        """The caller's own bundle of an adopted allocation, for a member with a share in it: to verify offline."""
        found = _found(request, number)
        if not selectors.allocations.may_take_home(found, request.viewer):
            raise refusals.not_found()
        return services.member_bundles.make(found, by=request.viewer, at=now())


def _found(request, number: str):
    return one(selectors.allocations.visible_to(request.viewer), number=number)
