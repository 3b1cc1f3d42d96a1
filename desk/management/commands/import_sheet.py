"""A workbook in from a shell: checked like on the pages of the import desk, written when it is said."""

import json
import re
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, recording
from accounts.models import User
from cells.kinds import Level
from cells.models import Unit
from desk.importing import batches
from desk.importing.beside import lists_beside, take_up
from desk.importing.forms import FORMS
from desk.importing.papers import ImportForm
from desk.importing.reading import Reading, name_of
from desk.models import ImportBatch

FAULTS, UNUSABLE = 1, 2
# The number may hold slashes of its own ("12-QĐ/ĐU"), the day has two: the last day in the text is meant.
DECISION = re.compile(r"(.+)/(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})/(.+)")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Days of their own, which --day does not mean.
OTHER_DAYS = ("decision_day", "starts_on")


class Command(BaseCommand):
    help = (
        "Check a workbook as the import desk does, and write it with --commit; the lists of a workbook that the "
        "software has written go together. "
        "Exit: 0 clean, 1 faults or open questions, 2 unusable."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help=", ".join(FORMS))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--user", required=True, metavar="NAME", help="in whose name and scope")
        parser.add_argument("--unit", metavar="CODE", help="the commune of rows that name none")
        parser.add_argument("--year", metavar="Y")
        parser.add_argument("--day", metavar="D", help="dd/mm/yyyy or yyyy-mm-dd")
        parser.add_argument("--decision", metavar="NUMBER/DATE/BODY")
        parser.add_argument("--term", metavar="LABEL")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="letters, table, column.HEADING, line.ROW, row.ROW (skip or file), or what is asked by its key",
        )
        parser.add_argument("--commit", action="store_true", help="write it where nothing is faulty")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, kind, file, user, commit, **options):
        by = self._user(user)
        form = self._form(kind, by)
        answers = self._answers(form, by, options)
        with recording(by=by, kind=ChangeSet.Kind.COMMAND, reason=f"import_sheet {kind} {file.name}"):
            try:
                batch = batches.receive(by, name=file.name, data=file.read_bytes(), kind=kind)
            except OSError as error:
                raise CommandError(str(error), returncode=UNUSABLE) from None
            except ValidationError as error:
                raise CommandError("\n".join(error.messages), returncode=UNUSABLE) from None
            reports = self._done(batch, by, answers, commit=commit)
        self._tell(reports, as_json=options["json"])
        if any(not _is_clean(report) for report in reports):
            sys.exit(UNUSABLE if reports[0]["unusable"] else FAULTS)

    # --- What is said on the command line -----------------------------------------------

    @staticmethod
    def _user(name: str) -> User:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no account %(name)s.") % {"name": name}, returncode=UNUSABLE)
        return user

    @staticmethod
    def _form(kind: str, by: User) -> ImportForm:
        forms = batches.forms_of(by)
        if kind not in forms:
            said = _("This account hands in no form %(kind)s. Its forms: %(forms)s.")
            raise CommandError(said % {"kind": kind, "forms": ", ".join(forms) or "–"}, returncode=UNUSABLE)
        return forms[kind]

    def _answers(self, form: ImportForm, by: User, options: dict) -> dict:
        said: dict = {"asked": {}, "kept_form": form.key}
        asked = said["asked"]
        if options["unit"]:
            asked["commune"] = asked["keeper"] = str(self._commune(options["unit"], by))
        if options["year"]:
            asked["year"] = options["year"]
        if options["term"]:
            asked["term"] = options["term"]
        if options["day"]:
            days = [a.key for a in form.asks if form.by_key[a.key].kind == "date" and a.key not in OTHER_DAYS]
            asked |= dict.fromkeys(days, _day(options["day"]))
        if options["decision"]:
            asked |= self._decision(options["decision"])
        # Who says nothing about what may be left open leaves it open.
        asked |= {ask.key: asked.get(ask.key, "") for ask in form.asks if ask.is_optional}
        for pair in options["answer"]:
            _take(said, pair)
        return said

    @staticmethod
    def _commune(code: str, by: User) -> Unit:
        found = list(Unit.objects.kept_by(by).filter(level=Level.COMMUNE, code=code, closed_on=None)[:2])
        if len(found) != 1:
            said = _("The account keeps no commune with the code %(code)s, or several.")
            raise CommandError(said % {"code": code}, returncode=UNUSABLE)
        return found[0]

    @staticmethod
    def _decision(text: str) -> dict[str, str]:
        match = DECISION.fullmatch(text)
        if match is None:
            said = _("“%(text)s” is no decision. Write NUMBER/DATE/BODY, for example %(example)s.")
            example = "12-QĐ/ĐU/15/12/2022/Ban Thường vụ Đảng ủy xã Tam Phước"
            raise CommandError(said % {"text": text, "example": example}, returncode=UNUSABLE)
        number, day, body = match.groups()
        return {"decision_number": number, "decision_day": _day(day), "decision_body": body}

    # --- What becomes of it -------------------------------------------------------------

    def _done(self, batch: ImportBatch, by: User, answers: dict, *, commit: bool) -> list[dict]:
        """Check all lists of the file, write them where that is wanted and none has a fault, and tell.

        What is not written is dropped.
        """
        reports = [self._checked(batch, by, answers)]
        for one in lists_beside(batch, by):
            reports.append(self._checked(take_up(batch, one, by), by, {"kept_form": one.form.key}))
        if commit and all(map(_is_clean, reports)):
            with transaction.atomic():
                for report in reports:
                    self._commit(report, by)
                if not all(map(_is_clean, reports)):
                    transaction.set_rollback(True)
        for report in reports:
            left = report.pop("of")
            left.refresh_from_db()
            if left.state == ImportBatch.State.OPEN:
                batches.drop(left, seen=left.revision)
            report["state"] = left.state
        return reports

    @staticmethod
    def _checked(batch: ImportBatch, by: User, answers: dict) -> dict:
        report = {"file": str(batch), "kind": batch.kind, "batch": batch.pk, "counts": {}, "unusable": False}
        report |= {"questions": [], "faults": [], "totals": [], "skipped": [], "refusals": [], "of": batch}
        try:
            batches.answer(batch, seen=batch.revision, **answers)
            reading = batches.read_batch(batch, by)
            if reading.step == "check":
                shown = batches.check(batch, reading, by).result
                report |= {key: shown[key] for key in ("counts", "totals", "skipped")}
                report["faults"] = [
                    {"row": row["row"], "column": fault["heading"], "said": fault["said"]}
                    for row in shown["rows"]
                    for fault in row["faults"]
                ]
            elif reading.step == "nothing":
                report |= {"unusable": True, "refusals": [_("No table was found in this file.")]}
            else:
                report["questions"] = list(questions(reading))
        except ValidationError as error:
            report["refusals"] = error.messages
        return report

    @staticmethod
    def _commit(report: dict, by: User) -> None:
        batch = report["of"]
        try:
            if batches.may_write(by, batch):
                shown = batches.known_check(batch).result
                batches.write(batch, seen=batch.revision, by=by, fingerprint=shown["fingerprint"])
            else:
                batches.submit(batch, seen=batch.revision)
        except ValidationError as error:
            report["refusals"] = error.messages

    def _tell(self, reports: list[dict], *, as_json: bool) -> None:
        if not as_json:
            for report in reports:
                self._tell_one(report)
            return
        told, *beside = [
            {key: value for key, value in report.items() if key != "unusable"} for report in reports
        ]
        # Only a workbook of several lists has more than one.
        told |= {"beside": beside} if beside else {}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    def _tell_one(self, report: dict) -> None:
        for sentence in report["refusals"]:
            self.stdout.write(sentence)
        for question in report["questions"]:
            offered = f" ({'; '.join(question['offered'])})" if question["offered"] else ""
            self.stdout.write(f"? --answer {question['key']}=… {question['text']}{offered}")
        for fault in report["faults"]:
            where = f"{fault['column']}: " if fault["column"] else ""
            self.stdout.write(_("Row %(row)s") % {"row": fault["row"]} + f" – {where}{fault['said']}")
        if report["counts"]:
            self.stdout.write(
                _(
                    "%(new)s new, %(update)s changed, %(skip)s unchanged, %(skipped)s skipped,"
                    " %(faulty)s to be corrected."
                )
                % report["counts"]
            )
        of = (
            f"{report['file']} ({FORMS[report['kind']].label})" if report["kind"] in FORMS else report["file"]
        )
        self.stdout.write(f"{of}: {ImportBatch.State(report['state']).label}.")


def _is_clean(report: dict) -> bool:
    return not (report["questions"] or report["faults"] or report["refusals"])


def questions(reading: Reading):
    """Yield everything that is still to be answered, as far as it is known."""
    if reading.step == "letters":
        text = _("In which letters is the file written?")
        yield _question("letters", text, [reading.suspicion.encoding, "unicode"])
    if reading.step == "table":
        yield _question("table", _("Which table is to be read?"), map(name_of, reading.tables))
    for one in reading.mapped.questions if reading.mapped else ():
        yield _question(f"column.{one.key}", one.label, one.candidates)
    for group in reading.mapped.missing if reading.mapped else ():
        heads = " / ".join(reading.form.heading(key) for key in group)
        yield _question("column.…", _("The table lacks the column: %(column)s") % {"column": heads}, group)
    for line in reading.table.doubtful if reading.table else ():
        yield _question(f"line.{line.row}", line.label or _("What are these rows?"), [line.kind])
    for ask in reading.asks:
        heading = reading.form.heading(ask.key)
        wrong, guess = reading.wrong.get(ask.key), ask.guess(reading.table)
        yield _question(ask.key, f"{heading}: {wrong}" if wrong else heading, [guess] if guess else [])


def _question(key: str, text: str, offered) -> dict:
    return {"key": key, "text": str(text), "offered": [str(one) for one in offered]}


def _take(said: dict, pair: str) -> None:
    key, equals, value = pair.partition("=")
    if not equals:
        raise CommandError(
            _("“%(pair)s” is no answer. Write KEY=VALUE.") % {"pair": pair}, returncode=UNUSABLE
        )
    part, dot, name = key.partition(".")
    places = {"column": "columns", "line": "kinds", "row": "rows"}
    if key in ("letters", "table"):
        said[key] = value
    elif dot and part in places:
        said.setdefault(places[part], {})[name] = value
    else:
        said["asked"][key] = value


def _day(text: str) -> str:
    return ISO_DAY.sub(r"\3/\2/\1", text)
