"""The committees of the communes themselves: the province enters, decides and corrects their levels."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.guard import who_was_first
from accounts.history import create_many, update_many
from accounts.validation import CleanFields
from evaluations.actions import correct_rating
from evaluations.models import CommuneRating, ReviewCycle
from evaluations.review.authority import need_receiver
from evaluations.review.deciding import Paper, check_day, faults_of, recorded_paper
from evaluations.review.rows import disagreements, preset_proposal
from evaluations.review.share import Share
from evaluations.roster import places_of_communes

FIELDS = ("self_level", "proposed_level", "points", "not_subject_reason", "reason", "note")


def make_commune_rows(cycle: ReviewCycle) -> int:
    """Give every commune that has a file a row for its committee; return how many."""
    places = places_of_communes(cycle.submissions.values_list("commune", flat=True), cycle.roster_day)
    rows = [
        CommuneRating(cycle=cycle, commune_id=commune, district_id=place.district, province_id=place.province)
        for commune, place in sorted(places.items())
    ]
    create_many(CommuneRating, rows)
    return len(rows)


def commune_rows(cycle: ReviewCycle):
    """Return the rows of the committees, the editions in force, in the order of names."""
    rows = CommuneRating.objects.filter(cycle=cycle, superseded_on__isnull=True)
    return rows.select_related("commune", "decision").order_by("commune__sort_key", "pk")


def share_of_communes(cycle: ReviewCycle, rows: Iterable[CommuneRating]) -> Share:
    """Return the excellent committees beside the most there may be; what is not decided counts as proposed."""
    rules = cycle.rule_set
    levels = Counter(row.decided_level or row.proposed_level for row in rows if not row.not_subject_reason)
    return Share(
        str(_("Committees of communes")),
        rules.excellent_share,
        rules.share_base,
        rules.share_rounding,
        levels,
    )


@dataclass(frozen=True)
class CommuneEntry:
    """What somebody entered for one committee, and the revision of the row it was entered on."""

    pk: int
    revision: int
    values: Mapping = field(default_factory=dict)


@dataclass
class SavedCommune:
    """What became of one entry: saved, unchanged, refused with its faults, or in conflict."""

    row: CommuneRating
    changed: bool = False
    conflict: str = ""
    # By field; what belongs to none stands under "".
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_saved(self) -> bool:
        return not (self.conflict or self.faults)


@transaction.atomic
def save_commune_rows(cycle: ReviewCycle, entries: Iterable[CommuneEntry], *, by) -> list[SavedCommune]:
    """Save each row that is still as it was read and without fault; tell of the others why not."""
    need_receiver(by, cycle)
    _need_open(cycle)
    entries = list(entries)
    rows = commune_rows(cycle).filter(pk__in=[entry.pk for entry in entries])
    known = {row.pk: row for row in rows.select_for_update(of=("self",))}
    fields = CleanFields()
    results = [_take(entry, known[entry.pk], fields) for entry in entries if entry.pk in known]
    written = [one.row for one in results if one.changed and one.is_saved]
    for row in written:
        row.revision += 1
    update_many(CommuneRating, written, [*FIELDS, "revision"])
    return results


def _take(entry: CommuneEntry, row: CommuneRating, fields: CleanFields) -> SavedCommune:
    saved = SavedCommune(row)
    changes = {
        name: value for name, value in entry.values.items() if name in FIELDS and getattr(row, name) != value
    }
    if not changes:
        return saved
    if row.is_decided:
        saved.faults[""] = [_("Decided. To change a level, correct it with a decision.")]
        return saved
    if entry.revision != row.revision:
        saved.conflict = who_was_first(row.history.select_related("change_set").latest("history_id"))
        return saved
    preset_proposal(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    saved.changed = True
    try:
        fields.clean(row, editable_only=True)
    except ValidationError as error:
        saved.faults = {name: list(ValidationError(some).messages) for name, some in error.error_dict.items()}
    saved.faults |= {name: [said] for name, said in disagreements(row).items()}
    return saved


@transaction.atomic
def decide_communes(cycle: ReviewCycle, paper: Paper, *, by) -> int:
    """Record what the standing committee of the province decided on every committee not decided yet.

    A row takes the level that was proposed, or the one named as an exception; who has neither is named,
    and then nothing is recorded. Return how many were decided.
    """
    need_receiver(by, cycle)
    _need_open(cycle)
    check_day(paper.day)
    rows = commune_rows(cycle).filter(decided_level="", not_subject_reason="")
    rows = list(rows.select_for_update(of=("self",)))
    if not rows:
        raise ValidationError(_("Everything on the list has been decided already."))
    decision = recorded_paper(paper, cycle.province)
    faults = []
    for row in rows:
        row.decided_level = paper.exceptions.get((CommuneRating, row.pk)) or row.proposed_level
        row.decision, row.decided_on = decision, decision.date
        row.revision += 1
        faults += [f"{row.commune}: {fault}" for fault in faults_of(row, paper)]
    if faults:
        raise ValidationError(faults)
    update_many(CommuneRating, rows, ["decided_level", "decision", "decided_on", "revision"])
    return len(rows)


@transaction.atomic
def correct_commune(rating: CommuneRating, paper: Paper, *, level: str, reason: str, by) -> CommuneRating:
    """Replace the decided level of a committee by a new edition with its own decision."""
    need_receiver(by, rating.cycle)
    check_day(paper.day)
    decision = recorded_paper(paper, rating.cycle.province)
    return correct_rating(rating, level=level, decision=decision, reason=reason, by=by)


def _need_open(cycle: ReviewCycle) -> None:
    # Locked, so that nobody closes the year before what is entered here stands.
    current = ReviewCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    current.need_state(ReviewCycle.State.OPEN)
