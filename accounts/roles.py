"""What each role may do: one table, read by accounts/backends.py. Where: the user's grants."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("System administrator")
    PROVINCIAL_STAFF = "provincial_staff", _("Provincial organisation-board officer")
    COMMUNE_STAFF = "commune_staff", _("Commune Party-building officer")
    COMMUNE_LEAD = "commune_lead", _("Commune Party-building lead")
    LEADER = "leader", _("Leader (reads figures)")
    FOLLOW_UP_OFFICER = "follow_up_officer", _("Follow-up officer")


ADMIN_ROLES = frozenset({Role.ADMINISTRATOR, Role.PROVINCIAL_STAFF})
SECOND_FACTOR_ROLES = ADMIN_ROLES
COMMUNE_ROLES = frozenset({Role.COMMUNE_STAFF, Role.COMMUNE_LEAD})


def _permissions(app: str, models: str, *acts: str) -> set[str]:
    return {f"{app}.{act}_{model}" for model in models.split() for act in acts}


_READ = (
    _permissions(
        "cells",
        "unit unitperiod succession decision cell cellperiod cellarea membercount householdcount"
        " confirmation reorganisation meeting practicenote limits",
        "view",
    )
    | _permissions(
        "leaders",
        "person tenure contest candidacy assignment visit course participation commendation",
        "view",
    )
    | _permissions(
        "evaluations",
        "ruleset reviewcycle cellrating leaderrating memberlevels title titlecase target targetstep"
        " communerating submission step criteriaset criterion casecriterion casemonth casecheck",
        "view",
    )
    | _permissions("dashboards", "issuedreport papertemplate quote figurereport tiles", "view")
    # Whoever reads a figure may quote it, and may say that it is wrong.
    | _permissions("dashboards", "quote figurereport", "add")
)

# What a commune's own pages change, within its own grant.
_KEEP_COMMUNE = (
    _READ
    | _permissions("cells", "membercount householdcount confirmation decision", "add", "change")
    | _permissions("cells", "cell cellperiod", "change")
    # Drafts of reorganisations of its own hamlets; the province checks and applies.
    | _permissions("cells", "reorganisation", "add", "change")
    | _permissions("cells", "line linesource", "change")
    | _permissions("leaders", "person tenure contest candidacy", "add", "change")
    | _permissions("cells", "meeting practicenote", "add", "change")
    # Visits of officers are ticked from the minutes; the commune trains and commends, and asks for people.
    | _permissions("leaders", "visit", "change")
    # Its own committee members and officers follow its own hamlets; what the province assigned is the province's.
    | {"leaders.assign_in_commune", "leaders.inspect_in_commune"}
    | _permissions("leaders", "course participation commendation personrequest", "view", "add", "change")
    | _permissions("leaders", "access", "view")
    # A title is registered, worked for and kept by the commune; the province recognises (see below).
    | _permissions("evaluations", "titlecase casecriterion casemonth casecheck", "add", "change")
    | _permissions("dashboards", "figurereport", "change")
    # The rows of an open review, on its page or by workbook; its steps are the commune's own (see below).
    | _permissions("evaluations", "cellrating leaderrating memberlevels", "change")
    | _permissions("desk", "importbatch", "view", "add")
    # Bounded by scope and by what they may change (cells/taking_back.py): their own imports, on the desk.
    | {"leaders.view_private_data", "accounts.take_back"}
)

_KEEP_PROVINCE = (
    _KEEP_COMMUNE
    | _permissions(
        "cells",
        "unit unitperiod decision cell cellperiod cellarea membercount householdcount meeting practicenote",
        "add",
        "change",
        "delete",
    )
    | _permissions(
        "leaders",
        "person tenure contest candidacy assignment visit course participation commendation",
        "add",
        "change",
        "delete",
    )
    | _permissions("cells", "limits", "add", "change")
    | _permissions("dashboards", "tiles", "add", "change", "delete")
    | {"evaluations.recognise_titles", "leaders.assign_records", "leaders.merge_people"}
    | _permissions(
        "evaluations",
        "reviewcycle cellrating leaderrating memberlevels titlecase casecriterion casemonth casecheck"
        " criteriaset criterion target targetstep",
        "add",
        "change",
        "delete",
    )
    | _permissions("cells", "grant", "view", "add", "change")
    | _permissions("evaluations", "communerating submission kindgroup", "add", "change")
    | _permissions("dashboards", "papertemplate", "add", "change")
    | {"cells.apply_reorganisation"}
    | {"accounts.view_user", "accounts.view_exportlog", "accounts.view_changeset", "accounts.take_back"}
)

# The commune enters and decides, the province receives: neither does the part of the other, and each issues
# its own papers.
_COMMUNE_REVIEWS = {"evaluations.work_on_reviews", "dashboards.add_issuedreport"}
_PROVINCE_REVIEWS = {"evaluations.receive_reviews", "dashboards.add_issuedreport"}

_ADMINISTER = _KEEP_PROVINCE | (
    _permissions("accounts", "user", "view", "add", "change")
    | _permissions("cells", "grant succession reorganisation", "view", "add", "change", "delete")
    # The rules of a year and the names of titles are the same in every province.
    | _permissions("evaluations", "ruleset title", "add", "change")
    | _permissions("axes", "accessattempt", "view", "delete")
    | _permissions("accounts", "secondfactor", "view", "delete")
    | {"accounts.manage_samples"}
)

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(_ADMINISTER),
    Role.PROVINCIAL_STAFF: frozenset(_KEEP_PROVINCE | _PROVINCE_REVIEWS),
    Role.COMMUNE_STAFF: frozenset(_KEEP_COMMUNE | _COMMUNE_REVIEWS),
    Role.COMMUNE_LEAD: frozenset(_KEEP_COMMUNE | _COMMUNE_REVIEWS),
    Role.LEADER: frozenset(_READ),
    # Their own visits, nothing else (leaders/visits).
    Role.FOLLOW_UP_OFFICER: frozenset(_READ | {"leaders.log_visits"}),
}
