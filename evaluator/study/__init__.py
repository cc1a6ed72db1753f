"""One engagement's folder: what `study.yaml` says, and the road it walks."""

from evaluator.study.file import StudyFile
from evaluator.study.outputs import score_file
from evaluator.study.previous import awaited, go_on
from evaluator.study.road import Study
from evaluator.study.starter import begin, draft_tree

__all__ = ["Study", "StudyFile", "awaited", "begin", "draft_tree", "go_on", "score_file"]
