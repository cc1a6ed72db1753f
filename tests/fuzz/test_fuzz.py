"""A short, seeded run of the fuzzer; `run.py` beside it is the long one."""

import time
from pathlib import Path

import pytest
from fuzzing import LONGEST, fuzz, no_longer
from targets import TARGETS, Target

INPUTS = 40


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_changed_inputs_end_in_issues(target: Target, tmp_path: Path, needs_tool) -> None:
    if target.needs:
        needs_tool(target.needs)
    inputs = INPUTS // 4 if target.slow else INPUTS
    outcome = fuzz(target, inputs, 7, tmp_path)
    assert not outcome.faults, outcome.faults[0]
    assert outcome.inputs == inputs
    assert outcome.counts, f"only {outcome.passed} got past the first check"


def test_a_fault_and_a_hang_would_be_found(tmp_path: Path, monkeypatch) -> None:
    """The run can fail: anything but an issue is a fault, a panic that is no Exception among them."""

    class Panic(BaseException):
        pass

    def read(path: Path) -> None:
        if path.read_bytes() == b"hang":
            while True:
                pass
        if path.read_bytes() == b"still":
            time.sleep(60)
        raise Panic

    def make(folder: Path) -> Path:
        (folder / "a").write_bytes(b"a")
        return folder / "a"

    contents = iter((b"panic", b"hang", b"still"))
    target = Target("own", make, lambda *_: next(contents), read, frozenset())
    monkeypatch.setattr("fuzzing.LONGEST", 0.2)
    monkeypatch.setattr("fuzzing.STANDING", 3)
    outcome = fuzz(target, 3, 1, tmp_path, keep=tmp_path / "kept")
    assert [number for number, _ in outcome.faults] == [0, 1, 2]
    assert "Panic" in outcome.faults[0][1]
    assert len(list((tmp_path / "kept").iterdir())) == 3
    with no_longer(LONGEST):
        pass
