"""What a study wants compared."""

from __future__ import annotations

from evaluator.documents import Format


class AgreementOptions(Format):
    """What is compared on the same customers.

    Parameters
    ----------
    ratings : measures, more being better; the study's value, the RFM score and lifetime value, where
        there are such, when not stated.
    classes : by measure its classes, best first; ABC and RFM classes when not stated.
    """

    ratings: tuple[str, ...] = ()
    classes: dict[str, tuple[str, ...]] = {}
