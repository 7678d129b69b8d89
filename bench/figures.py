"""What a benchmark says: a figure, the goal it is held against, and the best known elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`, from `n` measurements; `goal` is the largest value that meets it (None: told, not judged)."""

    name: str
    value: float
    unit: str
    goal: float | None
    n: int
    best_known: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None where there is none."""
        return None if self.goal is None else self.value <= self.goal
