from evaluator.scoring import Progress
from evaluator.scoring.progress import Meter


def test_rows_are_counted_up_to_the_whole_and_never_backwards() -> None:
    told: list[Progress] = []
    meter = Meter(told.append, 10)
    meter.add(4)
    meter.reach(3)
    meter.add(9)
    meter.done()
    assert [(progress.rows, progress.total) for progress in told] == [(4, 10), (10, 10)]


def test_an_engine_that_tells_nothing_is_looked_at(monkeypatch) -> None:
    monkeypatch.setattr("evaluator.scoring.progress.EVERY", 0.001)
    told: list[Progress] = []
    meter = Meter(told.append, 200)
    with meter.watching(lambda: meter.share(25.0)):
        while not told:
            pass
    assert told[0].rows == 50
    assert meter.share(-1.0) == 0.0
