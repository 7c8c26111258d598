"""How a verdict is reached, in Markdown."""

from __future__ import annotations

from ebmbench.summary.statistics import FEWEST_PAIRS

VERDICTS = f"""\
Methods are compared seed by seed with the baseline; a difference is always *method - baseline*.
**±** is the half-width of a 95 % Student-t interval over seeds, and (a to b) one that is not
symmetric: intervals end where the metric's range does. Where half or more of the seeds have one and
the same value, a standard deviation tells nothing of the others; then the interval is Clopper and
Pearson's, of the share of seeds that may differ, times the value's bound (the worst that any method
had on the dataset, untrained ones too; the end of its range, where those were not measured).
**(4 of 6)**: only so many of the seeds that ended well have the value; it is not ranked and not
judged.

**Better** or **worse**: *p*, from the paired t-test and as careful about tied values, is below 5 %
after Holm's correction, so that the interval of the difference beside it, at the level so
corrected, leaves out 0. **Equivalent**: that interval lies inside the suite's margin (without a
margin: no seed differs). **Inconclusive**: neither. Below {FEWEST_PAIRS} pairs there is **no
verdict**. What the opening sentences claim, on all datasets, is one family with the verdicts on the
judged value: some of it is wrong in at most one report of twenty; what they count along a sweep is
a family of its own. In the table of every value each line is a family of its own: among many lines
some false verdict is likely.

A **place** is the ranks that a method may have on the judged value: 1 and the number of methods
surely better, up to the number of all less those surely worse (Mogstad, Romano, Shaikh and Wilhelm
2024). All pairs of a dataset are one family: its places hold together with 95 %. Methods that are
not told apart share their places; a winner has the first alone.

**Lost seeds**, which diverged or failed, count against their method as its worst value: what it
would win by its other seeds alone is inconclusive. Means are over seeds that ended well; where a
target is to be reached, a seed that diverged never reaches it. **Sign flips** is a second opinion
that assumes nothing about the distribution, and decides nothing; it is given where it can reach 5 %
in its family. **Improvement** is the share of seeds on which the method is better.

**More seeds** is what would settle it with a chance of 80 %, should mean and spread stay as they
are: a guess, whose range comes from the spread alone. Adding seeds until a verdict is settled makes
9 to 11 % of verdicts false in place of 5 %: fix the number beforehand, and take what it gives."""
