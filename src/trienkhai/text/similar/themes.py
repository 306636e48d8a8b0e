"""Groups on one matter, side by side: a proposal for people to take or leave.

Texts are compared by the words and pairs of neighbouring words they share, rare ones weighing more. In a settled
order (the larger group first) each joins the nearest of those that lead a theme, or leads one. A text that nobody
joined is in no theme.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trienkhai.text.similar.words import form

ALIKE = 0.2  # shared weight, of the weight of both
_RAREST = 12  # features by which those who lead are looked up
_LONGEST_LIST = 400  # a feature led by more than these says little
_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Theme:
    """Places of texts on one matter; the representative is most like all others, counted by their weights."""

    members: tuple[int, ...]
    representative: int


def propose_themes(
    texts: Sequence[str], weights: Sequence[int] | None = None, *, progress: Callable[[float], None] | None = None
) -> tuple[Theme, ...]:
    """Themes of two or more texts, in the order of their first texts; ``weights``: how many each text stands for."""
    sizes = list(weights) if weights is not None else [1] * len(texts)
    features = [_features(text) for text in texts]
    spread = Counter(feature for own in features for feature in own)
    worth = {feature: math.log(1 + len(texts) / count) for feature, count in spread.items()}
    leaders = _Leaders(worth)
    followers: dict[int, list[int]] = defaultdict(list)
    order = sorted(range(len(texts)), key=lambda place: (-sizes[place], texts[place], place))
    for step, place in enumerate(order):
        nearest = leaders.nearest(features[place])
        if nearest is None:
            leaders.add(place, features[place])
        followers[place if nearest is None else nearest].append(place)
        if progress is not None and step % _REPORT_EVERY == 0:
            progress(step / len(order))
    found = (_theme(sorted(members), features, worth, sizes) for members in followers.values() if len(members) > 1)
    return tuple(sorted(found, key=lambda theme: theme.members))


def _features(text: str) -> frozenset[str]:
    words = form(text).words
    pairs = (" ".join(sorted(pair)) for pair in pairwise(words))
    return frozenset(words) | frozenset(pairs)


class _Leaders:
    """Those who lead a theme, found again by their rare features."""

    def __init__(self, worth: dict[str, float]) -> None:
        self._worth = worth
        self._by_feature: dict[str, list[int]] = defaultdict(list)
        self._features: dict[int, frozenset[str]] = {}
        self._weight: dict[int, float] = {}

    def add(self, place: int, features: frozenset[str]) -> None:
        self._features[place] = features
        self._weight[place] = self._sum(features)
        for feature in features:
            led = self._by_feature[feature]
            if len(led) < _LONGEST_LIST:
                led.append(place)

    def nearest(self, features: frozenset[str]) -> int | None:
        """Who leads the theme that is most alike and alike enough; of equals the one first there."""
        hits: dict[int, float] = defaultdict(float)
        for feature in sorted(features, key=lambda own: (-self._worth[own], own))[:_RAREST]:
            for place in self._by_feature.get(feature, ()):
                hits[place] += self._worth[feature]
        own = self._sum(features)
        best, best_likeness = None, ALIKE
        for place, _ in sorted(hits.items(), key=lambda hit: -hit[1])[:_RAREST]:
            shared = self._sum(features & self._features[place])
            likeness = shared / (own + self._weight[place] - shared)
            if likeness > best_likeness:
                best, best_likeness = place, likeness
        return best

    def _sum(self, features: frozenset[str]) -> float:
        return math.fsum(self._worth[feature] for feature in features)


def _theme(
    members: Sequence[int],
    features: Sequence[frozenset[str]],
    worth: dict[str, float],
    sizes: Sequence[int],
) -> Theme:
    """Its representative shares most with the others: the weight of its features, times how many have them."""
    having: Counter[str] = Counter()
    for place in members:
        for feature in features[place]:
            having[feature] += sizes[place]

    def shares(place: int) -> float:
        own = features[place]
        weight = math.fsum(worth[feature] for feature in own)
        return math.fsum(worth[feature] * having[feature] for feature in own) / (1 + weight)

    return Theme(tuple(members), max(members, key=lambda place: (shares(place), sizes[place], -place)))
