"""Field types that the whole project uses."""

from django.db import models


class KeyField(models.CharField):
    """A stored ASCII key for search or order, compared byte by byte on every database.

    PostgreSQL would otherwise order by the server's language; SQLite compares bytes anyway
    and knows no collation called "C".
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 250)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
