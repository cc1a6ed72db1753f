"""The workbook shows of the judgments what the page shows: contradictions, agreement, sureness of weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from evaluator import messages
from evaluator.reports.context import Context
from evaluator.reports.sections import agreement, contradictions, weights
from evaluator.reports.workbook import write_workbook

LANGUAGES = messages.LANGUAGES


def sheet(path: Path, name: str, language: str) -> list[list[Any]] | None:
    title = messages.text(f"report.workbook.sheet.{name}", language)
    book = CalamineWorkbook.from_path(str(path))
    if title not in book.sheet_names:
        return None
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def under(table: list[list[Any]], heading: str, column: int = 0) -> list[list[Any]]:
    """Return the rows under the row that has a heading in a column, to the next empty row."""
    start = next(n for n, row in enumerate(table) if row[column] == heading) + 1
    end = next((n for n, row in enumerate(table[start:], start) if not any(row)), len(table))
    return table[start:end]


@pytest.fixture(scope="module", params=LANGUAGES)
def written(evaluation_of, request, tmp_path_factory):
    language = request.param
    evaluation = evaluation_of(language)
    path = tmp_path_factory.mktemp(language) / "report.xlsx"
    write_workbook(evaluation, path, language=language)
    return Context(evaluation, language), path


def test_contradictions_stand_with_the_worst_answer_and_what_was_done(written) -> None:
    context, path = written
    table = sheet(path, "agreement", context.language)
    built = contradictions.build(context)
    title = context.text("contradictions.flaws")
    start = next(n for n, row in enumerate(table) if row[0] == title) + 3
    for row, flaw in zip(table[start:], built.flaws, strict=False):
        assert (row[0], row[1], row[2], row[5]) == (flaw.code, flaw.criterion, flaw.cr, flaw.worst.pair)
        assert [row[8], row[9], row[10]] == [flaw.worst.value, flaw.worst.error, flaw.worst.suggested]


def test_policies_stand_side_by_side_to_the_last_bit(written) -> None:
    context, path = written
    (side,) = contradictions.build(context).policies
    found = under(sheet(path, "agreement", context.language), side.name)
    assert [tuple(row[6 : 6 + len(side.children)]) for row in found] == [one.weights for one in side.outcomes]
    assert [row[2] for row in found] == [one.cr for one in side.outcomes]


def test_proposals_and_revisions_stand_with_both_values(written) -> None:
    context, path = written
    table = sheet(path, "agreement", context.language)
    built = contradictions.build(context)
    (proposal,), (revision,) = built.proposals, built.revisions
    pair, before, after = proposal.changes[0]
    row = next(row for row in table if row[2] == pair and row[5] == before and row[6] == after)
    assert row[7:10] == [proposal.cr_before, proposal.cr, proposal.limit]
    row = next(row for row in table if row[2] == revision.pair and row[13 - 3] == revision.reason)
    assert (row[5], row[6], row[9]) == (revision.before, revision.after, revision.date)


def test_agreement_lists_every_pair_and_the_weights_without_each_expert(written) -> None:
    context, path = written
    table = sheet(path, "agreement", context.language)
    accords = agreement.build(context).accords
    summary = {row[0]: row for row in under(table, context.text("contradictions.criterion"))}
    start = next(n for n, row in enumerate(table) if row[0] == context.text("section.agreement"))
    for accord in accords:
        row = next(row for row in table[start:] if row[0] == accord.name and row[3] == accord.consensus)
        assert row[5:9] == [accord.w, accord.chi2, accord.df, accord.p]
        for pair in accord.pairs:
            assert any(row[0] == pair.pair and row[3] == pair.factor for row in table)
        for one in accord.without:
            weights_ = list(one.weights)
            assert any(
                row[0] == one.code and row[2] == one.shift and row[4 : 4 + len(weights_)] == weights_
                for row in table
            )
    assert summary is not None


def test_intervals_and_the_whole_rank_acceptability_are_there(written) -> None:
    context, path = written
    table = sheet(path, "evidence", context.language)
    confidence = weights.build(context).confidence
    found = under(table, context.text("weights.node"))
    assert [tuple(row[1:5]) for row in found] == [
        (one.weight, one.low, one.high, one.deviation) for one in confidence.intervals
    ]
    start = next(n for n, row in enumerate(table) if row[0] == context.text("weights.ranks"))
    ranks = under(table[start:], context.text("data.indicator"))
    for row, drawn in zip(ranks, confidence.ranks, strict=True):
        assert row[0] == drawn.name
        assert [share or 0.0 for share in row[1 : 1 + len(drawn.shares)]] == list(drawn.shares)
        assert sum(drawn.shares) == pytest.approx(1)


def test_the_rank_matrix_is_in_the_order_of_the_weights(written) -> None:
    context, _ = written
    confidence = weights.build(context).confidence
    weight = {one.name: one.weight for one in confidence.intervals if one.leaf}
    drawn = [weight[row.name] for row in confidence.ranks]
    assert drawn == sorted(drawn, reverse=True)


def test_fuzzy_weights_stand_beside_the_crisp_ones(evaluation_of, tmp_path: Path) -> None:
    from evaluator.weighing import fuzzy_weights

    evaluation = evaluation_of("en")
    spoken = replace(evaluation.judgment, fuzzy=fuzzy_weights(evaluation.weights))
    evaluation = replace(evaluation, judgment=spoken)
    path = tmp_path / "report.xlsx"
    write_workbook(evaluation, path, language="en")
    table = sheet(path, "evidence", "en")
    start = next(n for n, row in enumerate(table) if row[0] == messages.text("report.weights.fuzzy", "en"))
    rows = under(table[start:], messages.text("report.weights.node", "en"))
    for row, node in zip(rows, list(evaluation.tree.nodes)[1:], strict=True):
        assert tuple(row[2:5]) == tuple(spoken.fuzzy.global_[node])
        assert row[1] == evaluation.weights.global_[node]


@pytest.mark.parametrize("name", ["agreement", "evidence"])
def test_given_weights_have_no_such_sheet(evaluation_of, tmp_path: Path, name: str) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(evaluation_of("en", experts=False), path, language="en")
    assert sheet(path, name, "en") is None
