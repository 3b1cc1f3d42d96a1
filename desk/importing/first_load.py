"""The first load of a province: which files in which order, what is in, and what is missing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.models import Unit, UnitPeriod
from dashboards.basis import frame_query, narrowed_url
from dashboards.figures.board import Board
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Borders
from dashboards.figures.lists import Part
from dashboards.figures.sections import RATINGS
from dashboards.overview import list_url, unit_url
from desk.importing.forms import FORMS
from desk.importing.papers import ImportForm
from desk.importing.provinces import ByCommune
from evaluations.models import LeaderRating, MemberLevels
from leaders.models import Office, Person, Tenure
from sheets.numbers import format_count

# So many finished years a province usually brings along.
YEARS_BACK = 5


@dataclass(frozen=True)
class Fact:
    """One number of what is in or missing, with the list behind it where there is one."""

    label: str
    number: str
    url: str = ""
    is_missing: bool = False


@dataclass(frozen=True)
class Gap:
    """The communes of which nothing is recorded yet: (name, address) of each."""

    label: str
    communes: list[tuple[str, str]]
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One kind of files in the order of the load; ``told`` says what is in."""

    code: str
    title: str
    # The forms of the step, by their keys.
    kinds: tuple[str, ...]
    told: Callable[["Load"], Iterator[Fact | Gap]]
    why: str = ""


@dataclass
class StepTold:
    """A step as the page shows it."""

    step: Step
    number: int
    forms: list[ImportForm]
    facts: list[Fact] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    # Files in work, and how many were written.
    batches: list = field(default_factory=list)
    written: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing of this step is in."""
        return all(fact.number == "0" for fact in self.facts if not fact.is_missing)


class Load:
    """What is recorded of a province today; the results of earlier years in its borders of today.

    A province that came of a merger loads the papers of all that went into it.
    """

    def __init__(self, province: Unit, user):
        self.province, self.user = province, user
        self.frame = ByCommune(province, timezone.localdate(), user)
        self.results = ByCommune(province, self.frame.day, user, Borders.NOW)
        self.board = Board(self.frame)

    @cached_property
    def communes(self) -> list[UnitPeriod]:
        return list(self.frame.children())

    @cached_property
    def offices(self) -> dict[str, int]:
        """Return how many people hold each office, as the list of people counts them."""
        held = Tenure.objects.visible_to(self.user).on(self.frame.day)
        held = held.filter(person__keeper__province=self.province).order_by()
        return dict(held.values_list("office").annotate(Count("person", distinct=True)))

    @cached_property
    def people(self) -> int:
        return Person.objects.visible_to(self.user).filter(keeper__province=self.province).count()

    @cached_property
    def years(self) -> list[int]:
        """Return the last finished years, the latest first."""
        return list(range(self.frame.day.year - 1, self.frame.day.year - 1 - YEARS_BACK, -1))

    @cached_property
    def rated(self) -> dict[int, dict[int | None, int]]:
        """Return {year: {commune of today: cells rated}} of the last years."""
        rows = RATINGS.rows(self.results, since=self.years[-1]).filter(rated=True).order_by()
        place = RATINGS.places(self.results)["commune"]
        found: dict[int, dict[int | None, int]] = {year: {} for year in self.years}
        for year, commune, count in rows.values_list("cycle__year", F(place)).annotate(Count("pk")):
            found.setdefault(year, {})[commune] = count
        return found

    @cached_property
    def rated_people(self) -> dict[int, int]:
        rows = LeaderRating.objects.visible_to(self.user).filter(
            ~Q(decided_level=""), commune__province=self.province, superseded_on__isnull=True
        )
        return dict(rows.order_by().values_list("cycle__year").annotate(Count("pk")))

    @cached_property
    def member_levels(self) -> dict[int, int]:
        rows = MemberLevels.objects.visible_to(self.user).filter(cell__province=self.province)
        return dict(rows.order_by().values_list("cycle__year").annotate(Count("pk")))

    def figure(self, code: str) -> Figure | None:
        return self.board.figures.get(code)

    def gap(self, label, has: Iterable[int | None], url: str = "") -> Iterator[Gap]:
        """Name the communes that are not among these, if there are any."""
        known = set(has)
        without = [
            (commune.full_name, unit_url(self.frame, commune.unit_id))
            for commune in self.communes
            if commune.unit_id not in known
        ]
        if without:
            yield Gap(capfirst(str(label)), without, url)

    def list_of(self, name: str, **chosen) -> str:
        return narrowed_url(name, self.frame, **chosen)


# --- What each step tells -------------------------------------------------------------


def _number(label, count: int, url: str = "", *, is_missing: bool = False) -> Fact:
    return Fact(capfirst(str(label)), format_count(count), url if count else "", is_missing)


def _hamlets(load: Load) -> Iterator[Fact | Gap]:
    hamlets, cells = load.figure("merged_role"), load.figure("cells")
    yield _number(_("Communes"), len(load.communes), load.list_of("commune_list"))
    yield _number(load.board.words.hamlet, hamlets.denominator, load.list_of("hamlet_list"))
    yield _number(_("Party cells"), cells.numerator, load.list_of("cell_list"))
    without = load.list_of("commune_list", loc="chua-co-thon")
    yield from load.gap(_("Without hamlets"), load.board.hamlets, without)
    yield from load.gap(_("Without cells"), load.board.cells)


def _counts(load: Load) -> Iterator[Fact | Gap]:
    cells, hamlets = load.board.cells, load.board.hamlets
    for groups, code, with_it, without, name, chosen in (
        (
            cells,
            "members",
            _("Cells with a member count"),
            _("Without a member count"),
            "cell_list",
            "chua-co-so-lieu",
        ),
        (
            hamlets,
            "households",
            _("With a household count"),
            _("Without a household count"),
            "hamlet_list",
            "chua-co-so-ho",
        ),
    ):
        yield _number(with_it, sum(group[f"{code}_known"] for group in groups.values()))
        missing = sum(group["uncounted"] for group in groups.values())
        yield _number(without, missing, load.list_of(name, loc=chosen), is_missing=True)
        figure = load.figure(code)
        if figure.is_known:
            yield _number(figure.label, figure.numerator, list_url(figure, Part.COUNTED))
    counted = [commune for commune, group in cells.items() if group["members_known"]]
    yield from load.gap(_("Without any member count"), counted)


def _people(load: Load) -> Iterator[Fact | Gap]:
    yield _number(_("People"), load.people, load.list_of("person_list", loc="tat-ca"))
    for office, vacant in ((Office.SECRETARY, "vacant_secretaries"), (Office.HAMLET_HEAD, "vacant_heads")):
        holders = load.offices.get(office, 0)
        label = _("In office: %(office)s") % {"office": _office(load, office)}
        yield _number(label, holders, load.list_of("person_list", chuc_vu=office))
        figure = load.figure(vacant)
        yield _number(figure.label, figure.numerator, list_url(figure, Part.COUNTED), is_missing=True)
    board = load.board
    somebody = {
        commune
        for groups, code in ((board.cells, "vacant_secretaries"), (board.hamlets, "vacant_heads"))
        for commune, group in groups.items()
        if group[code] < group[f"{code}_of"]
    }
    yield from load.gap(_("Without anybody in office"), somebody)


def _office(load: Load, office: str) -> str:
    return load.board.words.head if office == Office.HAMLET_HEAD else str(Office(office).label)


def _ratings(load: Load) -> Iterator[Fact | Gap]:
    for year, places in load.rated.items():
        url = reverse("dashboards:figure_rows", args=[load.province.pk, "rated"])
        label = _("Cells rated in %(year)d") % {"year": year}
        yield _number(label, sum(places.values()), url + frame_query(load.results, nam=year))
    for year, places in load.rated.items():
        if places or year == load.years[0]:
            yield from load.gap(_("Without results of %(year)d") % {"year": year}, places)


def _levels(load: Load) -> Iterator[Fact | Gap]:
    for year in load.years:
        yield _number(_("People rated in %(year)d") % {"year": year}, load.rated_people.get(year, 0))
    for year in load.years:
        label = _("Cells with the levels of their members, %(year)d") % {"year": year}
        yield _number(label, load.member_levels.get(year, 0))


def _titles(load: Load) -> Iterator[Fact | Gap]:
    for trend in load.board.title_trends:
        label = _('Cells that hold "%(title)s"') % {"title": trend.name}
        yield _number(label, trend.years[-1].held)
    if not load.board.title_trends:
        yield _number(_("Cells with a title"), 0)


def _contests(load: Load) -> Iterator[Fact | Gap]:
    for code, label in (
        ("congress_held", _("Cell congresses held")),
        ("head_elected", _("Elections of heads held")),
    ):
        yield from _shares(load, code, label)


def _assignments(load: Load) -> Iterator[Fact | Gap]:
    for code in ("hamlets_with_officer", "communes_with_officer"):
        yield from _shares(load, code)


def _shares(load: Load, code: str, label="") -> Iterator[Fact]:
    """Tell how many there are, and of those it could be, how many are left."""
    figure = load.figure(code)
    if figure is None:
        yield _number(label, 0)
        return
    yield _number(figure.label, figure.numerator, list_url(figure, Part.COUNTED))
    left = _("The others: %(figure)s") % {"figure": figure.label}
    yield _number(left, figure.missing, list_url(figure, Part.LEFT), is_missing=True)


# --- The order of files ---------------------------------------------------------------

STEPS = (
    Step(
        "hamlets",
        gettext_lazy("Hamlets and cells"),
        ("hamlets",),
        _hamlets,
        gettext_lazy("Only this form makes hamlets and cells: everything else leans on it."),
    ),
    Step("counts", gettext_lazy("Members and households"), ("counts",), _counts),
    Step(
        "people",
        gettext_lazy("People and their offices"),
        ("people",),
        _people,
        gettext_lazy("The list in office today first, lists of earlier terms after it."),
    ),
    Step(
        "ratings",
        gettext_lazy("Ratings of cells of past years"),
        ("ratings",),
        _ratings,
        gettext_lazy("One file for each year, with the decision."),
    ),
    Step(
        "levels",
        gettext_lazy("Ratings of secretaries, of heads and of members"),
        ("leader_ratings", "member_levels"),
        _levels,
    ),
    Step("titles", gettext_lazy("Titles of cells"), ("titles",), _titles),
    Step("contests", gettext_lazy("Congresses, elections of heads"), ("contests",), _contests),
    Step("assignments", gettext_lazy("Who follows which hamlet"), ("assignments",), _assignments),
)
# These change what was loaded before; they are no part of the first load.
NOT_LOADED_FIRST = {"reorganisation"}


def _nothing(load: Load) -> Iterator[Fact | Gap]:
    return iter(())


def steps_of(forms: dict[str, ImportForm]) -> list[Step]:
    """Return the steps for which there are forms; a form that no step knows gets one of its own, at the end."""
    known = {kind for step in STEPS for kind in step.kinds} | NOT_LOADED_FIRST
    return [step for step in STEPS if forms.keys() & set(step.kinds)] + [
        Step(key, form.label, (key,), _nothing) for key, form in forms.items() if key not in known
    ]


def place_in_order(kind: str) -> int:
    """Return where the files of a form come in the load."""
    order = [key for step in steps_of(FORMS) for key in step.kinds]
    return order.index(kind) if kind in order else len(order)


def told(load: Load, forms: dict[str, ImportForm]) -> list[StepTold]:
    """Return the steps with what is in and what is missing."""
    found = []
    for number, step in enumerate(steps_of(forms), 1):
        one = StepTold(step, number, [forms[kind] for kind in step.kinds if kind in forms])
        for said in step.told(load):
            (one.gaps if isinstance(said, Gap) else one.facts).append(said)
        found.append(one)
    return found


def totals(load: Load) -> dict[str, int]:
    """Return what a rehearsal compares before and after, by its words."""
    figures = load.board.figures
    found = {
        load.board.words.hamlet: figures["merged_role"].denominator,
        _("Party cells"): figures["cells"].numerator,
        _("Party members"): figures["members"].numerator,
        _("Households"): figures["households"].numerator,
        _("People"): load.people,
        _("In office: %(office)s") % {"office": _office(load, Office.SECRETARY)}: load.offices.get(
            Office.SECRETARY, 0
        ),
        _("In office: %(office)s") % {"office": load.board.words.head}: load.offices.get(
            Office.HAMLET_HEAD, 0
        ),
        figures["merged_role"].label: figures["merged_role"].numerator,
    }
    for year, places in load.rated.items():
        found[_("Cells rated in %(year)d") % {"year": year}] = sum(places.values())
    for year in load.years:
        found[_("People rated in %(year)d") % {"year": year}] = load.rated_people.get(year, 0)
    return {capfirst(str(label)): number for label, number in found.items()}
