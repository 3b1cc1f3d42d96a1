"""Congresses and elections: one row for each candidate, or for a contest without any."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, count_column, day_column, labels_of, yes_column
from accounts.history import batches, update_many
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS, commune_columns, decision_columns
from cells.kinds import KINDS_OF_LEVEL, Level, head_title
from cells.lookups import Decisions
from cells.models.lifetimes import refuse_outside_life
from cells.names import words_of
from cells.resources.bodies import (
    CELL,
    HAMLET,
    Bodies,
    cell_columns,
    drop_place,
    hamlet_columns,
)
from leaders.actions import correct_results, record_candidacies, record_contests
from leaders.columns import OTHER_TITLES, name_column, number_column, term_column
from leaders.contests.checking import faults
from leaders.contests.results import attempts_beside
from leaders.contests.seats import take_office
from leaders.lookups import People, drop_person
from leaders.models import ONE_HEAD, Candidacy, Contest, ContestOffice, Person
from leaders.models.gone import gone_before
from leaders.resources.contest_lines import (
    CANDIDACIES,
    FACTS,
    RESULTS,
    Seats,
    day_of,
    has_been,
    is_election,
    join_silent_rows,
    leave_to_the_failed,
    meant_by,
    name_of,
    of_name,
    row_of,
    seats_of,
    who_stood,
)
from leaders.resources.of_people import OfPeopleResource
from sheets.text import lower_first

Kind, Outcome, Method = Contest.Kind, Contest.Outcome, Contest.Method
BODY_OF = {Kind.CONGRESS: CELL, Kind.HEAD_ELECTION: HAMLET}
OTHER_KINDS = {
    Kind.CONGRESS: ("Đại hội", "ĐHCB", "ĐH chi bộ", "Đại hội CB"),
    Kind.HEAD_ELECTION: (
        *(f"Bầu {lower_first(head_title(kind))}" for kind in KINDS_OF_LEVEL[Level.HAMLET]),
        "Bầu trưởng thôn, tổ trưởng tổ dân phố",
        "Bầu cử trưởng ấp",
        "Bầu cử trưởng thôn",
    ),
}
OTHER_METHODS = {
    Method.HANDS: ("Biểu quyết", "Biểu quyết giơ tay"),
    Method.BALLOT: ("Bỏ phiếu", "Phiếu kín", "Bầu bằng phiếu kín"),
}
OTHER_OUTCOMES = {
    Outcome.HELD: ("Đã xong", "Thành công", "Xong", "Đã bầu", "Đã đại hội"),
    Outcome.FAILED: ("Không thành", "Không thành công", "Phải bầu lại"),
    Outcome.PLANNED: ("Chưa tổ chức", "Chưa đại hội"),
}

OTHER_SEATS = {Seats.TAKE: ("Nhận chức", "x", "có"), Seats.RECORD: ("Chỉ ghi", "Không")}


def _choice(key: str, header: str, choices, others, **options) -> SheetColumn:
    return choice_column(
        key,
        header,
        labels_of(choices, others),
        show=lambda value: str(choices(value).label) if value in choices.values else value or "",
        width=18,
        **options,
    )


class ContestResource(OfPeopleResource):
    model = Contest
    title = gettext_lazy("Congresses and elections with their candidates")
    columns = [
        _choice("kind", gettext_lazy("Kind"), Kind, OTHER_KINDS, required=True),
        *commune_columns(),
        *cell_columns(),
        *hamlet_columns(),
        term_column(),
        day_column("planned_on", gettext_lazy("Planned on"), synonyms=("Dự kiến", "Ngày dự kiến tổ chức")),
        day_column(
            "held_on",
            gettext_lazy("Held on"),
            synonyms=("Ngày đại hội", "Ngày bầu", "Ngày bầu cử", "Ngày tổ chức đại hội"),
        ),
        _choice("method", gettext_lazy("Method"), Method, OTHER_METHODS, synonyms=("Hình thức",)),
        count_column(
            "entitled",
            gettext_lazy("Entitled"),
            synonyms=("Số triệu tập", "Được triệu tập", "Tổng số cử tri", "Số cử tri", "Đảng viên triệu tập"),
        ),
        count_column(
            "present",
            gettext_lazy("Present"),
            synonyms=("Có mặt", "Số dự", "Dự đại hội", "Số cử tri tham gia", "Đảng viên có mặt"),
        ),
        count_column(
            "ballots",
            gettext_lazy("Ballots collected"),
            synonyms=("Số phiếu thu về", "Phiếu thu vào", "Số phiếu thu vào"),
        ),
        _choice("outcome", gettext_lazy("Outcome"), Outcome, OTHER_OUTCOMES, synonyms=("Tình trạng",)),
        number_column(),
        name_column(),
        _choice(
            "office",
            gettext_lazy("Elected to"),
            ContestOffice,
            OTHER_TITLES,
            synonyms=("Chức danh bầu", "Bầu giữ chức", "Chức danh", "Chức vụ"),
        ),
        count_column("votes", gettext_lazy("Votes"), synonyms=("Số phiếu bầu", "Phiếu bầu", "Số phiếu đạt")),
        yes_column("elected", gettext_lazy("Elected"), synonyms=("Đắc cử", "Người trúng cử")),
        _choice("seats", gettext_lazy("Into office"), Seats, OTHER_SEATS, synonyms=("Nhận chức vụ",)),
        *decision_columns(),
    ]

    # --- Out --------------------------------------------------------------------------

    def people(self, queryset):
        return Person.objects.filter(candidacies__contest__in=queryset.order_by())

    def rows(self, queryset) -> Iterator[dict]:
        contests = queryset.select_related("cell__commune", "hamlet__commune", "decision")
        contests = contests.prefetch_related(CANDIDACIES, "tenures")
        for contest in contests.iterator(chunk_size=1000):
            # What came of a plan is to be filled in: nobody has to strike out "planned" first.
            blank = {"outcome": None} if contest.outcome == Outcome.PLANNED else {}
            if contest.hamlet_id:
                # In the word of the hamlet: bầu trưởng ấp, bầu trưởng khóm.
                blank["kind"] = f"bầu {lower_first(head_title(contest.hamlet.kind))}"
            for candidacy in contest.candidacies.all() or [None]:
                yield row_of(contest, candidacy) | blank

    # --- In: what the lines mean ------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        self.made: dict[tuple, Contest] = {}
        self.given: set[int] = set()
        self.people = People(self.user, lines)
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        self._find_bodies(lines)
        for line in lines:
            line.known = line.candidacy = line.who = line.key = line.decision = line.moved = None
            line.stands = any(line[key] is not None for key in ("person", "full_name"))
        found = [line for line in lines if line.body and self.require(line, "term")]
        self._find_contests(found)
        self._refuse_contradictions(found)
        for line in found:
            self._find_candidate(line)
            self._compare(line)
        self._refuse_several_heads(found)
        for line in found:
            self._find_decision(line)
            if not line.faults:
                self._check(line)
        self.decisions.write_new()

    def _find_bodies(self, lines: list[Line]) -> None:
        asked = []
        bodies = Bodies(self.user, lines)
        for line in lines:
            if not self.require(line, "kind"):
                continue
            asked.append((line, BODY_OF[line["kind"]], day_of(line)))
        bodies.find(asked)

    def _find_contests(self, lines: list[Line]) -> None:
        recorded: dict[tuple, list[Contest]] = defaultdict(list)
        terms = {line["term"] for line in lines}
        for kind, body in BODY_OF.items():
            keys = sorted({line.body.pk for line in lines if line["kind"] == kind})
            for some in batches(keys, 500):
                rows = Contest.objects.filter(**{"kind": kind, f"{body}__in": some, "term__in": terms})
                rows = rows.select_related("cell__commune", "hamlet__commune", "decision")
                for contest in rows.prefetch_related(CANDIDACIES, "tenures").order_by("pk"):
                    recorded[kind, getattr(contest, f"{body}_id"), contest.term].append(contest)
        for line in lines:
            line.known = meant_by(line, recorded[line["kind"], line.body.pk, line["term"]])
        leave_to_the_failed(lines)
        for line in lines:
            # Judged before the rows change who was elected.
            line.moved = seats_of(line.known) if line.known else None
            if line["outcome"] is None and line["held_on"] is not None and not has_been(line.known):
                line.values["outcome"] = Outcome.HELD
            new = (line["kind"], line.body.pk, line["term"], line["held_on"], line["outcome"])
            line.key = line.known.pk if line.known else new
        join_silent_rows(lines)

    @staticmethod
    def _refuse_contradictions(lines: list[Line]) -> None:
        """All rows of one contest say the same of it, or nothing."""
        said: dict[tuple, tuple] = {}
        for line in lines:
            for key in FACTS:
                if line[key] is None:
                    continue
                value, number = said.setdefault((line.key, key), (line[key], line.number))
                if value != line[key]:
                    line.fault(
                        key,
                        _(
                            "Row %(row)s says otherwise of the same congress or election. Correct one of the two."
                        )
                        % {"row": number},
                    )

    def _find_candidate(self, line: Line) -> None:
        """Find who stood: by number, as recorded, as somebody whose record is there, or else by the bare name."""
        if not line.stands:
            for key in RESULTS:
                if line[key] is not None:
                    line.fault(key, _("Enter whose result this is."))
            return
        known = list(line.known.candidacies.all()) if line.known else []
        if line["person"] is not None:
            # Who stands there already is known by number wherever the record is kept by now.
            standing = (one.person for one in known if one.person_id == line["person"])
            line.who = next(standing, None) or self.people.find(line)
        else:
            line.candidacy = of_name(line["full_name"], known)
            line.who = self._person(line) if line.candidacy is None else line.candidacy.person
        if line.who is not None:
            line.candidacy = next((one for one in known if one.person_id == line.who.pk), None)

    def _person(self, line: Line):
        try:
            return self.people.named(line["full_name"], commune=line.body.commune)
        except ValidationError as error:
            line.fault("full_name", error)
            return None

    def _compare(self, line: Line) -> None:
        line.called = line["full_name"]
        if line.known:
            drop_place(line, "kind", "term")
            drop_person(line)
            line.current = row_of(line.known, line.candidacy)
            if line.stands and line.candidacy is None:
                # A new candidate is a change of the contest, even when nothing else is said.
                line.values |= name_of(line)

    def _refuse_several_heads(self, lines: list[Line]) -> None:
        """An election has one winner: what is recorded, as the rows that are good correct it, and what they add."""
        elected: dict[object, set] = defaultdict(set)
        elections = [line for line in lines if line["kind"] == Kind.HEAD_ELECTION or is_election(line.known)]
        for line in elections:
            if line.known:
                elected[line.key] |= {who_stood(one) for one in line.known.candidacies.all() if one.elected}
        for line in elections:
            if line.stands and not line.faults and line["elected"] is not None:
                act = elected[line.key].add if line["elected"] else elected[line.key].discard
                act(who_stood(line.candidacy) if line.candidacy else self.identity(line)[1])
        for line in elections:
            if line.stands and line.changed.get("elected") and len(elected[line.key]) > 1:
                line.fault("elected", str(ONE_HEAD))

    def _find_decision(self, line: Line) -> None:
        """The paper is that of the commune; one that is recorded already is found by its number, day and body."""
        if (
            line.faults
            or not line.changed.keys() & set(DECISION_KEYS)
            or not self.require(line, *DECISION_KEYS)
        ):
            return
        try:
            line.decision = self.decisions.get(*(line[key] for key in DECISION_KEYS), unit=line.body.commune)
        except ValidationError as error:
            line.fault("decision_number", error)

    def _check(self, line: Line) -> None:
        if (line.current or {}).get("seats") == Seats.TAKE and line["seats"] == Seats.RECORD:
            line.fault("seats", _("Those elected are in office. Correct the result on its page instead."))
        contest = self._contest(line)
        self.clean(line, contest)
        if line.stands and not line.faults:
            self.clean(line, self._candidacy(line, contest))

    # --- In: writing ------------------------------------------------------------------

    def identity(self, line: Line):
        return line.key, (line.who and line.who.pk) or (words_of(line.called) if line.called else None)

    def write(self, lines: list[Line]) -> None:
        contests = self._write_contests(lines)
        new, changed = [], []
        for line in lines:
            line.obj = contests[line.key]
            if not line.stands:
                continue
            if line.candidacy is None:
                new.append(self._candidacy(line, line.obj))
            elif line.changed.keys() & set(RESULTS):
                changed.append(self._candidacy(line, line.obj))
        correct_results(changed)
        record_candidacies(new)
        # What a file says moves the seats as what a page says does.
        self.given |= {person.pk for person in take_office(_taking_office(lines)).new_people}

    def new_people(self) -> list[str]:
        # Rows that had to be taken back gave nobody a record.
        return [str(person) for person in Person.objects.filter(pk__in=self.given).order_by("sort_key", "pk")]

    def _write_contests(self, lines: list[Line]) -> dict[object, Contest]:
        """Write each contest once, whatever the number of its rows, and return them by the keys of lines."""
        # What was written with rows that had to be taken back is gone again.
        there = set(
            Contest.objects.filter(pk__in=[c.pk for c in self.made.values()]).values_list("pk", flat=True)
        )
        made = {key: contest for key, contest in self.made.items() if contest.pk in there}
        new, changed = {}, {}
        for line in lines:
            if line.known is None and line.key not in made:
                new[line.key] = self._contest(line, onto=new.get(line.key))
            elif line.known is not None:
                # Who stood is read with the contest: whoever has read it before reads it again.
                changed[line.key] = self._contest(line)
        refuse_outside_life((c.cell or c.hamlet, c.held_on, c.held_on) for c in changed.values() if c.held_on)
        for contest in changed.values():
            contest.revision += 1
        # Before the new ones: what failed makes room for the one that is run again.
        update_many(Contest, list(changed.values()), [*FACTS, "decision", "revision"])
        made |= zip(new, record_contests(new.values()), strict=True)
        self.made = made
        return made | {line.key: line.known for line in lines if line.known}

    @staticmethod
    def _contest(line: Line, *, onto: Contest | None = None) -> Contest:
        """Return the contest as the line wants it, unsaved."""
        contest = line.known or onto
        if contest is None:
            kind = line["kind"]
            contest = Contest(kind=kind, term=line["term"], **{BODY_OF[kind]: line.body})
        for name in FACTS:
            if name in line.changed:
                setattr(contest, name, line.changed[name])
        contest.decision = line.decision or contest.decision
        return contest

    @staticmethod
    def _candidacy(line: Line, contest: Contest) -> Candidacy:
        """Return the candidacy as the line wants it, unsaved."""
        candidacy = line.candidacy
        if candidacy is None:
            candidacy = Candidacy(person=line.who, name="" if line.who else line.called)
        candidacy.contest = contest
        for name in RESULTS:
            if name in line.changed:
                setattr(candidacy, name, line.changed[name])
        return candidacy

    def check_written(self, lines: list[Line]) -> None:
        """Votes and numbers of several rows, or of an earlier file, must agree with each other."""
        by_contest: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            by_contest[line.obj.pk].append(line)
        candidates: list[Candidacy] = []
        for some in batches(sorted(by_contest), 1000):
            contests = Contest.objects.filter(pk__in=some).prefetch_related(CANDIDACIES).order_by("pk")
            others = attempts_beside(contests)
            for contest in contests:
                candidates.extend(contest.candidacies.all())
                for at, sentence in faults(contest, contest.candidacies.all(), others[contest.pk]):
                    _note(by_contest[contest.pk], at, sentence)
        takings = {one.taking: one for one in candidates if one.person_id}
        for taking, sentence in gone_before(takings):
            one = takings[taking]
            _note(by_contest[one.contest_id], (one, "full_name"), sentence)


def _note(lines: list[Line], at, sentence: str) -> None:
    """Note a fault of a contest at the row that says it, or at the first of its rows."""
    candidacy, key = at if isinstance(at, tuple) else (None, at)
    own = [line for line in lines if candidacy is not None and _is_about(line, candidacy)]
    said = [line for line in own or lines if key in line.changed]
    if candidacy is not None and not own:
        # The row says a number of the contest that contradicts a candidate of an earlier file.
        key = next((name for name in ("present", "ballots", "outcome") if name in lines[0].changed), key)
        said = lines[:1]
    (said or own or lines)[0].fault(key, sentence)


def _is_about(line: Line, candidacy: Candidacy) -> bool:
    if not line.stands:
        return False
    if line.who is not None:
        return candidacy.person_id == line.who.pk
    return words_of(line.called or "") == words_of(candidacy.name or candidacy.person.full_name)


def _taking_office(lines: Iterable[Line]) -> list[Contest]:
    """Return the contests whose elected come into office: all but those of which only the result is recorded."""
    said: dict[object, set] = defaultdict(set)
    contests = {}
    for line in lines:
        contests[line.key] = line.obj
        said[line.key].add(line["seats"] or line.moved)
    return [
        contest
        for key, contest in contests.items()
        if Seats.TAKE in said[key] or Seats.RECORD not in said[key]
    ]
