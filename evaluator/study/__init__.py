"""One engagement's folder: what `study.yaml` says, and the road it walks."""

from evaluator.study.file import StudyFile
from evaluator.study.road import Study, score_file
from evaluator.study.starter import begin

__all__ = ["Study", "StudyFile", "begin", "score_file"]
