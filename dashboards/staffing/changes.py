"""How addresses of the monitor say which changes they ask for."""

FROM_YEAR, MONTH, WHICH = "tu", "thang", "chieu"
GAINED, LOST = "tang", "giam"
