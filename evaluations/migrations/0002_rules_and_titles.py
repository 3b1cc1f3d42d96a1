"""The three rule sets and the two titles every province works with."""

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


def add(apps, schema_editor):
    RuleSet = apps.get_model("evaluations", "RuleSet")
    Title = apps.get_model("evaluations", "Title")
    for values in RULE_SETS:
        RuleSet.objects.get_or_create(code=values["code"], defaults=values)
    for values in TITLES:
        Title.objects.get_or_create(code=values["code"], defaults=values)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]

    operations = [
        # Going back leaves them: a cycle may already stand on one.
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
