"""The annual review on the first pages: how far the communes are, and the one job of a commune."""

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.home.attention import Count
from dashboards.review.access import address
from dashboards.review.board import BoardRow, ReviewBoard
from evaluations.models import CommuneRating, Level, ReviewCycle, Step, Submission
from evaluations.review.authority import RECEIVE, may
from evaluations.review.progress import Progress, flag_of, progress_by_commune
from sheets.text import lower_first

Cycle, State = ReviewCycle.State, Submission.State
RUNNING = (Cycle.PREPARING, Cycle.OPEN)
# So many late communes are named with their telephone; the list shows all.
LATE_SHOWN = 5


@dataclass
class Season:
    """A review that is running in a province: who is how far, each number with its list."""

    cycle: ReviewCycle
    # "97/124" and what it counts.
    done: Count
    all: int
    parts: list[Count] = field(default_factory=list)
    late: list[BoardRow] = field(default_factory=list)
    late_count: int = 0
    late_url: str = ""
    to_deal_with: list[Count] = field(default_factory=list)
    attention: list[Count] = field(default_factory=list)


def seasons(user, province: Unit | None, today: date) -> list[Season]:
    """Return the running reviews of the province, for those who run them."""
    if province is None or not may(user, RECEIVE):
        return []
    cycles = ReviewCycle.objects.visible_to(user).filter(province=province, state__in=RUNNING)
    return [
        _season(ReviewBoard(cycle, user, today)) for cycle in cycles.select_related("province", "rule_set")
    ]


def _season(board: ReviewBoard) -> Season:
    def count(slug: str, label: str) -> Count:
        return Count(label, board.counts[slug], address("board", board.cycle, loc=slug))

    late = board.narrowed("qua-han")
    season = Season(
        cycle=board.cycle,
        done=count("da-xac-nhan", _("communes have confirmed their list"))
        if board.is_preparing
        else count("da-gui", _("communes have sent")),
        all=board.due,
        late=late[:LATE_SHOWN],
        late_count=len(late),
        late_url=address("call_list", board.cycle, loc="qua-han"),
    )
    if board.is_preparing:
        season.parts = [count("chua-xac-nhan", _("not confirmed yet"))]
        return season
    season.parts = [count("dang-nhap", _("being entered")), count("chua-thuc-hien", _("not begun"))]
    if waiting := board.counts["cho-tiep-nhan"]:
        url = reverse("review_board:receive", args=[board.cycle.year])
        season.to_deal_with = [Count(_("files of communes wait to be received"), waiting, url)]
    if over := board.counts["vuot-ty-le"]:
        url = address("shares", board.cycle, loc="vuot")
        season.attention = [Count(_("communes over the share of excellent cells"), over, url)]
    return season


@dataclass
class CommuneReview:
    """The review of a year as the one job of a commune: what it is about, until when, and the button."""

    file: Submission
    text: str
    flag: str
    action: str
    url: str
    is_waiting: bool
    # What the province asks to complete, in full.
    asked: str = ""
    own_level: str = ""


def commune_reviews(user, commune: Unit, today: date) -> list[CommuneReview]:
    """Return the running reviews of what is this commune today; after it, its own level of the last year."""
    files = Submission.objects.visible_to(user).filter(
        commune__commune=commune, cycle__state__in=[*RUNNING, Cycle.CLOSED], cycle__year__gte=today.year - 1
    )
    files = list(
        files.select_related("cycle__province", "commune", "decision").order_by("-cycle__year", "pk")
    )
    running = [file for file in files if file.cycle.state in RUNNING]
    levels = _own_levels(user, files)
    found = [_job(file, today, levels.get((file.cycle_id, file.commune_id), "")) for file in running]
    return found or [_job(file, today, levels[key]) for file in files[:1] if (key := _key(file)) in levels]


def _key(file: Submission) -> tuple[int, int]:
    return (file.cycle_id, file.commune_id)


def _own_levels(user, files: list[Submission]) -> dict[tuple[int, int], str]:
    """Return what the province decided on the commune's own committee, in words."""
    ratings = CommuneRating.objects.visible_to(user).latest_editions().exclude(decided_level="")
    ratings = ratings.filter(
        cycle__in={file.cycle_id for file in files}, commune__in={file.commune_id for file in files}
    ).select_related("decision", "commune")
    return {
        (rating.cycle_id, rating.commune_id): _(
            "Party committee of %(commune)s: %(level)s (decision %(decision)s)"
        )
        % {
            "commune": lower_first(str(rating.commune)),
            "level": Level(rating.decided_level).short,
            "decision": rating.decision,
        }
        for rating in ratings
    }


def _job(file: Submission, today: date, own_level: str) -> CommuneReview:
    is_preparing = file.cycle.state == Cycle.PREPARING
    words, action = _list_words(file) if is_preparing else _words(file)
    page = "review:list" if is_preparing else "review:grid"
    return CommuneReview(
        file=file,
        text=words,
        flag=flag_of(file, today),
        action=action,
        url=reverse(page, args=[file.cycle.year, file.pk]),
        is_waiting=not (file.list_confirmed_at if is_preparing else file.was_sent),
        asked=_asked(file),
        own_level=own_level,
    )


def _list_words(file: Submission) -> tuple[str, str]:
    if file.list_confirmed_at:
        return (
            _("List of cells for the review of %(year)s: confirmed on %(day)s.")
            % {"year": file.cycle.year, "day": _day(file.list_confirmed_at)},
            _("See the list"),
        )
    return (
        _("Look through the list of cells for the review of %(year)s%(due)s")
        % {"year": file.cycle.year, "due": _due(file.list_due_on)},
        _("Look through the list"),
    )


def _words(file: Submission) -> tuple[str, str]:
    found = progress_by_commune(file.cycle, [file.commune_id]).get(file.commune_id, Progress())
    words = {
        "year": file.cycle.year,
        "due": _due(file.due_on),
        "entered": found.entered,
        "subject": found.subject,
        "number": file.decision.number if file.decision else "",
        "sent": _day(file.sent_at),
        "received": _day(file.received_at),
    }
    texts = {
        State.ENTERING: (
            _("Annual review %(year)s: %(entered)d/%(subject)d cells%(due)s"),
            _("Go on with it") if found.entered else _("Begin"),
        ),
        State.PUT: (
            _("Annual review %(year)s: put to the standing committee%(due)s"),
            _("Record the decision"),
        ),
        State.DECIDED: (
            _("Annual review %(year)s: decided (number %(number)s), not sent yet%(due)s"),
            _("Open it to send it"),
        ),
        State.RETURNED: (_("Annual review %(year)s: to be completed%(due)s"), _("Complete it")),
        State.SENT: (
            _("Annual review %(year)s: sent on %(sent)s, waits to be received by the province."),
            _("See"),
        ),
        State.RECEIVED: (
            _("Annual review %(year)s: received by the province on %(received)s."),
            _("See"),
        ),
        State.LOCKED: (_("Annual review %(year)s: received, figures locked."), _("See")),
    }
    text, action = texts[file.state]
    return text % words, action


def _due(day: date | None) -> str:
    return _(" – due %(day)s") % {"day": f"{day:%d/%m}"} if day else ""


def _day(moment) -> str:
    return f"{timezone.localdate(moment):%d/%m/%Y}" if moment else ""


def _asked(file: Submission) -> str:
    if file.state != State.RETURNED:
        return ""
    last = file.steps.filter(kind=Step.Kind.RETURNED).order_by("number").last()
    return last.text if last else ""
