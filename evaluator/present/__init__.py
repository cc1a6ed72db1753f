"""What is shown, before anything draws it: blocks, charts, number words, brands, and who reads them.

This room knows no renderer, no evaluation and no report; customer models make their views of it.
"""
