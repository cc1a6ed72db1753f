"""Variables of the environment that a study may ask for: only those that its user has allowed outside it.

A study travels between firms, so it is not the study that decides which of a user's variables leave the
machine. ``EVALUATOR_ALLOW`` lists their names, separated by commas; ``CRM_PASSWORD@db.client.cn`` allows a
name for one server only.
"""

from __future__ import annotations

import os
import re

from evaluator.errors import EvaluationError, Issue, Location

ALLOW = "EVALUATOR_ALLOW"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


def variable(text: object) -> str | None:
    """Return the name of the variable that a text is, and nothing besides.

    >>> variable("${CRM_PASSWORD}"), variable("a${CRM_PASSWORD}")
    ('CRM_PASSWORD', None)
    """
    found = _VARIABLE.fullmatch(text) if isinstance(text, str) else None
    return found[1] if found else None


def bare_variable(text: str) -> str | None:
    """Return a name in capitals that stands alone and is a variable of the environment."""
    return text if _NAME.fullmatch(text) and text in os.environ else None


def variables(text: str) -> list[str]:
    """Return the names of all variables within a text."""
    return _VARIABLE.findall(text)


def value_of(name: str, *, host: str | None = None, where: Location | None = None) -> str:
    """Return what a variable of the environment holds.

    Parameters
    ----------
    host : the server that the value goes to, where that is known.

    Raises
    ------
    EvaluationError
        where its user has not allowed the name, set or not, or it is not set.
    """
    allowed = re.split(r"[,;\s]+", os.environ.get(ALLOW, ""))
    if name not in allowed and not (host and f"{name}@{host}" in allowed):
        raise EvaluationError([Issue("DATA-464", name, {"allow": ALLOW, "host": host or "–"}, where=where)])
    if name not in os.environ:
        raise EvaluationError([Issue("DATA-452", name, where=where)])
    return os.environ[name]
