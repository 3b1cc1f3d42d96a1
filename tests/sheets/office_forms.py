"""Three forms for tests, as a user of the package would write them."""

from sheets.forms import Choices, Field, Form

LEVELS = Choices(
    names={
        "excellent": ("Hoàn thành xuất sắc nhiệm vụ", "HTXSNV", "HTXS", "Hoàn thành xuất sắc"),
        "good": ("Hoàn thành tốt nhiệm vụ", "HTTNV", "HTT", "Hoàn thành tốt"),
        "done": ("Hoàn thành nhiệm vụ", "HTNV"),
        "failed": ("Không hoàn thành nhiệm vụ", "KHTNV"),
    },
    vague={"Hoàn thành": ("excellent", "good", "done"), "HT": ("excellent", "good", "done")},
)

PARTY = Choices(
    names={
        "secretary": ("Bí thư chi bộ", "Bí thư", "BTCB", "BT"),
        "deputy_secretary": ("Phó bí thư chi bộ", "Phó bí thư", "PBT"),
        "committee_member": ("Chi ủy viên", "CUV"),
    }
)
SEATS_OF_HAMLETS = Choices(
    names={
        "hamlet_head": ("Trưởng ấp", "Trưởng khu phố", "Trưởng KP"),
        "deputy_head": ("Phó trưởng ấp", "Phó ấp"),
        "front_head": ("Trưởng Ban công tác Mặt trận", "Trưởng Ban CTMT"),
    }
)

HAMLETS = Form(
    "hamlets",
    "Danh sách ấp, chi bộ",
    (
        Field("hamlet", "Ấp, khu phố", ("Ấp", "Tên ấp", "Thôn, tổ dân phố", "TDP"), required=True),
        Field("cell", "Tên chi bộ", ("Chi bộ", "CB"), required=True),
        Field("households", "Số hộ", ("Tổng số hộ",), "count"),
        Field("poor", "Hộ nghèo", ("Số hộ nghèo",), "count"),
        Field("members", "Đảng viên", ("ĐV", "Số đảng viên", "Tổng số ĐV", "Đảng viên / Tổng số"), "count"),
        Field(
            "exempt", "Miễn SH", ("ĐVMSH", "Đảng viên / Miễn SH", "Đảng viên / Trong đó / Miễn SH"), "count"
        ),
        Field(
            "away",
            "Đi làm ăn xa",
            ("Đảng viên / Đi làm ăn xa", "Đảng viên / Trong đó / Đi làm ăn xa"),
            "count",
        ),
    ),
    passed_over=("Ghi chú",),
    titles=("danh sách chi bộ ấp",),
)
PEOPLE = Form(
    "people",
    "Danh sách trích ngang",
    (
        Field("name", "Họ và tên", ("Họ tên", "Họ & tên"), "person", required=True),
        Field("born", "Ngày sinh", ("Năm sinh", "Ngày, tháng, năm sinh"), "date"),
        Field("born_male", "Ngày, tháng, năm sinh / Nam", ("Năm sinh / Nam",), "date"),
        Field("born_female", "Ngày, tháng, năm sinh / Nữ", ("Năm sinh / Nữ",), "date"),
        Field("joined", "Ngày vào Đảng", ("Ngày kết nạp",), "date"),
        Field(
            "party_office",
            "Chức vụ Đảng",
            ("Chức vụ trong Đảng", "CV Đảng", "Chức vụ / Đảng"),
            "choice",
            choices=PARTY,
        ),
        Field(
            "hamlet_office",
            "Chức vụ chính quyền",
            ("CV chính quyền", "Chức danh ở ấp", "Chức vụ / Chính quyền"),
            "choice",
            choices=SEATS_OF_HAMLETS,
        ),
        Field("cell", "Tên chi bộ", ("Chi bộ", "CB")),
        Field("hamlet", "Ấp, khu phố", ("Ấp", "Tên ấp", "Khu phố")),
        Field("profession", "Trình độ / Chuyên môn", ("Trình độ / Chuyên môn nghiệp vụ",)),
        Field("theory", "Trình độ / LLCT", ("Trình độ / Lý luận chính trị",)),
        Field("phone", "Điện thoại", ("Số điện thoại", "SĐT"), "phone"),
    ),
    one_of=(("born", "born_male", "born_female"),),
    passed_over=("Ghi chú",),
    titles=("trích ngang",),
)
RATINGS = Form(
    "ratings",
    "Kết quả xếp loại",
    (
        Field("cell", "Tên chi bộ", ("Chi bộ", "Đơn vị"), required=True),
        Field("members", "Tổng số đảng viên", ("Số đảng viên",), "count"),
        Field("own", "Tự xếp loại", ("Chi bộ tự xếp loại", "CB tự XL"), "choice", choices=LEVELS),
        Field("level", "Mức xếp loại", ("Mức XL", "KQXL", "Kết quả xếp loại"), "choice", True, LEVELS),
        Field("points", "Điểm", ("Số điểm",), "decimal"),
    ),
    passed_over=("Ghi chú",),
    titles=("đánh giá xếp loại",),
)
FORMS = (HAMLETS, PEOPLE, RATINGS)
