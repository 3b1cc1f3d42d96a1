"""Kinds of lines in addresses, in the words people read aloud."""

from cells.models import LineKind

SLUGS = {
    LineKind.FOUND: "nhap-lap-moi",
    LineKind.ABSORB: "nhap-vao",
    LineKind.SPLIT: "chia-tach",
    LineKind.RENAME: "doi-ten",
    LineKind.RECLASSIFY: "doi-loai",
    LineKind.MOVE: "chuyen",
    LineKind.OPEN: "lap-moi",
    LineKind.CLOSE: "giai-the",
    LineKind.CELL_JOIN: "nhap-chi-bo",
    LineKind.CELL_FOUND: "lap-chi-bo",
    LineKind.CELL_DISSOLVE: "giai-the-chi-bo",
    LineKind.CELL_RENAME: "doi-ten-chi-bo",
    LineKind.CELL_MOVE: "chuyen-chi-bo",
}
_KINDS = {slug: kind for kind, slug in SLUGS.items()}


class LineKindConverter:
    regex = "|".join(_KINDS)

    def to_python(self, value: str) -> LineKind:
        return _KINDS[value]

    def to_url(self, value: str) -> str:
        return SLUGS[LineKind(value)]
