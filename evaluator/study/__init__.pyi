from .file import StudyFile, stated_language
from .outputs import save_comparison
from .previous import awaited, go_on
from .saved_evaluation import kept_evaluation
from .scored_file import score_file
from .starter import begin, draft_tree
from .study import Study

__all__ = [
    "Study",
    "StudyFile",
    "awaited",
    "begin",
    "draft_tree",
    "go_on",
    "kept_evaluation",
    "save_comparison",
    "score_file",
    "stated_language",
]
