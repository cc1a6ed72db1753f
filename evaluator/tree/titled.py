"""What a tree calls by an id and a name: files say the id, sentences the name with it."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.documents import Format
from evaluator.labels import Id, Name
from evaluator.messages import Listing, Named


class Titled(Format):
    """A word of a tree with an id and a name in every language."""

    id: Id
    name: Name

    @property
    def called(self) -> Named:
        """The word as a sentence names it."""
        return Named(self.id, self.name)


def listing(titled: Iterable[Titled]) -> Listing:
    """Return several of them as a sentence lists them."""
    return Listing(tuple(entry.called for entry in titled))
