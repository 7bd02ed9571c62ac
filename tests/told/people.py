"""Who acts, and when: time passes with every act of somebody at a workplace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid5

from contributions import services as contributed
from contributions.core.periods import JST
from contributions.core.roles import Viewer
from contributions.models import Member, Organization, User
from contributions.selectors import people
from told.cast import JOINED, LICENSEES, MEMBERS, NAMESPACE, PASSWORD, PEOPLE, SECONDEES, identity


class People:
    """Who acts, and when: a clock and a count of acts; everything else stands in the database."""

    def __init__(self, clock: datetime = datetime(2026, 4, 1, 9, tzinfo=JST), acts: int = 0) -> None:
        self.clock, self.acts = clock, acts

    def viewer(self, username: str) -> Viewer:
        """One of the people at their workplace, about to act."""
        self.acts += 1
        request = uuid5(NAMESPACE, f"act {self.acts}")
        if username in SECONDEES:
            _, workplace, organization = SECONDEES[username]
            on = self.clock.date()
            return people.standing(
                self.user(username), workplace=workplace, acting=organization, on=on, request=request
            )
        home, workplace, organization = PEOPLE[username]
        return Viewer(identity(username), username, home, organization, workplace, request=request)

    def member(self, code: str) -> Viewer:
        """The officer of a member."""
        assert code in MEMBERS
        return self.viewer(code)

    def licensee(self, code: str) -> Viewer:
        """The officer of a licensee."""
        assert code in LICENSEES
        return self.viewer(code)

    def second(self, username: str = "lent") -> Viewer:
        """A member's employee joins an office of the consortium, by default legal."""
        home, workplace, organization = SECONDEES[username]
        user = contributed.people.invite(
            username=username,
            email=f"{username}@example.invalid",
            name_ja=f"{username}の担当",
            name_en=username,
            home=Organization.objects.get(code=home),
            password=PASSWORD,
            identity=identity(username),
            home_from=JOINED,
            **self.by("legal"),
        )
        contributed.people.grant(
            user,
            organization=Organization.objects.get(code=organization),
            workplace=workplace,
            valid_from=JOINED,
            **self.by("legal"),
        )
        return self.viewer(username)

    def rivals(self, member: str, rival: str, *, on: date = JOINED):
        """A member names its rival; from then on people of either side are barred from the other's material."""
        return contributed.exclusions.declare(
            self.of(member), rival=Organization.objects.get(code=rival), valid_from=on, **self.by(member)
        )

    def clear_person(self, username: str, rival: str, *, start: date, until: date):
        """Legal lets a person see a rival's material, for a time."""
        return contributed.clearances.grant(
            self.user(username),
            rival=Organization.objects.get(code=rival),
            purpose="受入れの確認",
            valid_from=start,
            valid_until=until,
            **self.by("legal"),
        )

    def nowhere(self) -> Viewer:
        """A person with an account and no workplace."""
        return Viewer(None, "nowhere", "yoso", None, "")

    def viewers(self) -> dict[str, Viewer]:
        """Everybody."""
        return {username: self.viewer(username) for username in PEOPLE}

    def by(self, username: str) -> dict:
        """The keyword arguments `by` and `at` of a verb done by that person, a minute after the last."""
        self.clock += timedelta(minutes=1)
        return {"by": self.viewer(username), "at": self.clock}

    def wait_until(self, when: str) -> None:
        """Let time pass up to an instant in Japan's time."""
        later = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=JST)
        assert later >= self.clock, "time does not run backwards"
        self.clock = later

    def user(self, username: str) -> User:
        """The account of one of the people."""
        return User.objects.get(username=username)

    def of(self, member: str) -> Member:
        """The member of that code."""
        return Member.objects.select_related("organization").get(organization__code=member)
