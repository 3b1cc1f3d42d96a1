"""What the board of seats looks at: each item a flag of the rows (rules.py), with its words and its address."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from leaders.models import Office


class Shape(TextChoices):
    """What the list of an item tells of each row."""

    VACANT = "vacant"
    HOLDER = "holder"
    MEMBERS = "members"
    PEOPLE = "people"


class Of(TextChoices):
    HAMLETS = "hamlets"
    CELLS = "cells"
    PEOPLE = "people"


@dataclass(frozen=True)
class Item:
    """One thing the board counts. The explanation may name the limit of the province."""

    slug: str
    label: str
    brief: str
    explanation: str
    of: str
    flag: str = ""
    shape: str = Shape.HOLDER
    office: str = ""
    # The limit of the province that the flag is judged by.
    limit: str = ""


ITEMS = [
    Item(
        "khuyet-bi-thu",
        _("Without a secretary"),
        _("No secretary"),
        _(
            "Cells of %(hamlets)s whose secretary's seat is known to be empty. A deputy in charge is not the secretary."
        ),
        Of.CELLS,
        "no_secretary",
        Shape.VACANT,
        Office.SECRETARY,
    ),
    Item(
        "khuyet-truong",
        _("Vacant: %(head)s"),
        _("No head"),
        _("%(hamlets)s whose head's seat is known to be empty."),
        Of.HAMLETS,
        "no_head",
        Shape.VACANT,
        Office.HAMLET_HEAD,
    ),
    Item(
        "khuyet-mat-tran",
        _("Vacant: head of the Front committee"),
        _("No Front head"),
        _("%(hamlets)s whose last recorded head of the Front committee left, with nobody recorded after."),
        Of.HAMLETS,
        "no_front",
        Shape.VACANT,
        Office.FRONT_HEAD,
    ),
    Item(
        "chua-ghi-mat-tran",
        _("Head of the Front committee not recorded yet"),
        _("Front head not recorded"),
        _(
            "%(hamlets)s of which nobody was ever recorded as head of the Front committee: not known to be empty."
        ),
        Of.HAMLETS,
        "front_unrecorded",
        Shape.VACANT,
        Office.FRONT_HEAD,
    ),
    Item(
        "lam-thoi-lau",
        _("Interim %(head)s for long"),
        _("Long interim"),
        _("%(hamlets)s led by an interim head for longer than the limit of the province: %(limit)s days."),
        Of.HAMLETS,
        "long_interim",
        office=Office.HAMLET_HEAD,
        limit="interim_days",
    ),
    Item(
        "bi-thu-chua-co-quyet-dinh",
        _("Secretary appointed, decision not entered"),
        _("Secretary's decision missing"),
        _("Cells whose secretary was appointed, and the decision that says so is not entered yet."),
        Of.CELLS,
        "secretary_no_decision",
        office=Office.SECRETARY,
    ),
    Item(
        "truong-chua-co-quyet-dinh",
        _("Appointed %(head)s, decision not entered"),
        _("Appointed head, decision missing"),
        _(
            "%(hamlets)s whose head was appointed, as interim or otherwise, and the decision is not entered yet."
        ),
        Of.HAMLETS,
        "head_no_decision",
        office=Office.HAMLET_HEAD,
    ),
    Item(
        "bi-thu-sap-het-nhiem-ky",
        _("Term of the secretary about to end"),
        _("Secretary's term ends"),
        _(
            "Cells whose secretary's last day, or else the end of the last year of the term, comes within %(limit)s"
            " days. Extended terms have no end."
        ),
        Of.CELLS,
        "secretary_ends",
        office=Office.SECRETARY,
        limit="term_ends_days",
    ),
    Item(
        "truong-sap-het-nhiem-ky",
        _("Term of the %(head)s about to end"),
        _("Head's term ends"),
        _(
            "%(hamlets)s whose head's last day, or else the end of the last year of the term, comes within %(limit)s"
            " days. Extended terms have no end."
        ),
        Of.HAMLETS,
        "head_ends",
        office=Office.HAMLET_HEAD,
        limit="term_ends_days",
    ),
    Item(
        "bi-thu-qua-nhiem-ky",
        _("Term of the secretary over"),
        _("Secretary's term over"),
        _("Cells whose secretary's term is over by its years, and no extension is recorded."),
        Of.CELLS,
        "secretary_is_over",
        office=Office.SECRETARY,
    ),
    Item(
        "truong-qua-nhiem-ky",
        _("Term of the %(head)s over"),
        _("Head's term over"),
        _("%(hamlets)s whose head's term is over by its years, and no extension is recorded."),
        Of.HAMLETS,
        "head_is_over",
        office=Office.HAMLET_HEAD,
    ),
    Item(
        "truong-chua-dang-vien",
        _("%(head)s not yet a Party member"),
        _("Head no member"),
        _(
            "%(hamlets)s whose head is known not to be a Party member. Where it is not known, it is not counted."
        ),
        Of.HAMLETS,
        "head_no_member",
        office=Office.HAMLET_HEAD,
    ),
    Item(
        "truong-kiem-mat-tran",
        _("%(head)s also leads the Front committee"),
        _("Head leads the Front"),
        _(
            "%(hamlets)s in which one person is head and head of the Front committee. It is told, not refused."
        ),
        Of.HAMLETS,
        "head_is_front",
        office=Office.HAMLET_HEAD,
    ),
    Item(
        "it-dang-vien",
        _("Cells with few official members"),
        _("Few official members"),
        _(
            "Cells whose latest count has fewer official members than the limit of the province: %(limit)s. Cells"
            " without such a count are not counted."
        ),
        Of.CELLS,
        "few_official",
        Shape.MEMBERS,
        limit="least_official",
    ),
    Item(
        "nhieu-chuc",
        _("People with more than one seat"),
        _("Several seats"),
        _(
            "People are counted, not tenures: each once, however many seats. All offices in hamlets and cells."
        ),
        Of.PEOPLE,
        shape=Shape.PEOPLE,
    ),
]
BY_SLUG = {item.slug: item for item in ITEMS}
