"""Which files hold answers: folders are looked through, locks and hidden files passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from evaluator.errors import Issue, Location, Severity
from evaluator.files import has_folder, leaves

Sources = str | Path | Iterable[str | Path]

FOREIGN = frozenset({".et", ".ett", ".numbers", ".gnumeric", ".xlsb"})
"""Workbooks of other formats: whoever saved an answer so must be told."""

WORKBOOKS, TABLES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"}), frozenset({".csv", ".txt", ".tsv"})
PAGES = frozenset({".html", ".json"})


def listed(
    sources: Sources, *, endings: frozenset[str] = WORKBOOKS | TABLES | PAGES
) -> tuple[list[tuple[Path, str]], list[Issue]]:
    """Return the files to read with what messages call them, and what is said of the others.

    Errors: a link that leads out of its folder (it is not read), a folder with nothing to read. A file of
    another kind is noted, a workbook in the format of another program is a warning.
    """
    paths: list[Path] = []
    issues: list[Issue] = []
    for source in [sources] if isinstance(sources, str | Path) else sources:
        path = Path(source)
        inside = sorted(entry for entry in path.iterdir() if entry.is_file()) if has_folder(path) else [path]
        inside = [entry for entry in inside if not entry.name.startswith(("~$", "."))]
        if has_folder(path):
            outside = [entry for entry in inside if entry.is_symlink() and leaves(path, entry.name)]
            issues += [Issue("FILE-704", entry.name, where=Location(entry.name)) for entry in outside]
            inside = [entry for entry in inside if entry not in outside]
        readable = [entry for entry in inside if entry.suffix.lower() in endings]
        if not readable:
            issues.append(Issue("JUDGE-212", path.name, where=Location(str(source))))
        issues += [_passed_over(entry) for entry in inside if entry.suffix.lower() not in endings]
        paths += readable
    counts = Counter(path.name for path in paths)
    return [(path, path.name if counts[path.name] == 1 else path.as_posix()) for path in paths], issues


def _passed_over(path: Path) -> Issue:
    if path.suffix.lower() in FOREIGN:
        detail = {"ending": path.suffix}
        return Issue("JUDGE-244", path.name, detail, where=Location(path.name), severity=Severity.WARNING)
    return Issue("JUDGE-227", path.name, where=Location(path.name), severity=Severity.NOTE)
