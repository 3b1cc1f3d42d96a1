"""Values put into a few classes of like size, so that a map can be read without a scale."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_CLASSES = 4


@dataclass(frozen=True)
class ValueClass:
    """The values from the lowest to the highest of one class, both of them met."""

    number: int
    low: float
    high: float
    count: int

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def classes_of(values: Sequence[float], most: int = MOST_CLASSES) -> list[ValueClass]:
    """Divide the values into at most so many classes of like size, the lowest first.

    What is equal stays together, so there are fewer classes where there are few different values.
    """
    ordered = sorted(values)
    classes: list[ValueClass] = []
    begun = 0
    for place in range(1, most + 1):
        end = round(len(ordered) * place / most)
        # A class ends behind the last of equal values.
        while begun < end < len(ordered) and ordered[end] == ordered[end - 1]:
            end += 1
        if end > begun:
            classes.append(ValueClass(len(classes) + 1, ordered[begun], ordered[end - 1], end - begun))
            begun = end
    return classes
