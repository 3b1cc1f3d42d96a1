"""The templates of papers that are shipped, written anew from their layouts."""

from django.core.management.base import BaseCommand

from dashboards.papers.excel_building import excel_template
from dashboards.papers.forms import DOCX, FORMS
from dashboards.papers.word import SHIPPED
from dashboards.papers.word_building import word_template


class Command(BaseCommand):
    help = "Write the shipped Word and Excel templates of papers from their layouts (for developers)."

    def handle(self, **options):
        for form in FORMS.values():
            for kind in form.template_kinds:
                if kind == DOCX:
                    made = word_template(form.layout, title=form.label)
                else:
                    made = excel_template(form.layout)
                (SHIPPED / f"{form.code}.{kind}").write_bytes(made)
        self.stdout.write(f"{SHIPPED}: {len(FORMS)}")
