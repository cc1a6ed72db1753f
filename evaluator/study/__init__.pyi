from .file import StudyFile, stated_language
from .previous import awaited, go_on
from .scored_file import score_file
from .starter import begin, draft_tree
from .study import Study

__all__ = ["Study", "StudyFile", "awaited", "begin", "draft_tree", "go_on", "score_file", "stated_language"]
