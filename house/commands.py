"""Reads the command line and calls what it names."""

import argparse
import errno
import os
import sys

from house import backups, checks, serving
from house.ready import need_env, prepare
from house.running import COMMAND, PYTHON, ROOT, Stop, execute, say

HELP = f"""Cách dùng: {COMMAND} LỆNH

  run [--port 8000] [--no-samples]  cài đặt lần đầu và chạy trang web trên máy này
  test [--strict] [-- …]            chạy toàn bộ kiểm thử (SQLite, PostgreSQL, trình duyệt)
  soak [--strict] [-- …]            kiểm thử độ bền (lâu)
  lint [--strict]                   kiểm tra hình thức mã nguồn, mẫu trang, bản dịch
  bench [-- …]                      đo tốc độ
  backup [--keep 30]                sao lưu dữ liệu vào var/backups/, giữ 30 bản mới nhất
  restore FILE [--yes]              khôi phục dữ liệu từ một bản sao lưu
  manage LỆNH …                     lệnh quản trị của Django (createsuperuser, …)"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Stop(f"Không hiểu lệnh ({message}).\n\n{HELP}")

    def format_help(self):
        return f"{HELP}\n"


def manage(options, extra):
    prepare()
    need_env()
    return execute(PYTHON, "manage.py", *extra).returncode


def build_parser():
    parser = Parser()
    commands = parser.add_subparsers(required=True, parser_class=Parser)

    def command(name, function, passes_on=False):
        added = commands.add_parser(name)
        added.set_defaults(function=function, passes_on=passes_on)
        return added

    run = command("run", serving.run)
    run.add_argument("--port", default=os.environ.get("PORT") or "8000")
    run.add_argument("--no-samples", action="store_true")
    command("test", checks.test, passes_on=True).add_argument("--strict", action="store_true")
    command("soak", checks.soak, passes_on=True).add_argument("--strict", action="store_true")
    command("lint", checks.lint).add_argument("--strict", action="store_true")
    command("bench", checks.bench, passes_on=True)
    command("backup", backups.backup).add_argument("--keep", type=int)
    restore = command("restore", backups.restore)
    restore.add_argument("file")
    restore.add_argument("--yes", action="store_true")
    command("manage", manage, passes_on=True)
    return parser


def read_command(arguments):
    """Return the options of the command named, and what goes on to the program behind it."""
    ours, rest = arguments, []
    if arguments[0] == "manage":
        ours, rest = arguments[:1], arguments[1:]
    elif "--" in arguments:
        cut = arguments.index("--")
        ours, rest = arguments[:cut], arguments[cut + 1 :]
    parser = build_parser()
    options, unknown = parser.parse_known_args(ours)
    if unknown and not options.passes_on:
        parser.error(" ".join(unknown))
    return options, [*unknown, *rest]


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    if not arguments:
        say(HELP)
        return 2
    try:
        options, extra = read_command(arguments)
        return options.function(options, extra)
    except Stop as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        say("\nĐã dừng.")
        return 130
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise
        sys.stderr.write(
            f"Không có quyền ghi vào {error.filename or ROOT}. "
            "Chép thư mục dự án vào nơi có quyền ghi (ví dụ thư mục cá nhân) rồi chạy lại.\n"
        )
        return 1
