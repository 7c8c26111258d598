"""Paired comparisons over seeds: intervals, tests and verdicts. scipy does the work.

With d_s = method_s - baseline_s over the n seeds s that both have:

    interval      mean(d) +- t(n-1, 97.5 %) sd(d) / sqrt(n)        (Student 1908)
    tied values   where half or more of a side's values, or of the differences, are one and the
                  same number, no narrower than Clopper and Pearson's share of unseen values
                  times the bound of the value allows              (Clopper and Pearson 1934)
    bounds        no interval leaves the range that the metric declares
    lost seeds    of a method that diverged or failed count as its worst value, against it only
    p             1 - level of the interval that just reaches 0: Student's t-test, paired
    family        step-down correction over what is judged at once; the interval shown is the one
                  at the level so corrected                        (Holm 1979)
    improvement   #{s: method better} / n, ties counting half      (Agarwal et al. 2021, paired)

The verdict goes by that p and that interval, and by nothing else:

    equivalent     the interval lies inside +-margin; with margin 0 only if the sides vary over
                   seeds and no seed differs
    better, worse  p < 5 %: the interval leaves out 0
    inconclusive   otherwise, and always below 3 pairs

Tied values. Five seeds that are all exactly 0 do not say that every seed is: if 40 % of all seeds
ended elsewhere, five in a row at 0 would still be met 8 times in 100. With 95 % up to 52 % of all
seeds may differ (1 - 0.025^(1/5)), by as much as the value's bound, and "better" is said only
where it holds with so many of them at the bound. The bound is the worst value that any method had
on the dataset at any moment, if untrained models were measured too: a seed that learns nothing is
no worse. Else it is the end of the metric's range, if it declares one. Equal numbers of the same
code (a comparison of a run with itself) are no chance, and pass.

Families. What the opening sentences of a report claim, on all its datasets, is one family with the
verdicts on the judged value: some of it is wrong in at most one report of twenty. Where a method is
picked after the fact, the best of K on another column, its p is first multiplied by K. In the
table of all values each line is a family of its own.

Places. All pairs of methods on the judged value of a dataset are one family of their own; with
95 % for all methods together, a method's place lies in [1 + #{surely better}, K - #{surely worse}]
(Mogstad, Romano, Shaikh and Wilhelm 2024). A pair that the opening sentences' family judges, too,
is told apart only where both families do: no place says more than the verdict beside it.

Erratic. Where two seeds of ten end far off, no test of means tells a method from the best, and it
shares the first place without being as good. Who may be first beside the best mean and has 10 times
its standard deviation or more, over 5 seeds at least, is called erratic in words: this decides
nothing, and the place stays.

A second opinion, where it can reach 5 % in its family (n >= 1 + log2(20 family): 6 pairs for one
comparison, 7 for 2 or 3, 8 for 4 to 6, 9 for 7 to 12): the share of the 2^n sign flips of d whose
mean is at least as far from 0 (Fisher 1935), corrected after Holm. It assumes nothing about the
distribution, and decides nothing.

More seeds. What would settle a comparison is a guess from a mean and a spread that are themselves
uncertain; its range is that of the spread alone (chi-square, 95 %). Who adds seeds until the
verdict is settled tests again and again, and spends error each time: 9 to 11 % of false verdicts in
place of 5 %. Decide on the number once, from the guess, and take what it gives.
"""

from __future__ import annotations

from ebmbench.summary.statistics.bounds import UNKNOWN, Better, Bounds
from ebmbench.summary.statistics.comparison import Comparison, Question, Verdict, compare, judge
from ebmbench.summary.statistics.digits import in_digits
from ebmbench.summary.statistics.erratic import FEWEST_FOR_SPREAD, WIDER, Erratic, erratic
from ebmbench.summary.statistics.evidence import FEWEST_PAIRS, LOST, Evidence, evidence
from ebmbench.summary.statistics.holm import holm
from ebmbench.summary.statistics.interval import LEVEL, Interval, interval
from ebmbench.summary.statistics.mean import hidden_share
from ebmbench.summary.statistics.median import FEWEST_FOR_MEDIAN, median
from ebmbench.summary.statistics.more_seeds import (
    MOST_SEEDS,
    POWER,
    More,
    more_to_differ,
    more_to_lie_within,
)
from ebmbench.summary.statistics.places import Place, places, told_apart
from ebmbench.summary.statistics.sign_flip import RESAMPLES, fewest_for_sign_flips

__all__ = [
    "FEWEST_FOR_MEDIAN",
    "FEWEST_FOR_SPREAD",
    "FEWEST_PAIRS",
    "LEVEL",
    "LOST",
    "MOST_SEEDS",
    "POWER",
    "RESAMPLES",
    "UNKNOWN",
    "WIDER",
    "Better",
    "Bounds",
    "Comparison",
    "Erratic",
    "Evidence",
    "Interval",
    "More",
    "Place",
    "Question",
    "Verdict",
    "compare",
    "erratic",
    "evidence",
    "fewest_for_sign_flips",
    "hidden_share",
    "holm",
    "in_digits",
    "interval",
    "judge",
    "median",
    "more_to_differ",
    "more_to_lie_within",
    "places",
    "told_apart",
]
