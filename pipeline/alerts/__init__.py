"""Alerts: what somebody should know this morning, said once, to the places that want it.

``signals`` finds what there is to say, ``wording`` puts it in words, ``said`` remembers what was
said, ``sending`` is the only one that knows apprise, and ``telling`` puts them in order.
"""
