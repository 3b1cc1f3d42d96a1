"""What every province works with: three rule sets, two titles, and two sets of criteria as examples.

The examples are to be copied and changed. The official points are the province's.
"""

from django.db import migrations

RULE_SETS = [
    {
        "code": "132-QĐ/TW",
        "legal_basis": "Quy định số 132-QĐ/TW năm 2018 của Bộ Chính trị",
        "first_year": 2018,
        "last_year": 2022,
        "source": "Không chấm điểm. Tỷ lệ HTXSNV tối đa 20%; cơ số tính tỷ lệ do cấp ủy quy định.",
    },
    {
        "code": "124-QĐ/TW",
        "legal_basis": "Quy định số 124-QĐ/TW năm 2023 của Bộ Chính trị",
        "first_year": 2023,
        "last_year": 2024,
        "source": "Không chấm điểm. Tỷ lệ HTXSNV tối đa 20%; cơ số tính tỷ lệ do cấp ủy quy định.",
    },
    {
        "code": "366-QĐ/TW",
        "legal_basis": "Quy định số 366-QĐ/TW ngày 30/8/2025; Hướng dẫn số 43-HD/BTCTW ngày 31/10/2025",
        "first_year": 2025,
        "last_year": None,
        "uses_points": True,
        # Three questions of yes or no beside the points.
        "uses_conditions": True,
        "excellent_points": 90,
        "good_points": 70,
        "completed_points": 50,
        "conditions": (
            "HTXSNV: hoàn thành tất cả nhiệm vụ đúng hạn, ít nhất 30% nhiệm vụ vượt mức yêu cầu,"
            " không có tổ chức, cá nhân bị kỷ luật.\n"
            "HTTNV: hoàn thành tất cả nhiệm vụ đúng hạn.\n"
            "HTNV: không quá 20% nhiệm vụ chậm tiến độ."
        ),
        "source": "Cơ số, cách làm tròn tỷ lệ HTXSNV tối đa là thiết lập; đề nghị đối chiếu văn bản gốc.",
    },
]

TITLES = [
    {"code": "TSVMTD", "name": "Trong sạch, vững mạnh toàn diện"},
    {"code": "BON_TOT", "name": "Chi bộ bốn tốt"},
]

MARK = "Ví dụ minh họa. Tiêu chí và điểm chính thức do tỉnh (thành phố) quy định."

# Title, name, least points, and by group: criterion, points, least points.
EXAMPLES = [
    (
        "TSVMTD",
        "Ví dụ: chi bộ trong sạch, vững mạnh toàn diện",
        90,
        {
            "Chính trị, tư tưởng": [
                ("Nghị quyết, chỉ thị của cấp trên được phổ biến đến đảng viên và có việc làm cụ thể", 10, 7),
                ("Đảng viên giữ vững lập trường; chi bộ nắm và phản ánh kịp thời dư luận ở thôn", 10, 7),
            ],
            "Sinh hoạt và tổ chức của chi bộ": [
                ("Sinh hoạt định kỳ hằng tháng đủ 12 kỳ; tỷ lệ dự sinh hoạt đạt mức tỉnh đề ra", 10, 7),
                ("Mỗi quý có ít nhất một kỳ sinh hoạt chuyên đề gắn với việc của thôn", 10, None),
                ("Tạo nguồn, phát triển đảng viên mới đạt kế hoạch; quản lý đảng viên đi làm xa", 10, None),
            ],
            "Kiểm tra, kỷ luật": [
                ("Tự kiểm tra, giám sát theo kế hoạch năm", 5, None),
                ("Không có tổ chức, cá nhân trong chi bộ bị kỷ luật", 10, 10),
            ],
            "Thực hiện nhiệm vụ ở thôn": [
                ("Hoàn thành các chỉ tiêu kinh tế - xã hội, xây dựng nông thôn mới được giao", 10, 7),
                ("Số hộ nghèo, cận nghèo không tăng; đảng viên nhận giúp đỡ hộ có địa chỉ", 10, None),
                ("Giữ vững an ninh, trật tự; mâu thuẫn được hòa giải tại chỗ", 5, None),
            ],
            "Ban công tác Mặt trận, đoàn thể": [
                ("Ban công tác Mặt trận và các chi hội được xếp loại khá, tốt trở lên", 10, None),
            ],
        },
    ),
    (
        "BON_TOT",
        "Ví dụ: chi bộ bốn tốt",
        80,
        {
            "Hoàn thành tốt nhiệm vụ chính trị": [
                ("Nhiệm vụ được giao trong năm hoàn thành đúng hạn, có việc nổi bật", 15, 10),
                ("Người dân ở thôn đồng tình, tham gia các phong trào do chi bộ lãnh đạo", 10, None),
            ],
            "Chất lượng sinh hoạt tốt": [
                ("Chi ủy họp chuẩn bị trước kỳ sinh hoạt; nội dung rõ việc, rõ người", 10, None),
                ("Các kỳ sinh hoạt được đánh giá từ khá trở lên; nghị quyết ngắn gọn, làm được", 15, 10),
            ],
            "Đoàn kết, kỷ luật tốt": [
                ("Nội bộ đoàn kết, tự phê bình và phê bình thẳng thắn", 15, 10),
                ("Đảng viên chấp hành Điều lệ, không có vi phạm phải xử lý kỷ luật", 10, 10),
            ],
            "Cán bộ, đảng viên tốt": [
                ("Bí thư, chi ủy viên gương mẫu, được tín nhiệm", 10, None),
                ("Đảng viên hoàn thành tốt việc được phân công; không có đảng viên không hoàn thành", 15, 10),
            ],
        },
    ),
]


def add_rules_and_titles(apps, schema_editor):
    RuleSet = apps.get_model("evaluations", "RuleSet")
    Title = apps.get_model("evaluations", "Title")
    for values in RULE_SETS:
        RuleSet.objects.get_or_create(code=values["code"], defaults=values)
    for values in TITLES:
        Title.objects.get_or_create(code=values["code"], defaults=values)


def add_examples(apps, schema_editor):
    Title = apps.get_model("evaluations", "Title")
    CriteriaSet = apps.get_model("evaluations", "CriteriaSet")
    Criterion = apps.get_model("evaluations", "Criterion")
    for code, name, least, groups in EXAMPLES:
        title = Title.objects.get(code=code)
        example, is_new = CriteriaSet.objects.get_or_create(
            title=title,
            province=None,
            defaults={"name": name, "legal_basis": MARK, "least_points": least},
        )
        if is_new:
            rows = [(group, *row) for group, rows in groups.items() for row in rows]
            Criterion.objects.bulk_create(
                Criterion(
                    criteria_set=example,
                    position=number,
                    group=group,
                    text=text,
                    points=points,
                    least_points=least_of_it,
                )
                for number, (group, text, points, least_of_it) in enumerate(rows, 1)
            )


class Migration(migrations.Migration):
    replaces = [
        ("evaluations", "0002_rules_and_titles"),
        ("evaluations", "0005_conditions_of_366"),
        ("evaluations", "0008_example_criteria"),
    ]

    dependencies = [("evaluations", "0001_tables")]

    operations = [
        # Going back leaves them: a cycle may already stand on one, a province may have copied one.
        migrations.RunPython(add_rules_and_titles, migrations.RunPython.noop),
        migrations.RunPython(add_examples, migrations.RunPython.noop),
    ]
