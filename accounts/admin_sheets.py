"""Import and export on admin lists: xlsx and csv, checked before anything is written, and logged."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import Format
from import_export.forms import ConfirmImportForm, ExportForm
from import_export.signals import post_export
from import_export.tmp_storages import BaseStorage

from accounts.changes import ChangeSet, recording
from accounts.models import ExportLog
from accounts.resources import dataset_of
from accounts.sheet_errors import sentence_of
from sheets.errors import SheetError
from sheets.reading import read_workbook
from sheets.writing import Column, write_csv, write_table

ONE_DAY = 60 * 60 * 24
# Larger files are written to the disk, so that memory stays flat.
IN_MEMORY = 2 * 1024 * 1024


class AnyTable(Format):
    """A file somebody sends: what it is, is told by its content."""

    def __init__(self, encoding=None):
        self.encoding = encoding

    def get_title(self):
        return gettext_lazy("Excel (.xlsx) or .csv")

    def can_import(self):
        return True

    def create_dataset(self, in_stream, **kwargs):
        return dataset_of(read_workbook(in_stream, "table.csv"))


class ExcelTable(Format):
    def get_title(self):
        return "Excel (.xlsx)"

    def can_export(self):
        return True

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, out: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[dict]) -> None:
        write_table(out, columns=columns, rows=rows, sheet_name=title)


class CsvTable(ExcelTable):
    def get_title(self):
        return ".csv"

    def get_extension(self):
        return "csv"

    def get_content_type(self):
        return "text/csv; charset=utf-8"

    def write(self, out: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[dict]) -> None:
        write_csv(out, columns, rows)


class WaitingFile(BaseStorage):
    """A file between its preview and its confirmation, kept a day at most and shared by all workers."""

    @staticmethod
    def folder() -> Path:
        folder = Path(settings.MEDIA_ROOT) / "waiting"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def save(self, data):
        self._forget_old_ones()
        self.name = uuid4().hex
        (self.folder() / self.name).write_bytes(data)

    def read(self):
        return (self.folder() / self.name).read_bytes()

    def remove(self):
        (self.folder() / self.name).unlink(missing_ok=True)

    def _forget_old_ones(self):
        for file in self.folder().iterdir():
            if file.stat().st_mtime < time.time() - ONE_DAY:
                file.unlink(missing_ok=True)


class OwnConfirmForm(ConfirmImportForm):
    """Confirms a file that the same person sent; its name is signed for that person."""

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    @staticmethod
    def sign(user, name: str) -> str:
        return signing.dumps([user.pk, name], salt="waiting-file")

    def clean_import_file_name(self):
        try:
            owner, name = signing.loads(
                self.cleaned_data["import_file_name"], salt="waiting-file", max_age=ONE_DAY
            )
        except signing.BadSignature:
            owner, name = None, ""
        if owner != self.user.pk or not (WaitingFile.folder() / Path(name).name).is_file():
            raise ValidationError(_("The file is no longer here. Choose it again."))
        return Path(name).name


class SheetAdmin(ImportExportMixin):
    """Takes lists in and out through the resource of the model. Stands before ScopedAdmin in the bases."""

    import_formats = [AnyTable]
    export_formats = [ExcelTable, CsvTable]
    export_form_class = ExportForm
    confirm_form_class = OwnConfirmForm
    tmp_storage_class = WaitingFile
    skip_admin_log = True  # the history has every row, with its change set

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    # --- In ---------------------------------------------------------------------------

    def import_action(self, request, **kwargs):
        response = super().import_action(request, **kwargs)
        # The package leaves the columns out where the file was no use, which is when they are looked for.
        response.context_data["fields_list"] = self._columns(request)
        return response

    def _columns(self, request) -> list:
        return [
            (
                resource.get_display_name(),
                [field.column_name for field in resource(request.user).get_user_visible_fields()],
            )
            for resource in self.get_import_resource_classes(request)
        ]

    def get_confirm_form_kwargs(self, request, import_form=None):
        return super().get_confirm_form_kwargs(request, import_form) | {"user": request.user}

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["import_file_name"] = OwnConfirmForm.sign(request.user, initial["import_file_name"])
        return initial

    def add_data_read_fail_error_to_form(self, form, e):
        if not isinstance(e, SheetError):
            raise e
        form.add_error("import_file", sentence_of(e))

    def process_dataset(self, dataset, form, request, **kwargs):
        reason = form.cleaned_data.get("original_file_name", "")
        with recording(by=request.user, kind=ChangeSet.Kind.IMPORT, reason=reason):
            return super().process_dataset(dataset, form, request, **kwargs)

    def process_result(self, result, request):
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        # What was fine in the preview is not any more: somebody else was quicker.
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "form": self.get_import_form_class(request)(
                self.get_import_formats(), self.get_import_resource_classes(request)
            ),
            "opts": self.opts,
            "result": result,
            "fields_list": self._columns(request),
        }
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result, request):
        self.message_user(
            request,
            _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.")
            % {
                "new": result.totals["new"],
                "changed": result.totals["update"],
                "same": result.totals["skip"],
            },
        )

    # --- Out --------------------------------------------------------------------------

    def get_export_data(self, file_format, request, queryset, **kwargs) -> BinaryIO:
        """Return the file, written row by row: a long list needs no more memory than a short one."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        resource = self.get_export_resource_classes(request)[0](user=request.user)
        title, taken = str(resource.get_display_name()), 0

        def counted() -> Iterator[dict]:
            nonlocal taken
            for taken, row in enumerate(resource.exported(queryset), 1):  # noqa: B007 -- it is read below
                yield row

        out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
        file_format.write(out, title, resource.layout, counted())
        out.seek(0)
        filters = "; ".join(f"{name}={value}" for name, value in request.GET.items())
        ExportLog.note(by=request.user, what=title, filters=filters, rows=taken)
        resource.note_taken_out(queryset, title)
        return out

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        # The package would put all of the file into memory.
        response = FileResponse(
            self.get_export_data(file_format, request, queryset),
            as_attachment=True,
            filename=self.get_export_filename(request, queryset, file_format),
            content_type=file_format.get_content_type(),
        )
        post_export.send(sender=None, model=self.model)
        return response

    def get_valid_export_item_pks(self, request):
        return ()  # rows are chosen by the filters of the list, never by key

    def get_export_filename(self, request, queryset, file_format):
        day = timezone.localdate()
        return f"{self.opts.model_name}-{day:%Y-%m-%d}.{file_format.get_extension()}"
