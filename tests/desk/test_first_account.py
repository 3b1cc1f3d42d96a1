"""Who may sign in first, on a site that has no samples."""

from io import StringIO

from django.core.management import call_command

from tests import factories


def said() -> str:
    out = StringIO()
    call_command("sample_logins", first_account="py start.py manage createsuperuser", stdout=out)
    return out.getvalue()


def test_a_site_without_accounts_says_how_the_first_one_is_opened():
    assert "py start.py manage createsuperuser" in said()


def test_a_site_with_accounts_of_its_own_says_nothing():
    factories.user(username="quantri")

    assert said() == ""
