"""The papers of a commune as they look: before the meeting of the standing committee, at it and after it.

They are models to go by; a province puts its own templates in their place.
"""

from dashboards.papers.layout import (
    Break,
    Column,
    ForEach,
    Grid,
    Head,
    Layout,
    Line,
    Lines,
    Signatures,
    Table,
    When,
    fitted,
)

WIDE, HIGH = 26.7, 16.5
LEVELS = ("HTXSNV", "HTTNV", "HTNV", "KHTNV")
NUMBER = Column("tt", "TT", 1, "short")
OF_MEMBERS = tuple(
    Column(field, header, 1.1, "count", group="Đảng viên được xếp loại")
    for field, header in (("dv_xs", "XS"), ("dv_t", "T"), ("dv_ht", "HT"), ("dv_kht", "KHT"))
)
WRITER = ("NGƯỜI LẬP BIỂU",)
BOARD = ("{{ ky_tren }}", "{{ ky_duoi }}")
COMMITTEE = ("T/M BAN THƯỜNG VỤ", "BÍ THƯ")
AS_OF = Line("(Số liệu tính đến ngày {{ ngay_so_lieu }})", "centre")


def of_people(*columns: Column, width: float = WIDE) -> Table:
    """Return the table of the people a year rates, with these columns behind their names."""
    first = (
        NUMBER,
        Column("ho_ten", "Họ và tên", 4.5),
        Column("chuc_vu", "Chức vụ", 3.2),
        Column("chi_bo", "Chi bộ", 4),
    )
    return Table(
        fitted((*first, *columns), width), rows="cac_ca_nhan", item="nguoi", name="Cá nhân", numbered=False
    )


def _with_people(heading: str, *blocks) -> When:
    return When("co_ca_nhan", (Line(heading, "heading"), *blocks))


SELF_RATING = Layout(
    (
        ForEach(
            "cac_chi_bo",
            "chi_bo",
            (
                Head(("{{ dang_uy }}", "{{ chi_bo.ten_hoa }}")),
                Line("BẢN TỰ ĐÁNH GIÁ, XẾP LOẠI", "title"),
                Line("tập thể chi bộ năm {{ nam }}", "subtitle"),
                Line("I. TÌNH HÌNH CHUNG", "heading"),
                Line("Bí thư chi bộ: {{ chi_bo.bi_thu }}"),
                Line(
                    "Tổng số đảng viên: {{ chi_bo.dang_vien }}; trong đó chính thức: {{ chi_bo.chinh_thuc }}, dự bị:"
                    " {{ chi_bo.du_bi }}, được miễn công tác và sinh hoạt: {{ chi_bo.mien_sinh_hoat }}."
                ),
                Line("Xếp loại năm {{ nam_truoc }}: {{ chi_bo.nam_truoc }}"),
                Line("II. KẾT QUẢ THỰC HIỆN NHIỆM VỤ", "heading"),
                Grid(
                    (
                        "Nhiệm vụ được giao",
                        "Đúng tiến độ",
                        "Chậm tiến độ",
                        "Vượt yêu cầu",
                    ),
                    (4.1, 4.1, 4.1, 4.2),
                    (("", "", "", ""),),
                ),
                When(
                    "co_diem",
                    (
                        Line("Bảng điểm ({{ nguong_diem }})", "heading"),
                        Grid(
                            ("TT", "Nội dung đánh giá", "Điểm tối đa", "Điểm tự chấm"),
                            (1.2, 9.3, 2.8, 3.2),
                            (
                                ("1", "Lãnh đạo thực hiện nhiệm vụ chính trị", "", ""),
                                ("2", "Công tác chính trị, tư tưởng", "", ""),
                                (
                                    "3",
                                    "Công tác tổ chức, đảng viên; sinh hoạt chi bộ",
                                    "",
                                    "",
                                ),
                                ("4", "Công tác kiểm tra, giám sát, thi hành kỷ luật", "", ""),
                                ("5", "Công tác dân vận; Mặt trận, đoàn thể", "", ""),
                                ("", "Tổng điểm", "100", ""),
                            ),
                        ),
                    ),
                ),
                When(
                    "co_dieu_kien",
                    (
                        Line("III. ĐIỀU KIỆN XẾP LOẠI", "heading"),
                        Grid(
                            ("TT", "Điều kiện", "Có", "Không"),
                            (1.2, 11.3, 2, 2),
                            (
                                ("1", "Hoàn thành tất cả nhiệm vụ đúng tiến độ", "", ""),
                                ("2", "Có ít nhất {{ vuot }}% nhiệm vụ hoàn thành vượt yêu cầu", "", ""),
                                ("3", "Nhiệm vụ chậm tiến độ không quá {{ cham }}%", "", ""),
                                ("4", "Trong năm có tập thể, cá nhân bị kỷ luật", "", ""),
                            ),
                        ),
                    ),
                ),
                Line("Chi bộ tự xếp loại (đánh dấu x vào một ô)", "heading"),
                Grid(LEVELS, (4.1, 4.1, 4.1, 4.2), (("", "", "", ""),)),
                Line("Đảng viên được xếp loại (số lượng)", "heading"),
                Grid((*LEVELS, "Chưa xếp loại"), (3.3, 3.3, 3.3, 3.3, 3.3), (("", "", "", "", ""),)),
                Line("Lý do (ghi khi tự xếp loại KHTNV): …………………………………"),
                Signatures(("THƯ KÝ CUỘC HỌP",), ("T/M CHI BỘ", "BÍ THƯ")),
            ),
        ),
    ),
    is_wide=False,
    numbers_pages=False,
    is_tight=True,
)

TO_COMMITTEE = Layout(
    (
        Head(),
        Line("DANH SÁCH", "title"),
        Line("đề nghị xếp loại chi bộ năm {{ nam }}, trình Ban Thường vụ Đảng ủy", "subtitle"),
        AS_OF,
        Table(
            fitted(
                (
                    NUMBER,
                    Column("chi_bo", "Chi bộ", 5),
                    Column("nam_truoc", "Xếp loại năm trước", 2.2, "short"),
                    Column("tu_xep_loai", "Chi bộ tự xếp loại", 2.2, "short"),
                    Column("de_xuat", "Đề xuất của {{ ban }}", 2.4, "short"),
                    Column("diem", "Điểm", 1.4, "short"),
                    *OF_MEMBERS,
                    Column("ly_do", "Lý do, ghi chú", 5.2),
                ),
                WIDE,
            ),
            name="Chi bộ",
        ),
        Lines("tong_hop", "plain"),
        _with_people(
            "Cá nhân đề nghị xếp loại",
            of_people(
                Column("nam_truoc", "Xếp loại năm trước", 2.2, "short"),
                Column("tu_xep_loai", "Tự xếp loại", 2.2, "short"),
                Column("de_xuat", "Đề xuất của {{ ban }}", 2.4, "short"),
                Column("ly_do", "Lý do, ghi chú", 5),
            ),
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, BOARD),
    )
)


def _ballot(table_of: str) -> tuple[Column, ...]:
    return tuple(Column(f"trong_{n}", level, 1.9, group=table_of) for n, level in enumerate(LEVELS, 1))


BALLOT = Layout(
    (
        Head(),
        Line("PHIẾU BIỂU QUYẾT", "title"),
        Line("mức xếp loại chi bộ năm {{ nam }}", "subtitle"),
        Line("Đồng chí đánh dấu x vào một ô ứng với mức xếp loại mà đồng chí đồng ý.", "centre"),
        Table(
            fitted(
                (
                    NUMBER,
                    Column("chi_bo", "Chi bộ", 5),
                    Column("de_xuat", "Mức đề nghị", 2.2, "short"),
                    *_ballot("Ý kiến của đồng chí"),
                ),
                HIGH,
            ),
            name="Chi bộ",
        ),
        _with_people(
            "Cá nhân",
            Table(
                fitted(
                    (
                        NUMBER,
                        Column("ho_ten", "Họ và tên", 4.2),
                        Column("chuc_vu", "Chức vụ", 2.6),
                        Column("de_xuat", "Mức đề nghị", 2.2, "short"),
                        *_ballot("Ý kiến của đồng chí"),
                    ),
                    HIGH,
                ),
                rows="cac_ca_nhan",
                item="nguoi",
                name="Cá nhân",
            ),
        ),
        Line("Phiếu không ghi tên người biểu quyết.", "note"),
    ),
    is_wide=False,
)

_VOTES = (
    Column("de_xuat", "Mức đề nghị", 2.2, "short"),
    Column("so_phieu", "Số phiếu đồng ý", 1.9, "count"),
    Column("so_phieu_ty_le", "Tỷ lệ", 1.8, "percent", of=("so_phieu", "tong_phieu")),
    Column("quyet_dinh", "Mức được quyết định", 2.4, "short"),
)

COUNT_OF_VOTES = Layout(
    (
        Head(shows_number=True),
        Line("BIÊN BẢN KIỂM PHIẾU", "title"),
        Line("biểu quyết mức xếp loại chi bộ năm {{ nam }}", "subtitle"),
        Line(
            "Hôm nay, ngày …… tháng …… năm ……, Ban Thường vụ {{ dang_uy_thuong }} họp, biểu quyết mức xếp loại chi bộ."
        ),
        Line("Tổng số ủy viên Ban Thường vụ: ……; có mặt: ……; vắng mặt: ……"),
        Line("Tổ kiểm phiếu gồm: 1. ……………………… 2. ………………………"),
        Line("Số phiếu phát ra: ……; số phiếu thu về: {{ so_phieu_thu_ve }}; hợp lệ: ……; không hợp lệ: ……"),
        Line("Kết quả kiểm phiếu:", "heading"),
        Table(fitted((NUMBER, Column("chi_bo", "Chi bộ", 6), *_VOTES), HIGH), name="Chi bộ"),
        _with_people(
            "Cá nhân",
            Table(
                fitted(
                    (NUMBER, Column("ho_ten", "Họ và tên", 4.5), Column("chuc_vu", "Chức vụ", 2.8), *_VOTES),
                    HIGH,
                ),
                rows="cac_ca_nhan",
                item="nguoi",
                name="Cá nhân",
            ),
        ),
        Line("Biên bản lập xong hồi …… giờ …… phút cùng ngày, đã đọc cho các đồng chí có mặt cùng nghe."),
        Signatures(("T/M TỔ KIỂM PHIẾU",), ("T/M BAN THƯỜNG VỤ", "CHỦ TRÌ CUỘC HỌP")),
    ),
    is_wide=False,
)

LEVELS_OF_CELLS = Layout(
    (
        Head(),
        Line("DANH SÁCH", "title"),
        Line("kết quả đánh giá, xếp loại chi bộ năm {{ nam }}", "subtitle"),
        AS_OF,
        Table(
            fitted(
                (
                    NUMBER,
                    Column("chi_bo", "Chi bộ", 5),
                    Column("nam_truoc", "Xếp loại năm trước", 2.1, "short"),
                    Column("tu_xep_loai", "Chi bộ tự xếp loại", 2.1, "short"),
                    Column("de_xuat", "Đề xuất của {{ ban }}", 2.2, "short"),
                    Column("quyet_dinh", "Ban Thường vụ Đảng ủy quyết định", 2.6, "short"),
                    Column("diem", "Điểm", 1.3, "short"),
                    *OF_MEMBERS,
                    Column("ly_do", "Lý do, ghi chú", 4.6),
                ),
                WIDE,
            ),
            name="Chi bộ",
        ),
        Lines("tong_hop", "plain"),
        Lines("ghi_chu"),
        Signatures(WRITER, COMMITTEE),
    )
)

DECISION = Layout(
    (
        Head(shows_number=True),
        Line("QUYẾT ĐỊNH", "title"),
        Line("công nhận kết quả đánh giá, xếp loại chi bộ năm {{ nam }}", "subtitle"),
        Lines("can_cu", "item"),
        Line("- Căn cứ kết quả biểu quyết của Ban Thường vụ Đảng ủy;", "item"),
        Line("- Xét đề nghị của {{ ban }},", "item"),
        Line("BAN THƯỜNG VỤ ĐẢNG ỦY QUYẾT ĐỊNH:", "subtitle"),
        Line(
            "Điều 1. Công nhận kết quả đánh giá, xếp loại năm {{ nam }} đối với {{ so_chi_bo }} chi bộ: {{ cac_muc }} (có danh sách kèm theo)."
        ),
        When(
            "co_ca_nhan",
            (
                Line(
                    "Công nhận kết quả đánh giá, xếp loại đối với {{ so_ca_nhan }} cá nhân: {{ cac_muc_ca_nhan }} (có danh sách kèm theo)."
                ),
            ),
        ),
        Line(
            "Điều 2. {{ ban }}, các chi bộ và cá nhân có tên trong danh sách chịu trách nhiệm thi hành Quyết định này."
        ),
        Line("Quyết định có hiệu lực kể từ ngày ký."),
        Signatures(
            (
                "Nơi nhận:",
                "- Ban Tổ chức {{ tinh_uy }} (để báo cáo),",
                "- Như Điều 2,",
                "- Lưu Văn phòng Đảng ủy.",
            ),
            COMMITTEE,
        ),
        Break(),
        Line("DANH SÁCH", "title"),
        Line("chi bộ được công nhận kết quả xếp loại năm {{ nam }}", "subtitle"),
        Line("(kèm theo Quyết định số {{ so_ky_hieu }})", "centre"),
        Table(
            fitted(
                (
                    NUMBER,
                    Column("chi_bo", "Chi bộ", 8),
                    Column("muc", "Mức xếp loại", 3, "short"),
                    Column("ly_do", "Ghi chú", 5),
                ),
                HIGH,
            ),
            name="Chi bộ",
        ),
        _with_people(
            "Cá nhân được công nhận kết quả xếp loại",
            of_people(Column("muc", "Mức xếp loại", 3, "short"), width=HIGH),
        ),
        Lines("ghi_chu"),
    ),
    is_wide=False,
)

COUNTED_LEVELS = (
    ("xs", "HTXSNV"),
    ("t", "HTTNV"),
    ("ht", "HTNV"),
    ("kht", "KHTNV"),
)


def shares_of_levels(whole: str, *, last_year: bool = False, width: float = 1.45) -> tuple[Column, ...]:
    """Return, under each level, how many, which part of those rated, and how many in the year before."""
    columns = []
    for field, level in COUNTED_LEVELS:
        columns += [
            Column(field, "SL", width, "count", group=level),
            Column(f"{field}_ty_le", "%", width, "percent", group=level, of=(field, whole)),
        ]
        if last_year:
            columns.append(Column(f"{field}_nam_truoc", "Năm trước", width, "count", group=level))
    return tuple(columns)


MEMBERS = Layout(
    (
        Head(),
        Line("TỔNG HỢP", "title"),
        Line("kết quả đánh giá, xếp loại đảng viên năm {{ nam }}", "subtitle"),
        AS_OF,
        Table(
            fitted(
                (
                    NUMBER,
                    Column("chi_bo", "Chi bộ", 5.4),
                    Column("tong_so", "Tổng số đảng viên", 1.8, "count"),
                    Column("duoc_xep_loai", "Được xếp loại", 1.8, "count"),
                    *shares_of_levels("duoc_xep_loai"),
                    Column("chua_xep_loai", "Chưa xếp loại", 1.7, "count"),
                    Column("ghi_chu_dong", "Ghi chú", 3.5),
                ),
                WIDE,
            ),
            total="cong",
            numbered=True,
            name="Đảng viên",
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, BOARD),
    )
)

PEOPLE = Layout(
    (
        Head(),
        Line("DANH SÁCH", "title"),
        Line("cá nhân được đánh giá, xếp loại năm {{ nam }}", "subtitle"),
        AS_OF,
        Table(
            fitted(
                (
                    NUMBER,
                    Column("ho_ten", "Họ và tên", 4.5),
                    Column("nam_sinh", "Năm sinh", 1.5, "short"),
                    Column("chuc_vu", "Chức vụ", 3),
                    Column("chi_bo", "Chi bộ", 4),
                    Column("dien", "Xếp loại theo", 2.3, "short"),
                    Column("nam_truoc", "Năm trước", 2, "short"),
                    Column("tu_xep_loai", "Tự xếp loại", 2, "short"),
                    Column("de_xuat", "Đề xuất", 2, "short"),
                    Column("quyet_dinh", "Quyết định", 2, "short"),
                    Column("ly_do", "Lý do, ghi chú", 3.6),
                ),
                WIDE,
            ),
            name="Cá nhân",
        ),
        Lines("tong_hop", "plain"),
        Lines("ghi_chu"),
        Signatures(WRITER, BOARD),
    )
)
