"""What the record of a person looks like on paper (trích ngang): of one person, and of several in a list."""

from functools import cache

from dashboards.papers.layout import (
    Column,
    Head,
    Layout,
    Line,
    Lines,
    Signatures,
    Table,
    When,
    fitted,
)

_TALL, _WIDE = 16.5, 26.7
_SIGNED = Signatures(("NGƯỜI LẬP BIỂU", ""), ("{{ ky_tren }}", "{{ ky_duoi }}"))


def _part(rows: str, heading: str, *columns: Column) -> When:
    """A heading with its table, left out where there is nothing to say."""
    return When(rows, (Line(heading, "heading"), Table(fitted(columns, _TALL), rows=rows, item="dong")))


RECORD = Layout(
    (
        Head(),
        Line("TRÍCH NGANG", "title"),
        Line("đồng chí {{ ho_ten }}", "subtitle"),
        Line("(tính đến ngày {{ ngay_so_lieu }})", "centre"),
        Lines("ly_lich", "plain"),
        _part(
            "chuc_vu",
            "Quá trình giữ chức vụ",
            Column("tu_ngay", "Từ ngày", 2.6, "short"),
            Column("den_ngay", "Đến ngày", 2.6, "short"),
            Column("chuc_vu", "Chức vụ, nơi giữ chức vụ", 4.8),
            Column("nhiem_ky", "Nhiệm kỳ", 2.4, "short"),
            Column("hinh_thuc", "Hình thức", 2.6),
            Column("quyet_dinh", "Quyết định", 2.8),
        ),
        _part(
            "xep_loai",
            "Kết quả đánh giá, xếp loại",
            Column("nam", "Năm", 1.5, "short"),
            Column("dien", "Diện đánh giá", 4),
            Column("muc", "Mức xếp loại", 4, "short"),
            Column("quyet_dinh", "Quyết định", 7),
        ),
        _part(
            "danh_hieu",
            "Danh hiệu của chi bộ trong thời gian làm bí thư",
            Column("tu_ngay", "Từ ngày", 2.5, "short"),
            Column("den_ngay", "Đến ngày", 2.5, "short"),
            Column("danh_hieu", "Danh hiệu", 5.5),
            Column("chi_bo", "Chi bộ", 6),
        ),
        _part(
            "boi_duong",
            "Bồi dưỡng, tập huấn",
            Column("thoi_gian", "Thời gian", 4, "short"),
            Column("lop", "Lớp", 8),
            Column("ket_qua", "Kết quả", 4.5),
        ),
        _part(
            "khen_thuong",
            "Biểu dương, khen thưởng",
            Column("nam", "Năm", 1.5, "short"),
            Column("hinh_thuc", "Hình thức", 4),
            Column("thanh_tich", "Thành tích", 6),
            Column("quyet_dinh", "Quyết định", 5),
        ),
        Lines("ghi_chu", "note"),
        _SIGNED,
    ),
    is_wide=False,
)


@cache
def people_layout(*, with_ethnicity: bool) -> Layout:
    """Return the list of several people; ethnicity has its column only where it is kept."""
    columns = (
        Column("tt", "STT", 1, "short"),
        Column("ho_ten", "Họ và tên", 3.8),
        Column("ngay_sinh", "Ngày sinh", 2.3, "short"),
        Column("gioi_tinh", "Nam/ Nữ", 1.2, "short"),
        *([Column("dan_toc", "Dân tộc", 1.4, "short")] if with_ethnicity else []),
        Column("ngay_vao_dang", "Vào Đảng", 2.3, "short", group="Ngày"),
        Column("ngay_chinh_thuc", "Chính thức", 2.3, "short", group="Ngày"),
        Column("van_hoa", "Văn hóa", 1.6, "short", group="Trình độ"),
        Column("chuyen_mon", "Chuyên môn", 2.4, group="Trình độ"),
        Column("ly_luan", "Lý luận chính trị", 1.7, "short", group="Trình độ"),
        Column("chuc_vu_dang", "Chức vụ Đảng", 3.3),
        Column("chuc_vu_thon", "Chức vụ chính quyền, Mặt trận", 3.4),
        Column("dien_thoai", "Điện thoại", 2.2, "short"),
        Column("ghi_chu_dong", "Đơn vị quản lý hồ sơ", 2.4),
    )
    return Layout(
        (
            Head(),
            Line("DANH SÁCH TRÍCH NGANG", "title"),
            Line("{{ doi_tuong }}", "subtitle"),
            Line("(tính đến ngày {{ ngay_so_lieu }})", "centre"),
            Table(fitted(columns, _WIDE), name="Trích ngang", numbered=True),
            Lines("ghi_chu", "note"),
            _SIGNED,
        )
    )
