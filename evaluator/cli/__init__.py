"""The command line: one file per verb, and the program that finds them."""

from evaluator.cli.program import VERBS, invoke, main

__all__ = ["VERBS", "invoke", "main"]
