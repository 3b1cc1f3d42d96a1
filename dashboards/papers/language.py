"""The little of the template language that templates of papers speak: fields, lists, parts left out.

It is asked of whatever is filled in, wherever in a file it stood: a part that a check has not seen cannot keep
the site busy either.
"""

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.Const,
)


class SaysTooMuch(TemplateSyntaxError):
    """A template that is written correctly and says more than templates of papers may."""


class PlainEnvironment(SandboxedEnvironment):
    """Understands no more than templates may say, and reaches no attribute of Python."""

    def _parse(self, source, name, filename):
        tree = super()._parse(source, name, filename)
        if said := refusal_of(tree):
            raise SaysTooMuch(said, 1, name, filename)
        return tree


def refusal_of(node: nodes.Node, *, in_list: bool = False) -> str:
    """Return why a template says more than it may; empty where it does not."""
    if more := _more_than_fields(node):
        said = _(
            "A template may only name fields, repeat lists and leave out parts; “%(what)s” is more than that."
        )
        return said % {"what": more}
    if isinstance(node, nodes.For):
        if in_list:
            return _("A list inside a list is not filled in. Put them one after the other.")
        if not _goes_over_one_list(node):
            return _("What repeats goes over one list of the paper: {%tr for dong in cac_dong %}.")
        in_list = True
    for child in node.iter_child_nodes():
        if said := refusal_of(child, in_list=in_list):
            return said
    return ""


def _more_than_fields(node: nodes.Node) -> str:
    if not isinstance(node, _ALLOWED):
        return type(node).__name__
    return node.attr if isinstance(node, nodes.Getattr) and node.attr.startswith("_") else ""


def _goes_over_one_list(node: nodes.For) -> bool:
    names = isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)
    return names and not node.test and not node.recursive
