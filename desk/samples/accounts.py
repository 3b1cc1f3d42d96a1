"""One sample account for each role, with names that say what they are."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.history import create_many
from accounts.models import Role, User
from cells.kinds import Level
from cells.models import Grant, Unit
from desk.samples.chau_thanh import DAY as CHAU_THANH_DAY
from desk.samples.chau_thanh import TAM_PHUOC
from desk.samples.places import unit_on

REFORM_DAY = date(2025, 7, 1)
# One for all: these accounts are there to be tried by everybody.
PASSWORD = "chi-bo-mau-2026"  # noqa: S105 - printed by sample_logins


@dataclass(frozen=True)
class Login:
    username: str
    full_name: str
    role: str
    where: str


ADMIN = Login("admin", "Nguyễn Quản Trị (mẫu)", Role.ADMINISTRATOR, _("the whole country"))
VINH_LONG = Login("tinh.vinhlong", "Trần Thị Tổng Hợp (mẫu)", Role.PROVINCIAL_STAFF, "tỉnh Vĩnh Long")
DONG_THAP = Login("tinh.dongthap", "Lê Văn Tổng Hợp (mẫu)", Role.PROVINCIAL_STAFF, "tỉnh Đồng Tháp")
CLERK = Login("xa.phutuc", "Phạm Thị Nhập Liệu (mẫu)", Role.COMMUNE_STAFF, "xã Phú Túc, tỉnh Vĩnh Long")
LEAD = Login("xa.phutuc.lanhdao", "Võ Văn Xây Dựng (mẫu)", Role.COMMUNE_LEAD, "xã Phú Túc, tỉnh Vĩnh Long")
OF_CLOSED_COMMUNE = Login(
    "xa.tamphuoc",
    "Huỳnh Thị Tam Phước (mẫu)",
    Role.COMMUNE_STAFF,
    "phường Sơn Đông, tỉnh Vĩnh Long; hồ sơ lưu xã Tam Phước cũ",
)
CLERK_THAT_HAS_SENT = Login(
    "xa.giaolong", "Mai Thị Gửi Sớm (mẫu)", Role.COMMUNE_STAFF, "xã Giao Long, tỉnh Vĩnh Long"
)
LEADER = Login("lanhdao.vinhlong", "Đặng Lãnh Đạo (mẫu)", Role.LEADER, "tỉnh Vĩnh Long")
LEADER_OF_ALL = Login("lanhdao", "Bùi Lãnh Đạo (mẫu)", Role.LEADER, _("the whole country"))
OFFICER = Login("theodoi", "Ngô Văn Cơ Sở (mẫu)", Role.FOLLOW_UP_OFFICER, "4 khu phố của xã Phú Túc")
LOGINS = (
    ADMIN,
    VINH_LONG,
    DONG_THAP,
    CLERK,
    LEAD,
    OF_CLOSED_COMMUNE,
    CLERK_THAT_HAS_SENT,
    LEADER,
    LEADER_OF_ALL,
    OFFICER,
)
GIAO_LONG = "28807"


def open_accounts(*, phu_tuc: Unit) -> dict[str, User]:
    """Open the sample accounts with their grants; an account that is there already stays as it is.

    What the follow-up officer reads comes with the assignments.
    """
    taken = set(User.objects.values_list("username", flat=True))
    password = make_password(PASSWORD)  # made once: this is meant to be slow
    users = {}
    for login in LOGINS:
        if login.username not in taken:
            user = User(
                username=login.username,
                full_name=login.full_name,
                role=login.role,
                password=password,
                is_superuser=False,
            )
            user.save()
            users[login.username] = user
    vinh_long = unit_on(REFORM_DAY, Level.PROVINCE, "86")
    dong_thap = unit_on(REFORM_DAY, Level.PROVINCE, "82")
    tam_phuoc = unit_on(CHAU_THANH_DAY, Level.COMMUNE, TAM_PHUOC)
    read = {"access": Grant.Access.READ}
    wanted = [
        (ADMIN, {"unit": None}),
        (VINH_LONG, {"unit": vinh_long}),
        (DONG_THAP, {"unit": dong_thap}),
        (CLERK, {"unit": phu_tuc}),
        (LEAD, {"unit": phu_tuc}),
        (CLERK_THAT_HAS_SENT, {"unit": unit_on(REFORM_DAY, Level.COMMUNE, GIAO_LONG)}),
        (OF_CLOSED_COMMUNE, {"unit": tam_phuoc.commune}),
        (OF_CLOSED_COMMUNE, {"unit": tam_phuoc, "source": Grant.Source.ARCHIVE} | read),
        (LEADER, {"unit": vinh_long} | read),
        (LEADER_OF_ALL, {"unit": None} | read),
    ]
    create_many(
        Grant,
        [Grant(user=users[login.username], **where) for login, where in wanted if login.username in users],
    )
    return users
