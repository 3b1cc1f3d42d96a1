"""What holds for every page, whatever it shows: nothing inline, nothing from outside, words that can be read."""

import re
from pathlib import Path

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template
from django.utils.translation import gettext

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = sorted((settings.BASE_DIR / "static").rglob("*.css"))
SCRIPTS = sorted((settings.BASE_DIR / "static").rglob("*.js"))

# A script element without src, a style element or attribute, an event attribute, an address of a script.
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|@import|url\(["']?(?:https?:)?//""")


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_compiles_and_holds_nothing_inline_or_from_outside(path):
    get_template(str(path.relative_to(settings.BASE_DIR / "templates")))

    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"))
    assert not INLINE.findall(text)
    assert not OUTSIDE.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_static_files_of_a_template_exist(path):
    for wanted in re.findall(r"""{% static ["']([^"']+)["'] %}""", path.read_text(encoding="utf-8")):
        assert finders.find(wanted), wanted


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_what_a_style_sheet_loads_lies_beside_it(path):
    text = path.read_text(encoding="utf-8")

    assert "sourceMappingURL" not in text
    for wanted in re.findall(r"""url\(["']?([^"')]+)""", text):
        assert wanted.startswith("data:") or (path.parent / wanted).exists(), wanted


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_makes_no_code_or_markup_out_of_text(path):
    assert not re.search(
        r"\beval\(|new Function|innerHTML|document\.write|setAttribute\(.style",
        path.read_text(encoding="utf-8"),
    )


def with_static_files(storage: str) -> dict:
    return {**settings.STORAGES, "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{storage}"}}


def test_every_static_file_finds_what_it_names(tmp_path, settings):
    settings.STORAGES = with_static_files("ManifestStaticFilesStorage")
    settings.STATIC_ROOT = tmp_path

    # Fails where a style sheet names a file that is not there.
    call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").exists()


def tokens() -> dict[str, str]:
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", text))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("paper", "house"),
        ("paper", "house-dark"),
        ("house", "paper"),
        ("house", "ground"),
        ("house", "house-tint"),
        ("ink", "ground"),
        ("ink-quiet", "paper"),
        ("ink-quiet", "ground"),
        ("amber-ink", "amber"),
        ("paper", "level-excellent"),
        ("paper", "level-good"),
        ("ink", "level-completed"),
        ("paper", "level-not-completed"),
        ("ink", "level-none"),
    ],
)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(tokens()[text], tokens()[ground]) >= 4.5


def test_levels_grow_lighter_from_the_best_to_the_third():
    palette = tokens()
    order = ["level-excellent", "level-good", "level-completed", "level-none"]

    lights = [luminance(palette[level]) for level in order]

    assert lights == sorted(lights)


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_page_of_a_fault_needs_no_request(template, settings):
    settings.STORAGES = with_static_files("StaticFilesStorage")

    html = get_template(template).render()

    assert "<h1>" in html
    assert 'name="q"' not in html


@pytest.mark.parametrize("adapter", [DefaultAccountAdapter, DefaultMFAAdapter])
def test_sign_in_speaks_vietnamese(adapter):
    spoken = {
        key: str(message)
        for key, message in adapter.error_messages.items()
        # No address, no telephone number is asked for at the door.
        if not re.search("email|phone|password_reset|username_taken", key)
    }

    foreign = [key for key, message in spoken.items() if not re.search("[à-ỹđ]", message, re.IGNORECASE)]
    assert foreign == []


@pytest.mark.parametrize(
    "words",
    [
        "Are you sure?",
        "Confirm import",
        "Changed by",
        "Account locked: too many login attempts. Please try again later.",
    ],
)
def test_packages_speak_vietnamese_and_call_nobody_by_thou(words):
    assert gettext(words) != words
    assert "bạn" not in gettext(words).lower()
