from .rendering import Part as Part
from .rendering import overall_page as overall_page
from .rendering import page as page
