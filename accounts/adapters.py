"""How django-allauth behaves here: accounts are made by staff, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter


class ClosedAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Leave wrong passwords to django-axes: two counters would contradict each other."""


def client_address(request) -> str | None:
    """Return where a request comes from: the last address that PROXY_COUNT proxies vouch for.

    A sign-in without a connection (a command, a test) comes from nowhere.
    """
    if "REMOTE_ADDR" not in request.META:
        return None
    return get_adapter(request).get_client_ip(request)
