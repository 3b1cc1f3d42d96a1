"""Everything the project does from a shell, on a machine with only Python: see house/commands.py.

An old Python has to read this file far enough to say that it is too old, so it stays plain.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - for the very Pythons that ruff rules out
    sys.exit(
        "Cần Python 3.11 trở lên; máy này đang chạy Python {}.{}. "
        "Tải bản mới tại https://www.python.org/downloads/ rồi chạy lại.".format(*sys.version_info[:2])
    )

from house.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
