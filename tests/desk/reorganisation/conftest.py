from leaders.models import Office
from tests import factories
from tests.worlds import kept


@kept
def two(commune):
    """Two hamlets of one commune, each with its cell, its secretary-head and its counts."""
    made = []
    for name in "12":
        hamlet = factories.hamlet(parent=commune, name=name)
        cell = factories.cell(of=hamlet)
        person = factories.person(keeper=commune)
        factories.tenure(cell=cell, person=person)
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
        made.append((hamlet, cell, person))
    return made
