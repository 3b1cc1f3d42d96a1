"""Two sets of criteria as examples: to be copied and changed. The official points are the province's."""

from django.db import migrations

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


def add(apps, schema_editor):
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
    dependencies = [("evaluations", "0007_declined_has_its_day")]

    operations = [
        # Going back leaves them: a province may have copied one.
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
