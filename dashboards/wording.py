"""The words a page uses for hamlets and their heads: those of the hamlets it shows."""

from dataclasses import dataclass

from django.db.models import Count

from cells.kinds import Kind, Level, head_title
from cells.models import Unit
from cells.models.grants import scope_of

# More words than these make no heading.
MOST_WORDS = 2


@dataclass(frozen=True)
class HamletWords:
    """How hamlets are called where the reader works: "ấp, khóm" and "trưởng ấp, khóm"."""

    kinds: tuple[str, ...] = ()

    @property
    def hamlet(self) -> str:
        return ", ".join(Kind(kind).label for kind in self.kinds) or "thôn, tổ dân phố"

    @property
    def head(self) -> str:
        if Kind.TO_DAN_PHO in self.kinds:
            return ", ".join(_lower(head_title(kind)) for kind in self.kinds)
        return f"trưởng {self.hamlet}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def words_of(hamlets) -> HamletWords:
    """Return the words of these hamlets, the commonest first."""
    counted = hamlets.order_by().values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return HamletWords(tuple(row["kind"] for row in counted[:MOST_WORDS]))


def words_for(user) -> HamletWords:
    """Return the words of the hamlets the user looks after, asked once per request.

    The answer is kept on the user object, which lives as long as the request.
    """
    known = user.__dict__
    if "_hamlet_words" not in known:
        scope = scope_of(user)
        if scope.everywhere or scope.is_empty:
            known["_hamlet_words"] = HamletWords()
        else:
            hamlets = Unit.objects.visible_to(user).filter(level=Level.HAMLET).standing()
            known["_hamlet_words"] = words_of(hamlets)
    return known["_hamlet_words"]
