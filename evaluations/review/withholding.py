"""The copy in each rating of whether its commune's file is still its own."""

from django.db.models import QuerySet

from evaluations.models.review import is_awaited


def renew_withheld(ratings: QuerySet) -> None:
    """Make the copy in these ratings say what their files say by now."""
    ratings.filter(is_awaited(), withheld=False).update(withheld=True)
    ratings.filter(~is_awaited(), withheld=True).update(withheld=False)
