"""The figures of a questionnaire, as a real LibreOffice computes them from the answers."""

import random
import subprocess
import zipfile
from itertools import combinations

import numpy as np
import openpyxl
import pytest

from evaluator import ahp
from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.answers import read_answer
from evaluator.forms.choices import LEVELS, sentences
from evaluator.tree import bundled, load_tree
from evaluator.weighing import fewest_questions, plan_questions
from evaluator.weighing.panel import Expert
from evaluator.workbook.reader import read_workbook

ALL = tuple(name for name in bundled() if load_tree(name).pairs)
SOME = ("current_value", "potential_value", "customer_value", "orders_value")


def of_every_size():
    """Yield trees, the largest first, that together have a group of every size, on which formulas depend."""
    seen = set()
    for name in sorted(ALL, key=lambda name: -load_tree(name).pairs):
        if sizes := {len(group.children) for group in load_tree(name).groups} - seen:
            seen |= sizes
            yield name


TREES = {
    "zh": ("zh", None, tuple(of_every_size())),
    "en": ("en", None, SOME),
    "ahp-os": ("en", "ahp-os", SOME),
}
SAID = {
    ("zh", "consistent"): "前后一致（",
    ("zh", "inconsistent"): "前后不够一致",
    ("en", "consistent"): "Consistent (",
    ("en", "inconsistent"): "Not consistent",
}
NAMED = Expert("e1", "张三", "市场总监", 2.0)
RATIOS = ["1", *(str(level) for level in LEVELS), *(f"1/{level}" for level in LEVELS)]


def plant_wrong_values(path):
    """Give every formula a value that is wrong, so that a value kept would be found."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(
                name,
                content.replace(b"</f><v></v>", b"</f><v>77</v>").replace(b"</f><v>0</v>", b"</f><v>88</v>"),
            )


def shown(path):
    """Return what the sheet of each group shows: weights, CR with its sentence, hints, circles."""
    groups = {}
    for sheet in read_workbook(path).sheets:
        key = str(sheet.value(0, 0) or "")
        if not key.startswith("group:"):
            continue
        rows = {str(sheet.value(row, 0)): row for row in range(len(sheet.rows)) if sheet.value(row, 0)}
        first = min(row for key, row in rows.items() if key.startswith("pair:"))
        groups[key.removeprefix("group:")] = {
            "weights": [sheet.value(row, 5) for row in range(5, first - 2)],
            "answered": sheet.value(2, 1),
            "cr": sheet.value(2, 3),
            "state": sheet.value(2, 4),
            "hints": {
                tuple(key.split(":")[1:]): sheet.value(row, 5)
                for key, row in rows.items()
                if key.startswith("pair:")
            },
            "circles": [
                sheet.value(row, 1)
                for row in range(max(rows[k] for k in rows if k.startswith("pair:")) + 1, rows["remark"] - 2)
            ],
        }
    return groups


def matrices(panel, tree):
    return {group.id: panel.matrices(group)[0] for group in tree.groups if group.pairs}


def mild(rng, n):
    """Draw answers of someone who mostly knows what matters, so that some CR pass and some do not."""
    weights = [rng.uniform(1, 9) for _ in range(n)]
    for i, j in combinations(range(n), 2):
        size = weights[i] / weights[j] * rng.choice([0.3, 0.6, 1, 1, 1.6, 3])
        level = min(9, max(1, round(max(size, 1 / size))))
        yield str(level) if size >= 1 or level == 1 else f"1/{level}"


def answers_of(tree, draw):
    return {
        (a.id, b.id): ratio
        for group in tree.groups
        for (a, b), ratio in zip(combinations(group.children, 2), draw(len(group.children)), strict=True)
    }


def every_tree(language, convention, names, folder, fill):
    """Answer the questionnaires of trees, half of them at random."""
    rng = random.Random(20240101)
    sent = []
    for number, name in enumerate(names):
        tree = load_tree(name)
        [written] = write_questionnaires(
            tree, [Expert(name)], folder, language=language, convention=convention
        )

        def wild(n):
            return (rng.choice(RATIOS) for _ in combinations(range(n), 2))

        answers = answers_of(tree, wild if number % 2 else lambda n: mild(rng, n))
        fill(written.path, answers)
        plant_wrong_values(written.path)
        sent.append((written.path, tree, answers))
    return sent


def with_blanks(folder, fill):
    rng = random.Random(5)
    tree = load_tree("customer_value")
    written = write_questionnaires(tree, [Expert(f"e{number}") for number in range(4)], folder)
    for entry in written:
        every = answers_of(tree, lambda n: mild(rng, n))
        fill(entry.path, {pair: ratio for pair, ratio in every.items() if rng.random() < 0.6})
    return [(entry.path, tree) for entry in written]


def planned(folder, fill):
    rng = random.Random(11)
    tree = load_tree("customer_value")
    experts = [Expert(f"e{number}") for number in range(2)]
    plan = plan_questions(tree, experts, fewest_questions(tree) + 2, seed=3)
    written = write_questionnaires(tree, experts, folder, plan=plan)
    for entry in written:
        fill(entry.path, answers_of(tree, lambda n: mild(rng, n)))
    return [(entry.path, tree, plan) for entry in written]


def begun(folder, fill):
    """Answer the first of the pairs that a plan asks of the largest group."""
    tree = load_tree("customer_value")
    expert = Expert("e1")
    plan = plan_questions(tree, [expert], fewest_questions(tree))
    [written] = write_questionnaires(tree, [expert], folder, plan=plan)
    group, pairs = max(plan.by_expert["e1"].items(), key=lambda entry: len(entry[1]))
    fill(written.path, {pairs[0]: "3"})
    return [(written.path, group, pairs)]


def contradicting(tree, folder, fill):
    [written] = write_questionnaires(tree, [NAMED], folder)
    answers = {("profit", "volume"): "3", ("volume", "rhythm"): "2", ("profit", "rhythm"): "1/2"}
    fill(written.path, answers | {("now", "later"): "约三倍", ("now", "risk"): "２／４"})
    return [(written.path,)]


@pytest.fixture(scope="module")
def computed(tree, fill, recalculated, tmp_path_factory):
    """What each test sends, by name, saved by LibreOffice in one go: (copy, what was sent, what of it)."""
    folder = tmp_path_factory.mktemp("sent")
    sent = {
        **{name: every_tree(*of, folder / name, fill) for name, of in TREES.items()},
        "blanks": with_blanks(folder / "blanks", fill),
        "planned": planned(folder / "planned", fill),
        "begun": begun(folder / "begun", fill),
        "contradicting": contradicting(tree, folder / "contradicting", fill),
        "untouched": [(write_questionnaires(tree, [NAMED], folder / "untouched")[0].path,)],
    }
    copies = iter(recalculated([path for entries in sent.values() for path, *_ in entries]))
    return {name: [(next(copies), *entry) for entry in entries] for name, entries in sent.items()}


@pytest.mark.parametrize("name", TREES)
def test_weights_cr_and_verdict_are_those_of_the_engine(name, computed):
    """Over every size of group that ships; the answers come back as given."""
    language, convention, _ = TREES[name]
    used = convention or {"zh": "cn", "en": "strict"}[language]
    verdicts = set()
    for path, _, tree, answers in computed[name]:
        groups = shown(path)
        panel = read_judgments(path, tree)
        judged = {(j.a, j.b): j.value for j in panel.judgments}
        assert judged == {pair: read_answer(ratio).value for pair, ratio in answers.items()}
        for group, A in matrices(panel, tree).items():
            expected = ahp.consistency(A, convention=used)
            np.testing.assert_allclose(groups[group]["weights"], expected.priorities, atol=1e-9)
            if len(A) > 2:
                assert groups[group]["cr"] == pytest.approx(float(expected.cr), abs=1e-9)
                tested = str(expected.verdict)
                assert groups[group]["state"].startswith(SAID[language, tested])
                verdicts.add(tested)
            else:
                assert groups[group]["cr"] is None
    assert verdicts == {"consistent", "inconsistent"}


def test_the_questionnaire_of_every_tree_prints_with_all_its_names_and_no_broken_cell(
    tmp_path, needs_tool, converted
):
    """As LibreOffice prints it: nothing too wide for its column, no error, no sentence left out."""
    texts = needs_tool("pdftotext")
    written = [
        write_questionnaires(load_tree(name), [Expert(name)], tmp_path / "asked", language=language)[0]
        for name, language in zip(ALL, ["zh", "en"] * len(ALL), strict=False)
    ]
    converted([entry.path for entry in written], tmp_path / "pdf", "pdf")
    for entry, language in zip(written, ["zh", "en"] * len(ALL), strict=False):
        pdf = tmp_path / "pdf" / f"{entry.path.stem}.pdf"
        shown_text = subprocess.run([texts, str(pdf), "-"], check=True, capture_output=True).stdout.decode()
        flat = "".join(shown_text.split())
        assert not [mark for mark in ("###", "Err:", "#NAME", "#VALUE", "#REF") if mark in flat]
        tree = load_tree(entry.expert.id)
        lacking = [node.name[language] for node in tree.nodes.values()
                   if "".join(node.name[language].split()) not in flat]  # fmt: skip
        assert lacking == []


def test_blanks_show_the_weights_of_harker_and_how_many_are_left(computed):
    seen = set()
    for path, _, tree in computed["blanks"]:
        groups = shown(path)
        for group, A in matrices(read_judgments(path, tree), tree).items():
            left = int(ahp.missing(A))
            if left == 0:
                continue
            weights = ahp.priorities(A, "harker")
            connected = bool(ahp.connected(A))
            seen.add(connected)
            if connected:
                np.testing.assert_allclose(groups[group]["weights"], weights, atol=1e-6)
            else:
                assert groups[group]["weights"] == [None] * len(A)
            assert groups[group]["cr"] is None
            assert groups[group]["state"].startswith(f"还有 {left} 组未答")
    assert seen == {True, False}


def test_planned_pairs_show_the_weights_of_harker_and_no_cr_in_the_sheet(computed):
    partial = 0
    for path, _, tree, plan in computed["planned"]:
        groups = shown(path)
        for group, A in matrices(read_judgments(path, tree), tree).items():
            np.testing.assert_allclose(groups[group]["weights"], ahp.priorities(A, "harker"), atol=1e-6)
            if ahp.missing(A):
                partial += 1
                assert groups[group]["cr"] is None
                assert groups[group]["state"].startswith("已全部答完。此处只安排了部分组合")
        cover = read_workbook(path, sheets=[0]).sheets[0]
        assert "收回后检验" in {row[4] for row in cover.rows}
        [total] = [row for row in cover.rows if row[1] == "合计"]
        assert list(total[2:5]) == [plan.budget, plan.budget, "已全部答完，谢谢！"]
    assert partial


def test_a_planned_sheet_counts_only_what_is_asked_as_left(computed):
    [(path, _, group, pairs)] = computed["begun"]
    found = shown(path)[group]
    assert (found["answered"], found["cr"]) == (1, None)
    assert found["state"].startswith(f"还有 {len(pairs) - 1} 组未答")
    assert list(found["hints"]) == list(pairs)


def test_the_answer_that_fits_least_is_shown_with_the_one_that_would_fit(computed):
    [(path, _)] = computed["contradicting"]
    groups = shown(path)
    now = groups["now"]
    assert now["hints"] == {  # three answers contradict each other alike: each is named
        ("profit", "volume"): sentences("毛利润", "购买量", "zh")[11][1],
        ("profit", "rhythm"): sentences("毛利润", "购买频率", "zh")[3][1],
        ("volume", "rhythm"): sentences("购买量", "购买频率", "zh")[13][1],
    }
    assert now["circles"] == [
        "发现 1 处循环矛盾（如甲比乙重要、乙比丙重要、丙又比甲重要），请复核：",
        "毛利润 ＞ 购买量 ＞ 购买频率 ＞ 毛利润",
    ]
    assert groups["small"]["hints"][("now", "later")] == "无法识别此答案，请从列表中点选。"
    assert groups["small"]["answered"] == 1
    cover = read_workbook(path, sheets=[0]).sheets[0]
    assert next(row[4] for row in cover.rows if row[1] == "当前价值") == "请复核"


def test_every_formula_comes_with_the_value_it_has(computed):
    [(path, sent)] = computed["untouched"]
    before, after = read_workbook(sent), read_workbook(path)
    formulas = openpyxl.load_workbook(sent)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    at = (cell.row - 1, cell.column - 1)
                    found = after.sheet(sheet.title).value(*at)
                    assert before.sheet(sheet.title).value(*at) == (pytest.approx(found) if found else found)
                    compared += 1
    assert compared > 200


def test_an_unknown_convention_is_refused_before_anything_is_written(tree, experts, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(tree, experts, tmp_path / "out", convention="lenient")
    assert [issue.code for issue in caught.value.issues] == ["METHOD-001"]
    assert not (tmp_path / "out").exists()
