"""Words by which rows and columns of Vietnamese office papers are known, in folded form."""

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split("|"))


# The column that counts the rows.
ORDER_HEADS = frozenset({"stt", "tt", "so tt", "so thu tu", "thu tu", "s t t", "t t"})

# Heads found in the most different papers: they tell a header row, never what a column means.
COMMON_HEADS = ORDER_HEADS | _words(
    "ghi chu|ho va ten|ho ten|don vi|ten don vi|tong so|trong do|chia ra|so luong|ty le|ti le|nam sinh"
    "|ngay sinh|ngay thang nam sinh|gioi tinh|nam|nu|dan toc|chuc vu|dien thoai|so dien thoai|trinh do"
    "|chi bo|ten chi bo|dang vien|tong so dang vien|so ho|dia chi|xep loai|muc xep loai|ngay vao dang"
    "|xa|phuong|xa phuong|ten xa|ap|khom|thon|khu pho|to dan pho|ap khom|ten ap|que quan|noi dung|ma"
)

# A heading that only says "of these" adds nothing to the ones below it.
EMPTY_HEADS = frozenset({"trong do", "chia ra", "gom", "bao gom", "cu the", "gom co", "chia theo"})

# What a heading says in brackets about its form.
HARMLESS_REMARKS = _words(
    "nguoi|dong chi|d c|neu co|ghi ro|danh dau x|x|dd mm yyyy|dd mm yy|ngay thang nam|ngay thang nam sinh"
    "|thang nam"
)
# Of these the brackets tell what is counted: "Tổng số (người)".
COUNTS_OF_ANYTHING = _words("tong so|so luong|sl|ts|cong|tong cong|tong")

_UNIT_WORDS = (
    "xa|phuong|thi tran|dac khu|huyen|quan|thi xa|thanh pho|tinh|tp|tx|tt|h|x|p"
    "|dang bo|dang uy|huyen uy|thanh uy|thi uy|quan uy|tinh uy|dang uy xa|khoi|cum|vung|khu vuc"
)
STARTS_WITH_UNIT = re.compile(rf"(?:{_UNIT_WORDS}) .+|toan (?:{_UNIT_WORDS})")

# "Cộng", "Tổng cộng toàn xã", "Cộng (I)", "Cộng xã Tam Phước"; but not a hamlet named Cộng Hòa.
_SUM = "cong|tong cong|tong so|tong|cong chung|tong chung"
_OF_WHAT = (
    rf"(?:toan )?(?:{_UNIT_WORDS}|ap|khom|thon)(?: .*)?|[ivxlc]+|[a-h]|[0-9][0-9 ]*(?: .*)?"
    r"|chi bo|dang vien|so|ho|muc .*|phan .*|cac .*|nam [0-9]{4}"
)
IS_TOTAL = re.compile(rf"(?:{_SUM})(?: (?:{_OF_WHAT}))?|toan (?:{_UNIT_WORDS})(?: .*)?")
IS_GRAND_TOTAL = re.compile(r"tong .*|tong|.*\btoan (?:xa|huyen|tinh|phuong|thi|quan|dang|thanh|dac).*")

IS_SIGNATURE = re.compile(
    r"(?:t m|tm|k t|kt|t l|tl|tuq|t u q) .*|nguoi lap(?: .*)?|nguoi (?:tong hop|bao cao|kiem tra)(?: .*)?"
    r"|noi nhan(?: .*)?|xac nhan(?: .*)?|thu truong(?: .*)?|ky(?: va)?(?: ghi ro)?(?: ho)?(?: va)?(?: ten)?"
    r"|ky ten(?: .*)?|(?:pho )?(?:bi thu|chu tich|truong ban|truong phong)"
    r"(?: chi bo| dang uy| huyen uy| tinh uy| thuong truc| ubnd.*| uy ban.*)?"
    r"|(?:ban (?:thuong vu|chap hanh|to chuc)|dang uy|chi uy)(?: .*)?"
    r"|(?:.* )?ngay (?:[0-9]+ )?thang (?:[0-9]+ )?nam(?: [0-9]+)?|luu(?: .*)?|da ky"
)
IS_NOTE = re.compile(r"(?:ghi chu|luu y|chu thich|chu y|danh sach (?:nay )?(?:gom|co)|an dinh)(?: .*)?")

# Numbers in such columns have no sum.
NEVER_ADDED = re.compile(
    r"\b(?:t[iy] le|phan tram|binh quan|diem|nam sinh|ngay|dien thoai|sdt|ma|so quyet dinh)\b"
)
