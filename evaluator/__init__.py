"""Customer value evaluation: indicator trees, expert judgment, scoring, classes and client reports.

The road, each step a function from frozen values to frozen values::

    tree     = ev.load_tree("customer_value")
    ev.write_questionnaires(tree, experts, folder)
    panel    = ev.read_judgments(folder, tree)
    weights  = ev.weigh(tree, panel)
    measures = ev.measure(tables, tree)
    model    = ev.fit(tree, weights, measures)
    result   = ev.score(model, measures)
    ev.explain(model, measures, "C001")
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
