"""The papers of a province as they look; the layout of a summary is a habit, not a law."""

from dashboards.papers.commune_layouts import AS_OF, WIDE, WRITER, shares_of_levels
from dashboards.papers.layout import Column, Head, Layout, Line, Lines, Signatures, Table, fitted

DEPUTY = ("{{ ky_tren }}", "{{ ky_duoi }}")
STT = Column("tt", "STT", 1, "short")
UNIT = Column("don_vi", "Đơn vị", 4.4)
HELD = Line("({{ da_gui }})", "centre")

SUMMARY = Layout(
    (
        Head(),
        Line("BIỂU TỔNG HỢP", "title"),
        Line("kết quả đánh giá, xếp loại chi bộ năm {{ nam }}", "subtitle"),
        AS_OF,
        HELD,
        Table(
            fitted(
                (
                    STT,
                    UNIT,
                    Column("tong_so", "Tổng số chi bộ", 1.3, "count"),
                    Column("duoc_danh_gia", "Được đánh giá", 1.3, "count"),
                    *shares_of_levels("duoc_danh_gia", last_year=True, width=1.2),
                    Column("chua_danh_gia", "SL", 1, "count", group="Chưa đánh giá"),
                    Column("chua_danh_gia_ly_do", "Lý do", 2.2, group="Chưa đánh giá"),
                    Column("ghi_chu_dong", "Ghi chú", 2),
                ),
                WIDE,
            ),
            total="cong",
            numbered=True,
            name="Tổng hợp",
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, DEPUTY),
    )
)

SHARES = Layout(
    (
        Head(),
        Line("BIỂU TỔNG HỢP", "title"),
        Line("tỷ lệ chi bộ hoàn thành xuất sắc nhiệm vụ năm {{ nam }}", "subtitle"),
        AS_OF,
        HELD,
        Table(
            fitted(
                (
                    STT,
                    Column("don_vi", "Chi bộ, đơn vị", 5.5),
                    Column("nhom", "Nhóm có chức năng tương đồng", 4.5),
                    Column("co_so_tinh", "{{ ten_co_so_tinh }}", 3, "count"),
                    Column("toi_da", "Trần {{ tran }}", 2.2, "count"),
                    Column("xuat_sac", "Đề xuất xuất sắc", 2.2, "count"),
                    Column("xuat_sac_ty_le", "Tỷ lệ thực tế", 2.2, "percent", of=("xuat_sac", "co_so_tinh")),
                    Column("ket_luan", "Kết luận", 4.5),
                ),
                WIDE,
            ),
            total="cong",
            numbered=True,
            name="Tỷ lệ",
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, DEPUTY),
    )
)

MEMBERS = Layout(
    (
        Head(),
        Line("BIỂU TỔNG HỢP", "title"),
        Line("kết quả đánh giá, xếp loại đảng viên năm {{ nam }}", "subtitle"),
        AS_OF,
        HELD,
        Table(
            fitted(
                (
                    STT,
                    UNIT,
                    Column("so_chi_bo", "Số chi bộ báo cáo", 1.8, "count"),
                    Column("tong_so", "Tổng số đảng viên", 1.9, "count"),
                    Column("duoc_xep_loai", "Được xếp loại", 1.9, "count"),
                    *shares_of_levels("duoc_xep_loai"),
                    Column("chua_xep_loai", "Chưa xếp loại", 1.8, "count"),
                    Column("ghi_chu_dong", "Ghi chú", 3),
                ),
                WIDE,
            ),
            total="cong",
            numbered=True,
            name="Đảng viên",
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, DEPUTY),
    )
)

PEOPLE = Layout(
    (
        Head(),
        Line("DANH SÁCH", "title"),
        Line("cá nhân được đánh giá, xếp loại năm {{ nam }}", "subtitle"),
        AS_OF,
        HELD,
        Table(
            fitted(
                (
                    STT,
                    Column("ho_ten", "Họ và tên", 4.6),
                    Column("nam_sinh", "Năm sinh", 1.6, "short"),
                    Column("chuc_vu", "Chức vụ", 3),
                    Column("chi_bo", "Chi bộ", 4),
                    Column("don_vi", "Đơn vị", 3.6),
                    Column("dien", "Xếp loại theo", 2.2, "short"),
                    Column("nam_truoc", "Năm trước", 2, "short"),
                    Column("quyet_dinh", "Mức xếp loại", 2, "short"),
                    Column("ly_do", "Ghi chú", 3.2),
                ),
                WIDE,
            ),
            name="Cá nhân",
        ),
        Lines("tong_hop", "plain"),
        Lines("ghi_chu"),
        Signatures(WRITER, DEPUTY),
    )
)

_YEARS = (
    Column("so_nam", "Số năm", 1.4, "count"),
    Column("cac_nam", "Các năm", 4.6),
    Column("quyet_dinh", "Quyết định công nhận", 8),
)

STREAKS = Layout(
    (
        Head(),
        Line("DANH SÁCH", "title"),
        Line(
            "chi bộ, cá nhân hoàn thành xuất sắc nhiệm vụ từ {{ so_nam }} năm liền trở lên, tính đến năm {{ nam }}",
            "subtitle",
        ),
        AS_OF,
        Line("I. CHI BỘ ({{ so_chi_bo }})", "heading"),
        Table(fitted((STT, Column("chi_bo", "Chi bộ", 5), UNIT, *_YEARS), WIDE), name="Chi bộ"),
        Line("II. CÁ NHÂN ({{ so_ca_nhan }})", "heading"),
        Table(
            fitted(
                (
                    STT,
                    Column("ho_ten", "Họ và tên", 4.4),
                    Column("chuc_vu", "Chức vụ", 3),
                    UNIT,
                    Column("dien", "Xếp loại theo", 2.2, "short"),
                    *_YEARS,
                ),
                WIDE,
            ),
            rows="cac_ca_nhan",
            item="nguoi",
            name="Cá nhân",
        ),
        Lines("ghi_chu"),
        Signatures(WRITER, DEPUTY),
    )
)
