"""Acceptability and central weights of a published SMAA-2 model: benefits and risks of four antidepressants.

The model of "A state-of-the-art multi-criteria model for drug benefit-risk analysis" (SOM Research Reports
10001, University of Groningen 2010; carried on in doi:10.1002/sim.4194). Measurements and results are those
of the "BRModel" in `SMAA2SimulationTest` of JSMAA (github.com/tommite/jsmaa), the program of Tervonen, who
surveyed these methods (doi:10.1002/mcda.407): two decimals, of 10,000 draws.
"""

import numpy as np
import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis.robustness.customers import customers_of
from evaluator.analysis.robustness.drawing import judge
from evaluator.analysis.robustness.scores import Draws, Moved
from evaluator.tree import Tree
from evaluator.tree.profiles import DEFAULT

DRUGS = ("fluoxetine", "paroxetine", "sertraline", "venlafaxine")
MEASURED = {  # mean and standard deviation by drug; of efficacy, those of the logarithm of a ratio
    "efficacy": ((0.0, 0.0), (0.086, 0.056), (0.095, 0.044), (0.113, 0.048)),
    "diarrhea": ((11.7, 2.5), (9.2, 1.86), (15.4, 2.65), (5.5, 2.32)),
    "dizziness": ((7.2, 1.45), (10.6, 1.58), (7.5, 1.48), (15.7, 4.44)),
    "headache": ((16.6, 3.27), (21.2, 5.15), (20.2, 3.78), (12.8, 2.45)),
    "insomnia": ((13.7, 1.89), (14.3, 2.93), (15.0, 3.21), (11.2, 3.98)),
    "nausea": ((18.6, 1.79), (18.3, 3.7), (19.5, 2.6), (31.0, 1.68)),
}
ACCEPTED = (  # drugs × ranks
    (0.20, 0.28, 0.30, 0.22), (0.25, 0.29, 0.27, 0.19), (0.17, 0.25, 0.29, 0.30), (0.39, 0.18, 0.15, 0.29),
)  # fmt: skip
CENTRAL = (  # drugs × criteria
    (0.08, 0.14, 0.23, 0.18, 0.16, 0.22), (0.18, 0.17, 0.15, 0.13, 0.15, 0.22),
    (0.21, 0.10, 0.22, 0.13, 0.15, 0.20), (0.18, 0.21, 0.12, 0.21, 0.19, 0.09),
)  # fmt: skip
AMOUNT = 40_000


def ends(criterion: str) -> tuple[float, float]:
    """Return the worst and the best of a criterion: the widest ends of the drugs' 95 % intervals."""
    low = min(mean - 1.96 * deviation for mean, deviation in MEASURED[criterion])
    high = max(mean + 1.96 * deviation for mean, deviation in MEASURED[criterion])
    return (np.exp(low), np.exp(high)) if criterion == "efficacy" else (high, low)


def tree() -> Tree:
    leaves = [
        f"{{id: {name}, name: N, measure: {name}, direction: {'benefit' if best > worst else 'cost'}, "
        f"weight: 1, scale: {{kind: linear, worst: {worst}, best: {best}}}}}"
        for name in MEASURED
        for worst, best in [ends(name)]
    ]
    text = f"""
schema: 1
id: drugs
name: Drugs
status: published
source: Tervonen et al. 2010
weights_source: None stated
grades: [{{id: good, name: Good, score: 80, from: 50}}, {{id: poor, name: Poor, score: 20, from: 0}}]
root: {{id: drugs, name: Drugs, children: [{", ".join(leaves)}]}}
"""
    return documents.validate(documents.parse(text, "drugs.yaml"), Tree)


def test_acceptability_and_central_weights_of_four_antidepressants() -> None:
    of, random = tree(), np.random.default_rng(11)
    middle = {
        name: [np.exp(mean) if name == "efficacy" else mean for mean, _ in own]
        for name, own in MEASURED.items()
    }
    frame = pl.DataFrame({"id": DRUGS, **middle})
    customers = customers_of(scoring.fit(of, weighing.weigh(of), frame), frame, draw_missing=False)
    assert customers.leaves["id"].to_list() == list(DRUGS)

    def drawn(numbers: range) -> Draws:
        scores = {}
        for name, own in MEASURED.items():
            mean, deviation = np.array(own).T
            values = random.normal(mean, deviation, (len(numbers), len(DRUGS)))
            worst, best = ends(name)
            share = ((np.exp(values) if name == "efficacy" else values) - worst) / (best - worst)
            scores[name] = Moved(np.arange(len(DRUGS)), 100 * share.clip(0, 1))
        weights = dict(zip(MEASURED, random.dirichlet(np.ones(len(MEASURED)), len(numbers)).T, strict=True))
        return Draws(len(numbers), {DEFAULT: {**weights, of.root.id: np.ones(len(numbers))}}, scores, None)

    found = judge(customers, drawn, AMOUNT).ranks
    assert found is not None
    assert found.counts / AMOUNT == pytest.approx(np.array(ACCEPTED), abs=0.012)
    assert found.weights / found.first[:, None] == pytest.approx(np.array(CENTRAL), abs=0.012)
