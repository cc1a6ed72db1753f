"""What objects show in a notebook: their blocks, drawn as HTML without a script, and their pictures."""

from evaluator.notebook.showing import bundle, plot, to_html

__all__ = ["bundle", "plot", "to_html"]
