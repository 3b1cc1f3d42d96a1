"""A form of a page, sent as somebody sends it who has just opened the page."""


def opened_and_sent(client, url: str, data: dict):
    """Send these fields with the mark of what the page shows now."""
    seen = client.get(url).context["form"]["seen"].value()
    return client.post(url, {"seen": seen, **data})
