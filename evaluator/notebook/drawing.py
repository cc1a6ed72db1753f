"""Blocks as a piece of HTML that a notebook takes in: its own style, pictures inside, no script."""

from __future__ import annotations

import base64

from markupsafe import Markup

from evaluator import resources
from evaluator.html.rendering import render, templates
from evaluator.present import figures
from evaluator.present.blocks import Blocks
from evaluator.present.charts import Chart

TEMPLATE = "notebook/blocks.html.j2"
SHOWN, WHOLE = 20, 40  # rows of a long table, and up to how many one is shown whole


def drawn(shown: Blocks, language: str) -> str:
    """Return blocks as HTML; what people wrote is text in it."""
    environment = templates(language, filters=figures.filters(language))
    values = {
        "section": shown,
        "pictures": {chart.id: picture(chart) for chart in shown.charts},
        "style": Markup((resources.folder("templates") / "notebook" / "notebook.css").read_text("utf-8")),
        "most": SHOWN,
        "whole": WHOLE,
    }
    return render(environment, TEMPLATE, values)


def picture(chart: Chart) -> str:
    """Return the address of a chart's picture, which holds the picture itself.

    In an image nothing runs and nothing is fetched, whatever the names in it are.
    """
    return f"data:image/svg+xml;base64,{base64.b64encode(chart.to_svg().encode('utf-8')).decode('ascii')}"
