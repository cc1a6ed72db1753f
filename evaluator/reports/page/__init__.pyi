from .rendering import Part as Part
from .rendering import page as page
