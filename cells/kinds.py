"""Levels of places, and the Vietnamese word each kind of place is called by.

The words are names of the field, not translations: "ấp", "khóm" and "thôn" have no English
of their own, and a place keeps its own word wherever it is shown.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")
    HAMLET = "hamlet", _("Hamlet")


class Kind(TextChoices):
    TINH = "tinh", "tỉnh"
    THANH_PHO = "thanh_pho", "thành phố"
    HUYEN = "huyen", "huyện"
    QUAN = "quan", "quận"
    THI_XA = "thi_xa", "thị xã"
    XA = "xa", "xã"
    PHUONG = "phuong", "phường"
    THI_TRAN = "thi_tran", "thị trấn"
    DAC_KHU = "dac_khu", "đặc khu"
    AP = "ap", "ấp"
    KHOM = "khom", "khóm"
    THON = "thon", "thôn"
    BAN = "ban", "bản"
    BUON = "buon", "buôn"
    LANG = "lang", "làng"
    XOM = "xom", "xóm"
    KHU = "khu", "khu"
    KHU_PHO = "khu_pho", "khu phố"
    KHOI = "khoi", "khối"
    KHOI_PHO = "khoi_pho", "khối phố"
    TO_DAN_PHO = "to_dan_pho", "tổ dân phố"


KINDS_OF_LEVEL: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: (Kind.TINH, Kind.THANH_PHO),
    Level.DISTRICT: (Kind.HUYEN, Kind.QUAN, Kind.THI_XA, Kind.THANH_PHO),
    Level.COMMUNE: (Kind.XA, Kind.PHUONG, Kind.THI_TRAN, Kind.DAC_KHU),
    Level.HAMLET: (
        Kind.AP,
        Kind.KHOM,
        Kind.THON,
        Kind.BAN,
        Kind.BUON,
        Kind.LANG,
        Kind.XOM,
        Kind.KHU,
        Kind.KHU_PHO,
        Kind.KHOI,
        Kind.KHOI_PHO,
        Kind.TO_DAN_PHO,
    ),
}
# Where something new, or something that moves, may be put.
LEVELS_ABOVE: dict[str, tuple[str, ...]] = {
    Level.HAMLET: (Level.COMMUNE,),
    Level.COMMUNE: (Level.PROVINCE, Level.DISTRICT),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.PROVINCE: (),
}


def head_title(kind: str) -> str:
    """Return what the head of a hamlet of this kind is called: "Trưởng ấp", "Tổ trưởng tổ dân phố"."""
    if kind == Kind.TO_DAN_PHO:
        return "Tổ trưởng tổ dân phố"
    return f"Trưởng {Kind(kind).label}" if kind else "Trưởng thôn, tổ dân phố"


def title_and_place(title: str, place: str) -> str:
    """Return office and place as they are spoken, a word they share said once: "Trưởng ấp 1"."""
    words = f"{place[:1].lower()}{place[1:]}".split()
    for count in range(len(words), 0, -1):
        if title.lower().endswith(" " + " ".join(words[:count]).lower()):
            return " ".join([title, *words[count:]])
    return " ".join([title, *words])


def deputy_head_title(kind: str) -> str:
    """Return what the deputy head of a hamlet of this kind is called."""
    if kind == Kind.TO_DAN_PHO:
        return "Tổ phó tổ dân phố"
    return f"Phó trưởng {Kind(kind).label}"


def province_committee(kind: str) -> str:
    """Return what the Party committee of a province of this kind is called."""
    return "Thành ủy" if kind == Kind.THANH_PHO else "Tỉnh ủy"


def commune_board(kind: str) -> str:
    """Return what the board that builds the Party in a commune of this kind is called."""
    return "Ban Tổ chức" if kind == Kind.DAC_KHU else "Ban Xây dựng Đảng"


def full_name(kind: str, name: str) -> str:
    """Return the name as it is spoken: "Xã Tam Phước", "Ấp 3"."""
    word = Kind(kind).label
    # A hamlet's own name may already begin with its word ("Khu phố 3" kept as "Khu phố 3").
    if name.lower().startswith(f"{word} "):
        return name[:1].upper() + name[1:]
    return f"{word[:1].upper()}{word[1:]} {name}"
