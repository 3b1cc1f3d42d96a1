from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.samples.loading import load


class Command(BaseCommand):
    help = "Load the sample data of five newspaper articles. Safe to run again."

    def handle(self, **options):
        steps = {
            "places": _("hamlets and cells …"),
            "dong_thap": "Đồng Tháp 2022 …",
            "chau_thanh": "Châu Thành (Bến Tre) 2022 …",
            "lang_son": "Lạng Sơn 2021 …",
            "ba_tri": "Ba Tri 2018 …",
            "quang_ninh": "Quảng Ninh 2020 …",
            "today": _("the present year …"),
        }
        try:
            is_new = load(lambda step: self.stdout.write(f"  {steps[step]}"))
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if is_new:
            self.stdout.write(_("The sample data is loaded. All people in it are made up."))
        else:
            self.stdout.write(_("The sample data is there already; nothing was changed."))
