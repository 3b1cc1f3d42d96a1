"""The figures of a province's papers, from what its communes have sent; never from what they have not."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.history import batches
from cells.kinds import full_name
from cells.models import Unit, UnitPeriod
from dashboards.papers.asking import Asked
from dashboards.papers.commune_figures import level_words, members_of_cell, not_subject_notes
from dashboards.papers.gathering import (
    CELL_ORDER,
    FIELD_OF_LEVEL,
    NOT_RATED,
    counts_of,
    levels_before,
    names_on,
    person_row,
)
from dashboards.papers.sums import LEVEL_FIELDS, sum_of_levels, summary_faults, totals
from dashboards.review.board import place_on_list
from evaluations.models import (
    CellRating,
    LeaderRating,
    Level,
    MemberLevels,
    ReviewCycle,
    ShareBase,
    Submission,
)
from evaluations.models.ratings import NotSubject
from evaluations.models.review import WITH_PROVINCE
from evaluations.review.opening import has_a_list
from evaluations.review.share import shares_of
from evaluations.streaks import Question, Streak, cell_streaks, leader_streaks
from leaders.models import Office
from sheets.numbers import format_count, format_decimal

NOT_SENT = "Chưa gửi"
WITHIN, NOTHING = "Trong tỷ lệ", "–"


@dataclass
class Communes:
    """The communes of a year, those whose figures are here and those that have not sent theirs."""

    names: dict[int, str]
    files: dict[int, Submission]
    held: set[int]

    @property
    def missing(self) -> list[int]:
        return [pk for pk in self.names if pk not in self.held]

    @property
    def words(self) -> str:
        """How many communes the figures are of."""
        if not self.files:
            return f"Số liệu của {format_count(len(self.held))} xã, ghi nhận từ văn bản"
        return f"Số liệu của {format_count(len(self.held))}/{format_count(len(self.names))} xã đã gửi"

    def head(self, asked: Asked) -> dict:
        return asked.head() | {"da_gui": self.words}


def communes_of(asked: Asked) -> Communes:
    """Return the communes on the year's list in order, with the names they had on the roster day."""
    files = Submission.objects.visible_to(asked.user).filter(cycle=asked.cycle).select_related("decision")
    if asked.cycle.state != ReviewCycle.State.PREPARING:
        # A commune may have ended, or all its cells, between the opening and the roster day: it has nothing to send.
        files = files.filter(has_a_list(asked.cycle) | Q(state__in=WITH_PROVINCE))
    files = {file.commune_id: file for file in files}
    rated = {
        commune
        for model in (CellRating, LeaderRating)
        for commune in asked.ratings(model).order_by().values_list("commune", flat=True).distinct()
    }
    held = {pk for pk in rated if pk not in files or files[pk].state in WITH_PROVINCE}
    # A commune without a single row may have sent its file all the same.
    held |= {pk for pk, file in files.items() if file.state in WITH_PROVINCE}
    return Communes(_names(asked, {*files, *rated}), files, held)


def _names(asked: Asked, keys: set[int]) -> dict[int, str]:
    names = {}
    for some in batches(sorted(keys)):
        for unit in Unit.objects.filter(pk__in=some):
            names[unit.pk] = (unit.sort_key, unit.pk, str(unit))
        for period in UnitPeriod.objects.on(asked.cycle.roster_day).filter(unit__in=some):
            sort_key = names[period.unit_id][0]
            names[period.unit_id] = (sort_key, period.unit_id, full_name(period.kind, period.name))
    return {pk: name for _key, pk, name in sorted(names.values())}


def _counted(counts: Counter) -> dict:
    """Return the counts of one line from how many cells have each level and reason."""
    levels = Counter()
    reasons = Counter()
    for (level, not_subject), count in counts.items():
        if level:
            levels[level] += count
        else:
            reasons[not_subject] += count
    words = [f"{reasons[reason]} {NotSubject(reason).label}" for reason in NotSubject if reasons[reason]]
    words += [f"{reasons['']} {NOT_RATED}"] if reasons[""] else []
    return {
        "tong_so": sum(counts.values()),
        "duoc_danh_gia": sum(levels[level] for level in Level),
        **{field: levels[level] for level, field in FIELD_OF_LEVEL.items()},
        "chua_danh_gia": sum(reasons.values()),
        "chua_danh_gia_ly_do": "; ".join(words),
    }


def summary(asked: Asked) -> dict:
    communes = communes_of(asked)
    rows = asked.ratings(CellRating).filter(commune__in=communes.held).order_by()
    by_commune: dict[int, Counter] = defaultdict(Counter)
    for commune, level, reason, count in rows.values_list(
        "commune", "decided_level", "not_subject_reason"
    ).annotate(n=Count("pk")):
        by_commune[commune][level, reason] += count
    # Counted once more and apart from the lines, so that the sum of these can be checked.
    whole = Counter()
    for level, reason, count in rows.values_list("decided_level", "not_subject_reason").annotate(
        n=Count("pk")
    ):
        whole[level, reason] += count
    before, left_out = _last_year(asked, communes)
    lines = []
    for number, (pk, name) in enumerate(communes.names.items(), 1):
        line = {"khoa": f"xa:{pk}", "tt": number, "don_vi": name, "ghi_chu_dong": ""}
        if pk in communes.held:
            line |= _counted(by_commune[pk]) | _of_last_year(before[pk])
        else:
            line |= dict.fromkeys([*_counted(Counter()), *_of_last_year(Counter())])
            line["ghi_chu_dong"] = NOT_SENT
        lines.append(line)
    held_before = sum((before[pk] for pk in communes.held), Counter())
    total = {"tt": "", "don_vi": "Cộng", "ghi_chu_dong": "", **_counted(whole), **_of_last_year(held_before)}
    return communes.head(asked) | {
        "cac_dong": lines,
        "cong": total,
        "ghi_chu": [
            *summary_faults([line for line in lines if line["tong_so"] is not None], total),
            *_not_sent(communes),
            *_reasons(whole),
            *(
                [
                    f"Năm {asked.year - 1}: {format_count(left_out)} chi bộ không quy đổi được về đơn vị trong biểu."
                ]
                if left_out
                else []
            ),
            f"Cột “Năm trước”: kết quả năm {asked.year - 1} của các chi bộ nay thuộc đơn vị.",
        ],
    }


def _of_last_year(levels: Counter) -> dict:
    return {f"{field}_nam_truoc": levels[level] for level, field in FIELD_OF_LEVEL.items()}


def _last_year(asked: Asked, communes: Communes) -> tuple[dict[int, Counter], int]:
    """Return the levels of the year before by commune of this year's list, and how many stand in none of them.

    They are counted where their cell stands now if its commune of then is not on the list any more.
    """
    found: dict[int, Counter] = defaultdict(Counter)
    left_out = 0
    rows = (
        CellRating.objects.visible_to(asked.user)
        .latest_editions()
        .filter(Q(province=asked.unit) | Q(cell__province=asked.unit), cycle__year=asked.year - 1)
        .exclude(decided_level="")
        .order_by()
        .values_list("commune", "cell__commune__commune", "decided_level")
        .annotate(n=Count("pk"))
    )
    for then, now, level, count in rows:
        place = place_on_list(then, now, communes.names)
        if place is None:
            left_out += count
        else:
            found[place][level] += count
    return found, left_out


def _not_sent(communes: Communes) -> list[str]:
    if not communes.missing:
        return []
    names = ", ".join(communes.names[pk] for pk in communes.missing)
    return [f"Chưa gửi, không có trong số cộng: {names}."]


def _reasons(counts: Counter) -> list[str]:
    return [
        f"Không thuộc diện xếp loại: {format_count(count)} chi bộ ({NotSubject(reason).label})."
        for reason in NotSubject
        if (count := sum(n for (_level, why), n in counts.items() if why == reason))
    ]


def shares(asked: Asked) -> dict:
    communes = communes_of(asked)
    cycle, rules = asked.cycle, asked.cycle.rule_set
    files = [
        communes.files.get(pk) or Submission(cycle=cycle, commune_id=pk)
        for pk in communes.names
        if pk in communes.held
    ]
    found = shares_of(files, cycle, level="decided_level", rows=asked.ratings(CellRating))
    lines = []
    for pk, name in communes.names.items():
        for share in found.get(pk, ()):
            lines.append(
                {
                    "khoa": f"xa:{pk}:{share.group}",
                    "tt": len(lines) + 1,
                    "don_vi": name,
                    "nhom": share.group,
                    "co_so_tinh": share.counted,
                    "toi_da": share.most,
                    "xuat_sac": share.excellent,
                    "ket_luan": f"Vượt {share.over}" if share.over else WITHIN if share.counted else NOTHING,
                }
            )
    over = sum(1 for share in (one for some in found.values() for one in some) if share.over)
    percent = f"{format_decimal(rules.excellent_share)}%"
    sums = totals(lines, ("co_so_tinh", "toi_da", "xuat_sac"))
    return communes.head(asked) | {
        "tran": percent,
        "ten_co_so_tinh": _BASES[rules.share_base],
        "cac_dong": lines,
        "cong": {
            "tt": "",
            "don_vi": "Cộng",
            "nhom": "",
            **sums,
            "ket_luan": f"{over} nhóm vượt" if over else WITHIN,
        },
        "ghi_chu": [
            "Tỷ lệ tính cho từng nhóm trong một đảng bộ; dòng cộng là tổng của các đơn vị, không tính lại tỷ lệ tối đa.",
            *_not_sent(communes),
            *_over_reasons(communes, found),
        ],
    }


_BASES = {
    ShareBase.OF_GOOD: "Số hoàn thành tốt",
    ShareBase.OF_GOOD_OR_BETTER: "Số hoàn thành tốt trở lên",
    ShareBase.OF_ALL_RATED: "Số được xếp loại",
}


def _over_reasons(communes: Communes, found: dict) -> list[str]:
    return [
        f"{name} – lý do vượt tỷ lệ: {communes.files[pk].share_reason}"
        for pk, name in communes.names.items()
        if pk in communes.files
        and communes.files[pk].share_reason
        and any(one.over for one in found.get(pk, ()))
    ]


def members(asked: Asked) -> dict:
    communes = communes_of(asked)
    of_cell = dict(
        asked.ratings(CellRating).filter(commune__in=communes.held).order_by().values_list("cell", "commune")
    )
    counts = counts_of(asked, of_cell)
    rows_of: dict[int, list[dict]] = defaultdict(list)
    reported = MemberLevels.objects.visible_to(asked.user).filter(cycle=asked.cycle).order_by()
    levels = {one.cell_id: one for one in reported}
    for cell, commune in of_cell.items():
        count = counts.get(cell)
        one = levels.get(cell)
        rows_of[commune].append(
            members_of_cell(one, count.total if count else None) | {"bao_cao": int(one is not None)}
        )
    fields = ("bao_cao", "tong_so", "duoc_xep_loai", *LEVEL_FIELDS, "chua_xep_loai")
    lines, faults = [], []
    for number, (pk, name) in enumerate(communes.names.items(), 1):
        sums = totals(rows_of[pk], fields)
        differing = sum(1 for row in rows_of[pk] if row["ghi_chu_dong"])
        line = {"khoa": f"xa:{pk}", "tt": number, "don_vi": name, "so_chi_bo": sums.pop("bao_cao"), **sums}
        line["ghi_chu_dong"] = (
            NOT_SENT
            if pk not in communes.held
            else f"{differing} chi bộ lệch số đảng viên đang quản lý"
            if differing
            else ""
        )
        faults += [f"{name}: {fault}" for fault in sum_of_levels(line)]
        lines.append(line)
    total = totals(lines, ("so_chi_bo", *fields[1:]))
    return communes.head(asked) | {
        "cac_dong": lines,
        "cong": {"tt": "", "don_vi": "Cộng", **total, "ghi_chu_dong": ""},
        "ghi_chu": [*faults, *_not_sent(communes)],
    }


def people(asked: Asked) -> dict:
    communes = communes_of(asked)
    order = ("commune__sort_key", "commune", *CELL_ORDER)
    rows = asked.ratings(LeaderRating).filter(commune__in=communes.held)
    rows = list(rows.select_related("person__keeper", "cell", "decision").order_by(*order))
    before = levels_before(asked, LeaderRating, "person", [row.person_id for row in rows])
    names = names_on(asked, [row.cell_id for row in rows if row.cell_id])
    lines = [
        person_row(row, before, user=asked.user, cell=names.get(row.cell_id) or str(row.cell or ""))
        | {"tt": number, "don_vi": communes.names[row.commune_id]}
        for number, row in enumerate(rows, 1)
    ]
    decided = Counter(row.decided_level for row in rows if not row.not_subject_reason)
    return communes.head(asked) | {
        "cac_dong": lines,
        "tong_hop": [
            f"Cộng: {format_count(len(rows))} cá nhân; được xếp loại"
            f" {format_count(sum(decided[level] for level in Level))}: {level_words(decided)}."
        ],
        "ghi_chu": [*not_subject_notes(rows, "cá nhân"), *_not_sent(communes)],
    }


def streaks(asked: Asked) -> dict:
    question = Question(year=asked.year, least=asked.years, unit=asked.unit)
    cells = cell_streaks(question, user=asked.user, day=asked.today)
    people = leader_streaks(question, user=asked.user, day=asked.today)
    waiting = len(cells.with_gaps) + len(people.with_gaps)
    return asked.head() | {
        "so_nam": asked.years,
        "so_chi_bo": len(cells.streaks),
        "so_ca_nhan": len(people.streaks),
        "cac_dong": [
            {"tt": number, "chi_bo": str(one.rating.cell), **_streak_row(one)}
            for number, one in enumerate(cells.streaks, 1)
        ],
        "cac_ca_nhan": [
            {
                "tt": number,
                "ho_ten": str(one.rating.person),
                "chuc_vu": str(Office(one.rating.office).label) if one.rating.office else "",
                "dien": str(one.rating.get_basis_display()),
                **_streak_row(one),
            }
            for number, one in enumerate(people.streaks, 1)
        ],
        "ghi_chu": [
            "Năm không xếp loại làm ngắt chuỗi năm."
            if not question.passes_gaps
            else "Năm không xếp loại được bỏ qua.",
            *([f"Có năm không xếp loại, cần xem xét: {waiting}."] if waiting else []),
        ],
    }


def _streak_row(one: Streak) -> dict:
    subject = f"nguoi:{one.rating.person_id}:{one.rating.basis}" if hasattr(one.rating, "person_id") else None
    return {
        "khoa": subject or f"chi_bo:{one.rating.cell_id}",
        "don_vi": str(one.rating.commune),
        "so_nam": one.length,
        "cac_nam": years_text(one),
        "quyet_dinh": proofs_text(one),
    }


def years_text(one: Streak) -> str:
    """Return "2019, 2020, 2021", with the years that were passed over in words."""
    years = [str(proof.year) for proof in one.years]
    passed = [year for year in one.gaps if one.years and one.years[0].year < year < one.years[-1].year]
    return ", ".join(years) + (f" (không xếp loại: {', '.join(map(str, passed))})" if passed else "")


def proofs_text(one: Streak) -> str:
    """Return the decisions of the years, each with its number and day."""
    return "; ".join(
        f"{proof.year}: "
        + ", ".join(f"QĐ số {paper.number} ngày {paper.date:%d/%m/%Y}" for paper in proof.decisions)
        for proof in one.years
    )
