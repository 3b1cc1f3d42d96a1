"""Where points and conditions of a row disagree with its level, in the words of the rule. A mark never blocks."""

from django.utils.translation import gettext as _

from evaluations.models import Level, RuleSet
from sheets.numbers import format_decimal


def marks_of(row, rules: RuleSet) -> list[str]:
    """Return what of a row does not fit the level it is proposed (or was decided) for.

    A row is a rating of a cell or a person, or what these functions read of one.
    """
    level = row.decided_level or row.proposed_level
    if not level or row.not_subject_reason:
        return []
    marks = []
    if rules.uses_points and row.points is not None:
        marks += _points(row, level, rules)
    if rules.uses_conditions:
        marks += _conditions(row, level, rules)
    if level == Level.NOT_COMPLETED and not row.reason:
        marks.append(_("The level KHTNV needs a reason."))
    return marks


def _points(row, level: str, rules: RuleSet) -> list[str]:
    least = {
        Level.EXCELLENT: rules.excellent_points,
        Level.GOOD: rules.good_points,
        Level.COMPLETED: rules.completed_points,
    }
    wanted = least.get(level, 0)
    words = {
        "rules": rules.code,
        "level": Level(level).short,
        "points": format_decimal(row.points),
    }
    if row.points < wanted:
        return [
            _("%(rules)s: %(level)s from %(least)d points on; this row has %(points)s.")
            % {**words, "least": wanted}
        ]
    return []


def _conditions(row, level: str, rules: RuleSet) -> list[str]:
    """Unknown is never counted as no: only what was answered can disagree."""
    marks = []
    words = {"rules": rules.code, "above": rules.above_percent, "late": rules.late_percent}
    if level == Level.EXCELLENT and row.disciplined:
        marks.append(_("%(rules)s: HTXSNV only where nobody was disciplined in the year.") % words)
    if not hasattr(row, "tasks_on_time"):
        return marks  # people have no tasks of their own
    if level in (Level.EXCELLENT, Level.GOOD) and row.tasks_on_time is False:
        marks.append(_("%(rules)s: HTXSNV and HTTNV only where all tasks were done on time.") % words)
    if level == Level.EXCELLENT and row.tasks_above is False:
        marks.append(
            _("%(rules)s: HTXSNV only where at least %(above)d%% of the tasks were exceeded.") % words
        )
    if level == Level.COMPLETED and row.tasks_late_within_fifth is False:
        marks.append(_("%(rules)s: HTNV only where at most %(late)d%% of the tasks were late.") % words)
    return [*marks, *_numbers(row, rules)]


def _numbers(row, rules: RuleSet) -> list[str]:
    """The numbers of tasks are optional; where they are there, the answers must follow from them."""
    assigned, late, exceeded = row.tasks_assigned, row.tasks_late, row.tasks_exceeded
    marks = []
    if not assigned:
        return marks
    if late is not None and row.tasks_on_time and late:
        marks.append(_("“All tasks on time” was answered with yes, but %(late)d are late.") % {"late": late})
    if exceeded is not None and row.tasks_above and exceeded * 100 < rules.above_percent * assigned:
        marks.append(
            _("%(exceeded)d of %(assigned)d tasks exceeded are fewer than %(percent)d%%.")
            % {"exceeded": exceeded, "assigned": assigned, "percent": rules.above_percent}
        )
    if late is not None and row.tasks_late_within_fifth and late * 100 > rules.late_percent * assigned:
        marks.append(
            _("%(late)d of %(assigned)d tasks late are more than %(percent)d%%.")
            % {"late": late, "assigned": assigned, "percent": rules.late_percent}
        )
    return marks
