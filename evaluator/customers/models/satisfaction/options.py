"""What a study states about the index model of satisfaction."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.documents import Format
from evaluator.labels import Id


class LatentOptions(Format):
    """A model of latent figures over the items of the survey; see `satisfaction.path_model`.

    `blocks` are the items of each figure, `paths` what each figure acts upon.
    """

    blocks: Annotated[dict[Id, tuple[str, ...]], Field(min_length=2)]
    paths: Annotated[dict[Id, tuple[Id, ...]], Field(min_length=1)]
