from .file import StudyFile, stated_language
from .frozen import score_file
from .previous import awaited, go_on
from .road import Study
from .starter import begin, draft_tree

__all__ = ["Study", "StudyFile", "awaited", "begin", "draft_tree", "go_on", "score_file", "stated_language"]
