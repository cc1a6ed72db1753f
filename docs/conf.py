"""The documentation site: `make docs` builds it into docs/_build/html, as continuous integration does.

What is generated from the program (verbs, keys, methods, Python) is written before Sphinx reads, so that it
cannot be out of date; errors.md, measures.md and models.md stand in the repository, where readers of the code
look for them.
"""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

import llms  # noqa: E402
import make_keys  # noqa: E402
import make_methods  # noqa: E402
import make_python  # noqa: E402
import make_verbs  # noqa: E402

ABOUT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
BUILT = datetime.fromtimestamp(float(environ.get("SOURCE_DATE_EPOCH", datetime.now(UTC).timestamp())), UTC)

project, version, release = ABOUT["name"], ABOUT["version"], ABOUT["version"]
author = "the evaluator authors"
project_copyright = f"{BUILT:%Y}, {author}"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build", "notebooks/*.ipynb"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_type_aliases = {
    "Array": "Array",
    "ArrayLike": "ArrayLike",
}  # as they are written, not what they are made of
python_maximum_signature_line_length = 88
html_math_renderer = "mathml"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = f"evaluator {version}"
html_show_sphinx = False
html_sourcelink_suffix = ""  # the text of every page lies beside it, for people and programs
html_theme_options = {
    "show_prev_next": True,
    "navigation_with_keys": False,
    "header_links_before_dropdown": 7,
    "secondary_sidebar_items": ["page-toc", "sourcelink"],
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_context = {"default_mode": "auto"}


def write_reference(_: Any) -> None:
    """Write the pages that come from the program, where they differ from what is there."""
    wanted = {make_methods.PAGE: make_methods.page()}
    for module in (make_verbs, make_keys, make_python):
        wanted |= dict(module.pages())
    for path in set(make_python.FOLDER.glob("*.md")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def write_math(self: Any, node: Any) -> None:
    """Write a formula as MathML, which browsers draw without a script and without a network."""
    block = isinstance(node, nodes.math_block)
    formula = convert(node.astext(), display="block" if block else "inline")
    self.body.append(f'<div style="margin: 1em 2em">{formula}</div>' if block else formula)
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Hook in what is written before and after Sphinx's own work."""
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))
    app.connect("builder-inited", write_reference)
    app.connect("build-finished", llms.write)
