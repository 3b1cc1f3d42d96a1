"""Terms and kinds of contests in addresses, in the words people read aloud."""

from django.urls import register_converter

from leaders.models import Contest

SLUGS = {Contest.Kind.HEAD_ELECTION: "bau-truong", Contest.Kind.CONGRESS: "dai-hoi"}
_KINDS = {slug: kind for kind, slug in SLUGS.items()}


class TermConverter:
    regex = r"(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}"

    def to_python(self, value: str) -> str:
        if value[:4] >= value[5:]:
            # No term has its years in this order, so there is no page of it.
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value


class ContestKindConverter:
    regex = "|".join(_KINDS)

    def to_python(self, value: str) -> Contest.Kind:
        return _KINDS[value]

    def to_url(self, value: str) -> str:
        return SLUGS[Contest.Kind(value)]


# Here, because addresses of several apps are built with them.
register_converter(TermConverter, "term")
register_converter(ContestKindConverter, "contest_kind")
