"""Forms on decisions: what is uploaded must be what its name says."""

import zipfile

from django.core.exceptions import ValidationError
from django.forms import FileInput
from django.utils.translation import gettext as _

from accounts.admin_base import ReasonedForm
from cells.models import Decision

LARGEST_FILE_MB = 10
_MB = 1024 * 1024
_SIGNATURES = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}


class DecisionForm(ReasonedForm):
    """A decision and, where there is one, its scan."""

    class Meta:
        model = Decision
        fields = ["number", "date", "issuing_body", "unit", "signer", "subject", "file"]
        # Without the link to the file's address: files are served through a view that asks for the scope.
        widgets = {"file": FileInput}

    def clean_file(self):
        file = self.cleaned_data.get("file")
        if file and "file" in self.changed_data:
            refuse_wrong_content(file)
        return file


def refuse_wrong_content(file) -> None:
    """Refuse a file that is too large, or whose content is not what its name says."""
    if file.size > LARGEST_FILE_MB * _MB:
        raise ValidationError(
            _("The file has %(size)s MB, the limit is %(limit)s MB.")
            % {"size": -(-file.size // _MB), "limit": LARGEST_FILE_MB}
        )
    extension = file.name.rpartition(".")[2].lower()
    signature = _SIGNATURES.get(extension)
    file.seek(0)
    start = file.read(16)
    if signature is None or not start.startswith(signature) or (extension == "docx" and not _is_word(file)):
        raise ValidationError(
            _("The content of the file is not %(kind)s. Save it again as .pdf, .docx, .jpg or .png.")
            % {"kind": f".{extension}"}
        )
    file.seek(0)


def _is_word(file) -> bool:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False
