"""Who is shown birth dates and telephone numbers."""

from cells.models.grants import scope_of
from leaders.models import Person


def may_see_private(user, person: Person) -> bool:
    """Say whether this user sees the person's telephone and birth date: the keeper and the province do.

    Asks no query where the keeper is loaded.
    """
    if not user.sees_private_data:
        return False
    scope = scope_of(user)
    return (
        scope.everywhere or person.keeper_id in scope.communes or person.keeper.province_id in scope.provinces
    )


def may_telephone(user, person: Person, *, follows: bool) -> bool:
    """Say whether this user is shown the telephone alone: an officer calls the leaders of the hamlets followed.

    ``follows`` says that the person leads a hamlet, or its cell, which the user follows today.
    """
    return follows or may_see_private(user, person)
