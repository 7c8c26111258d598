"""Claims of figs. 2 to 4: 4x4 Bars.

ebmbench run suites/paper/fig2-4.yaml
"""

from claims import Claim, Values, difference

from ebmbench.summary.statistics import interval

DATA, LAST = "bars4", 300
OTHERS = ("CD-10", "PCD-10", "Exact")
NEAR_ONE = 0.95
TARGET = 0.05  # mean Hamming distance that counts as learned
TRIED = (0, 1, 2, 3, 5, 8)


def claims(values: Values) -> list[Claim]:
    """Accessibility, epochs to learn, singular values."""
    return [*_accessible(values), *_rising(values), *_sooner(values), *_stand_out(values)]


def _accessible(values: Values) -> list[Claim]:
    names = {"gibbs_accessibility": "fig. 2a", "method_accessibility": "fig. 2b"}
    return [
        Claim(
            f"RAPID's accessibility is near 1 from the first epoch ({figure})",
            f"{metric} after epoch 1",
            values.mean(DATA, "RAPID", metric, 1),
            NEAR_ONE,
        )
        for metric, figure in names.items()
    ]


def _rising(values: Values) -> list[Claim]:
    metric = "gibbs_accessibility"
    return [
        Claim(
            f"{name}'s accessibility rises (fig. 2a)",
            f"{metric} after epoch {LAST} less that after epoch 1",
            difference(values.of(DATA, name, metric, LAST), values.of(DATA, name, metric, 1)),
        )
        for name in OTHERS
    ]


def _sooner(values: Values) -> list[Claim]:
    return [
        Claim(
            f"RAPID learns test images in fewer epochs than {name} (fig. 3)",
            f"epochs until hamming.test < {TARGET}, {name} less RAPID; a miss counts as {LAST}",
            difference(_epochs_needed(values, name), _epochs_needed(values, "RAPID")),
        )
        for name in OTHERS
    ]


def _epochs_needed(values: Values, method: str) -> dict[int, float]:
    """seed -> the first epoch measured below the target."""
    needed: dict[int, float] = {}
    for epoch in values.epochs(DATA, method, "hamming.test"):
        for seed, value in values.of(DATA, method, "hamming.test", epoch).items():
            if value < TARGET:
                needed.setdefault(seed, epoch)
    seeds = values.of(DATA, method, "hamming.test", LAST)
    return {seed: needed.get(seed, LAST) for seed in seeds}


def _stand_out(values: Values) -> list[Claim]:
    return [
        Claim(
            f"four singular values stand out: {name} (fig. 4)",
            f"s4/s5 after epoch {LAST} less the largest of s5/s6, s6/s7, s7/s8",
            interval(list(_lead(values, name).values())),
        )
        for name in ("RAPID", *OTHERS)
    ]


def _lead(values: Values, method: str) -> dict[int, float]:
    """seed -> by how much the step after the fourth value exceeds those that follow."""
    s = [values.of(DATA, method, f"spectrum.{i}", LAST) for i in range(4, 9)]
    return {
        seed: s[0][seed] / s[1][seed] - max(s[i][seed] / s[i + 1][seed] for i in (1, 2, 3))
        for seed in s[0]
        if all(each.get(seed, 0.0) > 0 for each in s)
    }
