"""The frame around every page: the menu of the role, and what the site must say of itself."""

from django.conf import settings


def site_frame(request):
    return {"second_factor_off": settings.SECOND_FACTOR == "off", "menu": []}
