"""The persons of the full city: sealed once, and the sealed bytes kept for every case and contract that names them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from mmap import mmap

from anju.kernel import clock
from anju.kernel.crypto import blind, seal_text, service
from anju.site.full_city import people
from anju.site.full_city.loading import Sheet, first_free_id, text
from anju.site.full_city.people import Human
from anju.site.full_city.planning import Plan
from anju.site.full_city.working import spread

HOMES_AT_ONCE = 4000


class Column:
    """Byte strings of one length in memory that forks share."""

    def __init__(self, length: int, count: int) -> None:
        self.length = length
        self.held = mmap(-1, max(1, length * count))

    def put(self, place: int, values: list[bytes]) -> None:
        """Puts values from a place on. Raises ValueError when one has another length."""
        joined = b"".join(values)
        if len(joined) != self.length * len(values):
            raise ValueError("sealed values of one kind differ in length")
        self.held[place * self.length : place * self.length + len(joined)] = joined

    def hexadecimal(self, place: int) -> str:
        """One value as COPY's text."""
        return f"\\\\x{self.held[place * self.length : (place + 1) * self.length].hex()}"


class Registry:
    """Writes the persons and keeps their numbers, indexes and telephones as they were sealed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.today = plan.first + plan.last
        homes = [len(each) for each in plan.homes]
        persons = [people.people_before(each) for each in homes]
        self.before_homes = [sum(homes[:at]) for at in range(len(homes))]
        self.before_persons = [sum(persons[:at]) for at in range(len(persons))]
        self.count = sum(persons)
        sample = "0" * 18
        self.number = Column(len(seal_text(sample)), self.count)
        self.key = Column(len(blind(sample)), self.count)
        self.phone = Column(len(seal_text(people.phone(0))), sum(homes))
        self.first_id = first_free_id("households.Person")
        stamps = {"created_at": clock.now(), "updated_at": clock.now()}
        self.person = Sheet(
            "households.Person", "id", "document_number", "number_blind", "name", "birth_on", "gender", "created_at",
            "updated_at", document_type="id_card",
        )  # fmt: skip
        self.dealing = Sheet(
            "households.Dealing", "id", "person", "org_path", "division", created_at=stamps["created_at"]
        )
        self.first_dealing = first_free_id("households.Dealing")
        self.portions = list(self.cut())

    def cut(self) -> Iterator[tuple[int, int, int]]:
        """District, first and last household of each portion."""
        for at, homes in enumerate(self.plan.homes):
            for start in range(0, len(homes), HOMES_AT_ONCE):
                yield at, start, min(start + HOMES_AT_ONCE, len(homes))

    def person_place(self, at: int, home: int) -> int:
        """The place of a household's applicant among all persons; the other members follow."""
        return self.before_persons[at] + people.people_before(home)

    def members(self, at: int, home: int) -> list[Human]:
        """The household's members."""
        return people.members(self.plan.divisions[at], home, self.today)

    def phone_of(self, at: int, home: int) -> str:
        """The sealed telephone of a household."""
        return self.phone.hexadecimal(self.before_homes[at] + home)

    def ref(self, at: int, home: int) -> str:
        """The applicant's account at the city app, above all accounts of the demonstration."""
        return f"resident:{1_000_000_000 + self.person_place(at, home)}"

    def write(self) -> None:
        """Writes all persons."""
        for person, dealing in spread(self.portion, len(self.portions)):
            self.person.pour(person)
            self.dealing.pour(dealing)

    def portion(self, number: int) -> list[bytes]:
        """The rows of one portion of households."""
        at, start, end = self.portions[number]
        homes, offices = self.plan.homes[at], self.plan.offices[at]
        households = [self.members(at, home) for home in range(start, end)]
        plain = [human.number.encode() for household in households for human in household]
        place = self.person_place(at, start)
        self.number.put(place, service().seal("text", plain))
        self.key.put(place, service().macs(plain))
        self.phone.put(
            self.before_homes[at] + start,
            service().seal("text", [people.phone(self.before_homes[at] + home).encode() for home in range(start, end)]),
        )
        for home, household in zip(range(start, end), households, strict=True):
            office, seen = offices[homes.office[home]], text(date.fromordinal(self.plan.first + homes.seen[home]))
            since = f"{seen} {8 + home % 11:02d}:{home % 60:02d}:00+08"
            for human in household:
                self.person.add(
                    str(self.first_id + place), self.number.hexadecimal(place), self.key.hexadecimal(place), human.name,
                    text(date.fromordinal(human.born)), "male" if human.male else "female", since, since,
                )  # fmt: skip
                self.dealing.add(
                    str(self.first_dealing + place), str(self.first_id + place), office.path, office.division
                )
                place += 1
        return [self.person.take(), self.dealing.take()]
