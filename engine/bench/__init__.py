"""How fast and how large: every figure measured, and every ratio taken against a reference timed in the same run.

A figure that is sampled several times is given as its median, with the 95th percentile beside it under the same name
with ``p95_`` in front. Reading order: ``plan`` (how many repeats), ``run`` (the order of things), then one module per
group of figures: ``window`` (start, open, delta, memory), ``batch``, ``network``, ``crf``, ``native``.

The window is measured in processes of its own that run ``diffseg_gui.bench``: the engine never imports the window.
"""
