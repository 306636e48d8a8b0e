"""Plans above and below one another: what a plan that applies another says in the end, and who took up what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trienkhai.plans.rules.codes import Taking, Treatment
from trienkhai.plans.rules.drafts import Line


@dataclass(frozen=True)
class InEffect:
    """One measure as a version has it. ``line``: its words; of one left out, those of the plan above.

    ``upper``: the plan above's own words; ``own``: this version's, unless the measure is taken as it is.
    """

    taking: Taking
    line: Line
    upper: Line | None = None
    own: Line | None = None

    @property
    def reason(self) -> str:
        """Why it was changed or left out."""
        return self.own.reason if self.own else ""


def in_effect(own: Sequence[Line], base: Sequence[Line] | None) -> list[InEffect]:
    """What the version says in the end: the base's measures in its order, as treated, then its own.

    Args:
        own: the version's own lines.
        base: the lines in effect of the version it applies; ``None`` for a full plan. Treatments of measures the base
            no longer has are left out.
    """
    treated = {line.answers: line for line in own if line.treatment != Treatment.OWN}
    found = []
    for upper in base or ():
        line = treated.get(upper.measure)
        if line is None:
            found.append(InEffect(Taking.AS_IT_IS, upper, upper))
        elif line.treatment == Treatment.LEFT_OUT:
            found.append(InEffect(Taking.LEFT_OUT, upper, upper, line))
        else:
            found.append(InEffect(Taking.CHANGED, line, upper, line))
    return found + [InEffect(Taking.OWN, line, None, line) for line in own if line.treatment == Treatment.OWN]


def as_treatments(lines: Sequence[Line], base: Sequence[int]) -> list[Line]:
    """The lines of a full plan as those of one that applies a plan with the measures ``base``, in its order.

    The first line that answers one of them becomes its changed words; every other line is an addition.
    """
    places = {measure: place for place, measure in enumerate(base)}
    treated: dict[int, Line] = {}
    own = []
    for line in lines:
        if line.answers in places and line.answers not in treated:
            treated[line.answers] = replace(line, treatment=Treatment.CHANGED)
        else:
            own.append(line)
    return [*(treated[measure] for measure in sorted(treated, key=places.__getitem__)), *own]


@dataclass(frozen=True)
class Stance:
    """What a version has and what it leaves out, by measures of any plan: its own and those above that they answer."""

    taken: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()

    @property
    def answered(self) -> frozenset[int]:
        """Taken up, or left out with a reason."""
        return self.taken | self.left_out


@dataclass(frozen=True)
class Words:
    """A version in identities: ``(measure, treatment)`` of its wordings, and the version it applies."""

    base: int | None = None
    wordings: tuple[tuple[int, Treatment], ...] = ()


@dataclass
class Stances:
    """Works out what each version takes up and leaves out, each once.

    Attributes:
        versions: by id.
        answers: by measure, the one above that it answers.
    """

    versions: Mapping[int, Words]
    answers: Mapping[int, int | None]
    _known: dict[int, tuple[frozenset[int], frozenset[int]]] = field(default_factory=dict)
    _above: dict[frozenset[int], frozenset[int]] = field(default_factory=dict)

    def of(self, version: int) -> Stance:
        """The version's stance, links upwards followed all the way."""
        present, out = self._own(version)
        taken = self._with_those_above(present)
        return Stance(taken, self._with_those_above(out) - taken)

    def present(self, version: int) -> frozenset[int]:
        """The measures in effect in the version, links upwards not followed."""
        return self._own(version)[0]

    def _own(self, version: int) -> tuple[frozenset[int], frozenset[int]]:
        """Measures in effect and those left out; a base further up is worked out first."""
        chain: list[int] = []
        at: int | None = version
        while at is not None and at not in self._known and at in self.versions and at not in chain:
            chain.append(at)
            at = self.versions[at].base
        for each in reversed(chain):
            self._known[each] = self._on_base(self.versions[each])
        return self._known.get(version, (frozenset(), frozenset()))

    def _on_base(self, words: Words) -> tuple[frozenset[int], frozenset[int]]:
        present, out = self._known.get(words.base or 0, (frozenset(), frozenset()))
        if not words.wordings:
            return present, out
        treated = {self.answers.get(measure) for measure, treatment in words.wordings if treatment != Treatment.OWN}
        left = {self.answers.get(measure) for measure, how in words.wordings if how == Treatment.LEFT_OUT}
        said = {measure for measure, treatment in words.wordings if treatment != Treatment.LEFT_OUT}
        return (present - treated) | said, out | {measure for measure in left if measure is not None}

    def _with_those_above(self, measures: frozenset[int]) -> frozenset[int]:
        """They and all they answer; the same for many plans that apply one without a change."""
        if measures not in self._above:
            self._above[measures] = self._followed(measures)
        return self._above[measures]

    def _followed(self, measures: frozenset[int]) -> frozenset[int]:
        found = set(measures)
        new = found
        while new:
            new = {above for measure in new if (above := self.answers.get(measure)) is not None} - found
            found |= new
        return frozenset(found)


def uncovered(parts: Sequence[tuple[int, int | None]], named: Collection[int]) -> list[int]:
    """Provisions no measure carries out: neither they, nor what stands in or above them; the topmost alone are told of.

    Args:
        parts: ``(provision, the one it stands in)`` in reading order, parents before children.
        named: provisions that measures carry out.
    """
    above = dict(parts)
    touched = set(named)
    for part in named:
        at = above.get(part)
        while at is not None and at not in touched:
            touched.add(at)
            at = above.get(at)
    covered: set[int] = set()
    found: list[int] = []
    open_parts: set[int] = set()
    for part, parent in parts:
        if part in named or parent in covered:
            covered.add(part)
        elif part not in touched:
            if parent not in open_parts:
                found.append(part)
            open_parts.add(part)
    return found
