"""A deciding body and its rules, from a day on, with their source."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.members import CLASSES
from contributions.core.words import Text
from contributions.forms.fields import DayField, choices
from licensing.core import bodies as rules

MORE = {"": Text("以上（≥）", "at least (≥)"), "yes": Text("を超える（>）", "more than (>)")}
WRITTEN = {"quorum": "1", "of": "all", "strict": False}


class RulesForm(forms.Form):
    """The rules of a body: who votes, what is shown, who is recused, and the majority for each matter."""

    valid_from = DayField(label=_("In force from"))
    electorate = forms.ChoiceField(label=_("Who has a vote"))
    classes = forms.MultipleChoiceField(
        label=_("Classes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only with “classes named”."),
    )
    members = forms.MultipleChoiceField(
        label=_("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only with “members named”."),
    )
    visibility = forms.ChoiceField(label=_("What is shown of votes"))
    grounds = forms.MultipleChoiceField(
        label=_("Grounds of recusal"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source_ja = forms.CharField(label=_("Basis, in Japanese"), max_length=300)
    source_en = forms.CharField(label=_("Basis, in English"), max_length=300)

    def __init__(self, *args, members: Iterable[tuple[str, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["electorate"].choices = choices(rules.ELECTORATES)
        self.fields["classes"].choices = choices(CLASSES)
        self.fields["members"].choices = list(members)
        self.fields["visibility"].choices = choices(rules.VISIBILITY)
        self.fields["grounds"].choices = choices(rules.GROUNDS)
        for matter, name in rules.MATTERS.items():
            self._add_matter(matter, name)

    def _add_matter(self, matter: str, name: Text) -> None:
        for field, made in (
            ("decides", forms.BooleanField(label=_("Decides it"), required=False)),
            ("basis", forms.ChoiceField(label=_("Counted by"), choices=choices(rules.BASES), required=False)),
            ("quorum", forms.CharField(label=_("Quorum"), initial="1/2", max_length=20, required=False)),
            ("threshold", forms.CharField(label=_("Majority"), initial="2/3", max_length=20, required=False)),
            ("strict", forms.ChoiceField(label=_("Reached by"), choices=choices(MORE), required=False)),
            ("of", forms.ChoiceField(label=_("Counted of"), choices=choices(rules.PARTS), required=False)),
            ("written", forms.CharField(label=_("In writing, of all"), max_length=20, required=False)),
        ):
            made.widget.attrs["aria-label"] = f"{name} {made.label}"
            self.fields[f"{matter}_{field}"] = made

    @property
    def plain(self):
        """The fields that stand one below the other."""
        return [self[name] for name in self.fields if not name.startswith(tuple(f"{one}_" for one in rules.MATTERS))]

    @property
    def table(self):
        """For each matter its name and its fields."""
        names = ("decides", "basis", "quorum", "threshold", "strict", "of", "written")
        return [(name, [self[f"{matter}_{field}"] for field in names]) for matter, name in rules.MATTERS.items()]

    def rules(self) -> dict:
        """The rules as the core reads them; it tells what is wrong with them."""
        said = self.cleaned_data
        electorate = {"kind": said["electorate"]}
        if said["electorate"] == "classes":
            electorate["classes"] = said["classes"]
        if said["electorate"] == "named":
            electorate["members"] = said["members"]
        matters = {matter: self._matter(matter) for matter in rules.MATTERS if said[f"{matter}_decides"]}
        return {
            "electorate": electorate,
            "visibility": said["visibility"],
            "grounds": said["grounds"],
            "matters": matters,
        }

    def _matter(self, matter: str) -> dict:
        said = self.cleaned_data
        rule = {name: said[f"{matter}_{name}"].strip() for name in ("basis", "quorum", "threshold", "of")}
        rule["strict"] = bool(said[f"{matter}_strict"])
        if written := said[f"{matter}_written"].strip():
            rule["written"] = {**WRITTEN, "threshold": written}
        return rule


class BodyForm(RulesForm):
    """A body that is not on record yet."""

    field_order = ("code", "kind", "name_ja", "name_en")
    code = forms.SlugField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind of body"))
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(rules.KINDS)
