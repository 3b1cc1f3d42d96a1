"""Names of people as they are common: so many of each that some people share a name and a year, as in a real province."""

from itertools import product

from django.db import connection

from sheets.text import fold, name_sort_key

# Family, middle and given names.
WORDS = (
    "Nguyễn Trần Lê Phạm Huỳnh Phan Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
    "Văn Thị Hữu Ngọc Minh Thanh Quốc Hoàng Thành Kim Đức Xuân Công Thúy Bá Trung Phước Mỹ Tấn Hồng",
    "An Bình Cường Dũng Em Giang Hà Hải Hạnh Hiền Hòa Hùng Hương Khánh Khoa Lan Lâm Liên Linh Long Lợi Mai Mạnh"
    " Nam Nga Nghĩa Nhàn Nhân Phong Phúc Phương Quang Quân Sang Sơn Tài Tâm Tân Thảo Thắng Thu Thủy Tiến Toàn"
    " Trí Tuấn Tùng Việt Vinh Yến",
)


def prepare() -> None:
    """Make the table of names, numbered from 0, for the statements of this connection."""
    names = [" ".join(words) for words in product(*map(str.split, WORDS))]
    columns = [list(range(len(names))), names, list(map(fold, names)), list(map(name_sort_key, names))]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE spoken AS SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])"
            " AS names(number, full_name, search_key, sort_key)",
            columns,
        )
