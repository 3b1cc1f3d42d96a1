"""Loading the sample data in one change set, and taking that change set back."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, recording
from accounts.history import take_back
from cells.copies import rebuild
from cells.kinds import Level
from cells.loading import REFORM_DAY, REFORM_TITLE
from cells.models import Reorganisation
from desk.samples import ba_tri, chau_thanh, dong_thap, lang_son, quang_ninh
from desk.samples.accounts import CLERK, OFFICER, open_accounts
from desk.samples.elections import Elections
from desk.samples.learning import train_this_year
from desk.samples.meetings import hold_meetings
from desk.samples.noteworthy import Noteworthy
from desk.samples.places import follow_reforms, number_names, open_all, unit_on
from desk.samples.records import forget_looks, happen_to_records
from desk.samples.reforms import reform_ba_tri, reform_chau_thanh
from desk.samples.review import review_this_year
from desk.samples.streaks import rate_secretaries
from desk.samples.titles import Titles
from desk.samples.today import Today

ARTICLES = (dong_thap, chau_thanh, lang_son, ba_tri, quang_ninh)
# The commune of today with the fullest pages: seven of the communes of 2022 went into it.
PHU_TUC = "28810"


def loaded_samples() -> ChangeSet | None:
    """Return the change set of the samples, unless it was taken back."""
    return ChangeSet.objects.filter(kind=ChangeSet.Kind.SAMPLES, taken_back_by__isnull=True).first()


@transaction.atomic
def load(progress: Callable[[str], None] = lambda step: None) -> bool:
    """Load the five articles. Return False where they are there already."""
    # The row also keeps a second load waiting until the first is done.
    units = Reorganisation.objects.select_for_update().filter(title=REFORM_TITLE, effective_on=REFORM_DAY)
    if not units:
        raise ValidationError(_("The units of the country are missing. Run load_units first."))
    if loaded_samples():
        return False
    with recording(kind=ChangeSet.Kind.SAMPLES, reason=_("Sample data of five articles")):
        _load(progress)
    return True


def _load(progress: Callable[[str], None]) -> None:
    progress("places")
    reform_chau_thanh()
    reform_ba_tri()
    of_article = {article: article.places() for article in ARTICLES}
    everywhere = [place for places in of_article.values() for place in places]
    follow_reforms(everywhere)
    number_names(everywhere)
    open_all(everywhere)
    for article, places in of_article.items():
        progress(article.__name__.rpartition(".")[2])
        article.fill(places)
    progress("today")
    today = Today(everywhere, phu_tuc=unit_on(REFORM_DAY, Level.COMMUNE, PHU_TUC))
    users = open_accounts(phu_tuc=today.phu_tuc)
    today.follow(users.get(OFFICER.username))
    today.change_seats()
    today.enter_late()
    today.seat_front_heads()
    # Where nobody died or leads for the time being: those seats tell another story.
    Elections(today.phu_tuc, today.commune[6:], today.day).run()
    noteworthy = Noteworthy(today.elsewhere, day=today.day)
    noteworthy.record()
    today.count()
    noteworthy.lose_members()
    today.confirm(users.get(CLERK.username))
    hold_meetings(today.province, today=today.day)
    train_this_year(today.phu_tuc.province, today=today.day)
    today.rate()
    rate_secretaries(today.elsewhere)
    today.aim()
    Titles(today.commune, today.day).fill(REFORM_DAY)
    review_this_year(today.phu_tuc.province, users, today=today.day)
    happen_to_records(today, users)


@transaction.atomic
def remove(*, by=None, even_if_edited: bool = False) -> int:
    """Take the samples back; return how many rows that were, 0 where there are none."""
    change_set = loaded_samples()
    if change_set is None:
        return 0
    forget_looks(change_set)
    count = take_back(change_set, by=by, reason=_("Sample data removed"), even_if_edited=even_if_edited)
    rebuild()
    return count
