"""What the site makes of committed reports: a gallery, leaderboards, a page per method.

All of it is written when the site is built, from the files under ``reports/`` and from the code;
nothing here is kept by hand.
"""
