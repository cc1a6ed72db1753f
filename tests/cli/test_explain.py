"""`evaluator explain` where a score is no plain sum, or memberships stand beside it."""

from evaluator.cli import invoke

SCORING = "scoring: {synthesis: {kind: weighted_product}, fuzzy: {operator: min_max}}\n"


def test_effects_and_memberships_are_told_with_the_points(folder, capsys) -> None:
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + SCORING, "utf-8")
    assert invoke(["--language", "en", "explain", str(folder), "002"]) == 0
    out = capsys.readouterr().out
    assert "everything at the mean" in out
    assert "Largest membership: " in out


def test_a_plain_sum_has_neither(folder, capsys) -> None:
    assert invoke(["--language", "en", "explain", str(folder), "002"]) == 0
    out = capsys.readouterr().out
    assert "at the mean" not in out
    assert "membership" not in out
