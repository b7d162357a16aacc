"""Evaluation against annotations: how good the masks are, for whom, how sure that is, and what ambiguity tells.

Reading order: ``score`` (one image), ``uncertainty``, ``baselines`` and ``groups`` (what is asked of it), ``bootstrap``
(how sure), ``report`` (the figures of all images), ``page`` (the same as HTML, with pictures).
"""
