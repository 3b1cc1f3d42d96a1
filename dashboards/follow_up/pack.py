"""What is handed over with the hamlets of an officer: leaders, last visits, open promises, what comes next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.models import Unit
from dashboards.follow_up.ground import Ground, grounds
from dashboards.letterhead import head_of, place_and_day
from dashboards.papers.forms import DOCX
from dashboards.papers.layout import Column, Head, Layout, Line, Lines, Signatures, Table
from dashboards.papers.pdf import write_pdf
from dashboards.papers.word import write_word
from dashboards.papers.word_building import word_template
from dashboards.wording import HamletWords
from leaders.models import Assignment, Visit
from sheets.text import lower_first

LAYOUT = Layout(
    (
        Head(),
        Line("HỒ SƠ BÀN GIAO ĐỊA BÀN THEO DÕI, HỖ TRỢ", "title"),
        Line("(Số liệu tính đến ngày {{ ngay_so_lieu }})", "centre"),
        Line("Người giao: {{ nguoi_giao }}"),
        Line("Người nhận: {{ nguoi_nhan }}"),
        Line("I. ĐỊA BÀN", "heading"),
        Table(
            (
                Column("tt", "TT", 0.9, "short"),
                Column("dia_ban", "Địa bàn", 4.2),
                Column("tu_ngay", "Theo dõi từ ngày", 2.2, "short"),
                Column("bi_thu", "Bí thư chi bộ", 4.6),
                Column("truong", "{{ chuc_danh }}", 4.6),
                Column("lan_cuoi", "Lần ghi gần nhất", 6.2),
                Column("sap_toi", "Lịch sắp tới", 4),
            ),
            name="Địa bàn",
        ),
        Line("II. NHỮNG VIỆC ĐÃ HẸN CHƯA XONG", "heading"),
        Table(
            (
                Column("tt", "TT", 0.9, "short"),
                Column("dia_ban", "Địa bàn", 5),
                Column("ngay", "Ngày hẹn", 2.4, "short"),
                Column("viec", "Nội dung", 14),
                Column("han", "Hạn", 2.4, "short"),
            ),
            rows="da_hen",
            item="viec",
            name="Việc đã hẹn",
        ),
        Lines("ghi_chu"),
        Signatures(("NGƯỜI GIAO",), ("NGƯỜI NHẬN",)),
    )
)


@dataclass
class Pack:
    """The papers of a hand-over, on the page, as Word and as PDF."""

    one: Assignment
    user: object
    # The last day on which the officer follows all this.
    day: date
    assignments: list[Assignment]
    receivers: list[str]
    grounds: list[Ground]
    communes: list[Assignment]
    promises: list[Visit]

    @property
    def title(self) -> str:
        return _("Hand-over of what %(who)s follows") % {"who": self.one.who}

    @property
    def receiver(self) -> str:
        return "; ".join(self.receivers) or "……………………………"

    @property
    def words(self) -> HamletWords:
        return HamletWords.of_each(ground.hamlet.kind for ground in self.grounds)

    @property
    def rows(self) -> int:
        return len(self.grounds) + len(self.communes)

    def _since(self, unit: Unit) -> str:
        days = [one.starts_on for one in self.assignments if one.unit_id == unit.pk and one.starts_on]
        return f"{min(days):%d/%m/%Y}" if days else ""

    def figures(self) -> dict:
        unit = self.one.unit
        head = head_of(unit.province if unit.level != Level.PROVINCE else unit)
        today = timezone.localdate()
        rows = [self._line(ground) for ground in self.grounds]
        rows += [{"dia_ban": str(one.unit), "tu_ngay": self._since(one.unit)} for one in self.communes]
        blank = dict.fromkeys(("tu_ngay", "bi_thu", "truong", "lan_cuoi", "sap_toi"), "")
        return {
            "co_quan_tren": head.above,
            "co_quan": head.office,
            "dia_danh_ngay": place_and_day(head.place, today),
            "du_thao": "",
            "bieu_so": "",
            "so_ky_hieu": "",
            "ngay_so_lieu": f"{today:%d/%m/%Y}",
            "nguoi_giao": self.one.who,
            "chuc_danh": capfirst(self.words.head),
            "nguoi_nhan": self.receiver,
            "cac_dong": [blank | row | {"tt": number} for number, row in enumerate(rows, 1)],
            "da_hen": [
                {
                    "tt": number,
                    "dia_ban": str(visit.unit),
                    "ngay": f"{visit.day:%d/%m/%Y}",
                    "viec": visit.promise,
                    "han": f"{visit.promise_due:%d/%m/%Y}" if visit.promise_due else "không hẹn ngày",
                }
                for number, visit in enumerate(self.promises, 1)
            ],
            "ghi_chu": [] if self.promises else ["Không có việc đã hẹn chưa xong."],
        }

    def _line(self, ground: Ground) -> dict:
        return {
            "dia_ban": f"{ground.hamlet}, {lower_first(str(ground.hamlet.commune))}",
            "tu_ngay": self._since(ground.hamlet),
            "bi_thu": _named(ground.secretaries),
            "truong": _named(ground.heads),
            "lan_cuoi": _told(ground.visits[0]) if ground.visits else "",
            "sap_toi": "; ".join(f"{one.day:%d/%m/%Y} {one.what}" for one in ground.coming),
        }

    def write(self, kind: str) -> bytes:
        if kind == DOCX:
            return write_word(LAYOUT, self.figures(), template=word_template(LAYOUT, title=self.title))
        return write_pdf(LAYOUT, self.figures(), title=self.title)


def _told(visit: Visit) -> str:
    """Return what was recorded of a day, where the officer was not there with that before it."""
    missed = " (không dự)" if visit.attended is False else ""
    return f"{visit.day:%d/%m/%Y}{missed}: {visit.remark or visit.conclusion}".rstrip(": ")


def _named(contacts) -> str:
    return "; ".join(" – ".join(filter(None, [str(one.tenure.person), one.phone])) for one in contacts)


def pack_of(one: Assignment, user) -> Pack:
    """Return what the officer follows today; of who follows nothing any more, what was followed last."""
    today = timezone.localdate()
    work = list(Assignment.objects.visible_to(user).of_officer(one).for_list().order_by("unit", "pk"))
    running = [row for row in work if row.holds_on(today)]
    day = today
    if not running:
        day = max(row.ends_on or today for row in work)
        running = [row for row in work if row.holds_on(day)]
    units = [row.unit_id for row in running]
    hamlets = Unit.objects.visible_to(user).hamlets().filter(pk__in=units).in_order()
    own = [row for row in running if row.person_id and row.person.account_id == user.pk and day == today]
    # Wherever it was given, and whatever became of the place since.
    own_word = Q(assignment__in=Assignment.objects.of_officer(one).order_by().values("pk"))
    promises = Visit.objects.visible_to(user).open().filter(Q(unit__in=units) | own_word).for_list()
    return Pack(
        one=one,
        user=user,
        day=day,
        assignments=running,
        receivers=_receivers(one, running, user),
        grounds=grounds(hamlets, user=user, day=today, assignments=own),
        communes=[row for row in running if row.unit.level == Level.COMMUNE],
        promises=list(promises.order_by("promise_due", "day", "pk")),
    )


def _receivers(one: Assignment, work: list[Assignment], user) -> list[str]:
    """Return who follows the same units from the day after the officer's last one."""
    after = {(row.kind, row.unit_id): row.ends_on + ONE_DAY for row in work if row.ends_on}
    if not after:
        return []
    rows = Assignment.objects.visible_to(user).filter(unit__in=[unit for _kind, unit in after])
    names = [
        row.who
        for row in rows.select_related("person").order_by("pk")
        if row.officer_key != one.officer_key
        and (row.kind, row.unit_id) in after
        and row.holds_on(after[row.kind, row.unit_id])
    ]
    return list(dict.fromkeys(names))
