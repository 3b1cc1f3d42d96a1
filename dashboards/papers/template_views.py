"""The templates of papers: the shipped ones, those a province has put in their place, and their fields."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.changes import ChangeSet, recording
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.models import PaperTemplate
from dashboards.papers.checking import check_template
from dashboards.papers.fields import fields_of_form
from dashboards.papers.forms import FORMS, KIND_NAMES, Form
from dashboards.papers.views import file_response
from dashboards.papers.word import shipped
from sheets.text import nfc

CHANGE = "dashboards.change_papertemplate"


class TemplateForm(forms.Form):
    """A file to put in place of the shipped template."""

    file = forms.FileField(label=gettext_lazy("Template"))


@require_safe
@permission_required("dashboards.view_papertemplate", raise_exception=True)
def templates(request):
    """Show every paper with its templates and the fields they may use."""
    province = _province(request.user)
    own = {}
    if province is not None:
        rows = PaperTemplate.objects.visible_to(request.user).in_use().filter(province=province)
        own = {(row.form, row.kind): row for row in rows.defer("content")}
    papers = [
        (form, [(kind, KIND_NAMES[kind], own.get((form.code, kind))) for kind in form.template_kinds])
        for form in FORMS.values()
    ]
    context = {
        "province": province,
        "papers": papers,
        "may_change": province is not None
        and request.user.has_perm(CHANGE)
        and _keeps(request.user, province),
    }
    return render(request, "papers/templates.html", context)


@require_safe
@permission_required("dashboards.view_papertemplate", raise_exception=True)
def shipped_template(request, form, kind):
    """Hand out a shipped template, to be changed in Word or Excel."""
    form = _form(form, kind)
    return file_response(shipped(form.code, kind), kind, f"mau-{form.code}.{kind}")


@require_safe
@permission_required("dashboards.view_papertemplate", raise_exception=True)
def own_template(request, pk):
    """Hand out a template of the province as it was sent in."""
    row = get_object_or_404(PaperTemplate.objects.visible_to(request.user), pk=pk)
    return file_response(bytes(row.content), row.kind, row.file_name)


@permission_required(CHANGE, raise_exception=True)
def upload(request, form, kind):
    """Check a template and put it in use; the one before stays on record."""
    form = _form(form, kind)
    province = _kept_province(request.user)
    context = {
        "form": form,
        "kind": kind,
        "kind_name": KIND_NAMES[kind],
        "province": province,
        "fields": list(fields_of_form(form).listed()),
    }
    asked = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and asked.is_valid():
        sent = asked.cleaned_data["file"]
        try:
            content = check_template(form, kind, sent.read())
        except ValidationError as error:
            for sentence in error.messages:
                asked.add_error("file", sentence)
        else:
            _put_in_use(request.user, province, form, kind, sent.name, content)
            messages.success(request, _("The template was checked with sample figures and is in use now."))
            return redirect("papers:templates")
    return render(
        request, "papers/upload.html", {**context, "asked": asked}, status=422 if asked.errors else 200
    )


@transaction.atomic
def _put_in_use(user, province: Unit, form: Form, kind: str, name: str, content: bytes) -> None:
    reason = _("New template of “%(paper)s” (%(kind)s)") % {"paper": form.label, "kind": kind}
    with recording(by=user, kind=ChangeSet.Kind.PAGE, reason=reason):
        for old in _in_use(province).filter(form=form.code, kind=kind).select_for_update(of=("self",)):
            _take_out(old)
        PaperTemplate.objects.create(
            province=province,
            form=form.code,
            kind=kind,
            file_name=nfc(name)[:200],
            content=content,
            by=user,
            by_name=str(user),
        )


@require_POST
@permission_required(CHANGE, raise_exception=True)
def remove(request, pk):
    """Take a template out of use: the shipped one is used again."""
    kept = PaperTemplate.objects.kept_by(request.user).in_use()
    row = get_object_or_404(kept, pk=pk)
    with recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=_("Template taken out of use")):
        _take_out(row)
    messages.success(request, _("The shipped template is used again."))
    return redirect("papers:templates")


def _take_out(row: PaperTemplate) -> None:
    row.removed_at = timezone.now()
    row.save()


def _in_use(province: Unit):
    return PaperTemplate.objects.in_use().filter(province=province)


def _form(code: str, kind: str) -> Form:
    form = FORMS.get(code)
    if form is None or kind not in form.template_kinds:
        raise Http404
    return form


def _province(user) -> Unit | None:
    """Return the one province somebody works in, itself or by one of its communes."""
    if scope_of(user).everywhere:
        return None
    provinces = Unit.objects.provinces_seen_by(user)
    found = list(Unit.objects.filter(level=Level.PROVINCE, pk__in=provinces)[:2])
    return found[0] if len(found) == 1 else None


def _keeps(user, province: Unit) -> bool:
    return Unit.objects.kept_by(user).filter(pk=province.pk).exists()


def _kept_province(user) -> Unit:
    province = _province(user)
    if province is None:
        raise Http404
    if not _keeps(user, province):
        raise PermissionDenied
    return province
