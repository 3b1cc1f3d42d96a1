"""The words a page uses for hamlets and their heads: those of the hamlets it shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.kinds import Kind, Level, deputy_head_title, full_name, head_title
from cells.models import Unit
from cells.models.grants import scope_of
from sheets.numbers import format_count

# More words than these make no heading.
MOST_WORDS = 2


@dataclass(frozen=True)
class HamletWords:
    """How hamlets are called where the reader works: "ấp, khóm" and "trưởng ấp, khóm"."""

    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, kinds: list[str]) -> "HamletWords":
        """Return the words of these kinds, the commonest first; the general ones where they are many."""
        return cls(tuple(kinds)) if len(kinds) <= MOST_WORDS else cls()

    @classmethod
    def of_each(cls, kinds: Iterable[str]) -> "HamletWords":
        """Return the words of hamlets by the kind of each, the commonest first."""
        counted = Counter(kinds)
        return cls.of(sorted(counted, key=lambda kind: (-counted[kind], kind)))

    @property
    def hamlet(self) -> str:
        return ", ".join(Kind(kind).label for kind in self.kinds) or "thôn, tổ dân phố"

    @property
    def head(self) -> str:
        if Kind.TO_DAN_PHO in self.kinds:
            return ", ".join(_lower(head_title(kind)) for kind in self.kinds)
        return f"trưởng {self.hamlet}"

    @property
    def deputy_head(self) -> str:
        if Kind.TO_DAN_PHO in self.kinds:
            return ", ".join(_lower(deputy_head_title(kind)) for kind in self.kinds)
        return f"phó {self.head}"

    def phrase(self, text: str) -> str:
        """Return a figure's label or explanation in these words, beginning with a capital."""
        words = {"hamlets": self.hamlet, "head": self.head, "is_also": settings.MERGED_WORD}
        return capfirst(str(text) % words if "%(" in str(text) else str(text))


def formerly(row) -> str:
    """Return "xã Tam Phước cũ" where a hamlet or cell stood elsewhere before; needs rows.load_…()."""
    if not row.came_from_name:
        return ""
    return _("formerly %(place)s") % {"place": _lower(full_name(row.came_from_kind, row.came_from_name))}


def named(row) -> str:
    """Return the name of a hamlet or cell so that it is not taken for another of the commune."""
    before = formerly(row)
    return f"{row} ({before})" if before else str(row)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def more_words(count: int, words: HamletWords) -> str:
    """Return "tăng 1 ấp, khu phố"."""
    return _("%(count)s %(hamlets)s more") % {"count": format_count(count), "hamlets": words.hamlet}


def fewer_words(count: int, words: HamletWords) -> str:
    """Return "giảm 10 ấp, khu phố"."""
    return _("%(count)s %(hamlets)s fewer") % {"count": format_count(count), "hamlets": words.hamlet}


def words_of(hamlets) -> HamletWords:
    """Return the words of these hamlets, the commonest first."""
    counted = hamlets.order_by().values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return HamletWords.of([row["kind"] for row in counted[: MOST_WORDS + 1]])


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
