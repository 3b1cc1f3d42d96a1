"""Offices in addresses, in the words people read aloud."""

from leaders.models import Office, WayIn

SLUGS = {
    Office.SECRETARY: "bi-thu",
    Office.DEPUTY_SECRETARY: "pho-bi-thu",
    Office.COMMITTEE_MEMBER: "chi-uy-vien",
    Office.HAMLET_HEAD: "truong",
    Office.DEPUTY_HEAD: "pho",
    Office.FRONT_HEAD: "mat-tran",
}
# How somebody comes into office, where a link proposes it.
WAYS_IN = {
    "chi-dinh": WayIn.APPOINTED,
    "dai-hoi": WayIn.CONGRESS,
    "lam-thoi": WayIn.INTERIM,
    "bau": WayIn.ELECTED,
}
_OFFICES = {slug: office for office, slug in SLUGS.items()}


class OfficeConverter:
    regex = "|".join(_OFFICES)

    def to_python(self, value: str) -> Office:
        return _OFFICES[value]

    def to_url(self, value: str) -> str:
        return SLUGS[Office(value)]
