"""Claims of fig. 5: 12x12 Bars and Stripes.

ebmbench run suites/paper/fig5.yaml
"""

from claims import Claim, Values, difference

DATA, METHOD = "bas12", "RAPID"
TOGETHER = 0.01  # a difference of distances that counts as none


def claims(values: Values) -> list[Claim]:
    """Train and test distance fall, and fall together."""
    last = max(values.epochs(DATA, METHOD, "hamming.test"))
    end, start = (
        {part: values.of(DATA, METHOD, f"hamming.{part}", epoch) for part in ("train", "test")}
        for epoch in (last, 0)
    )
    fall = [
        Claim(
            f"the {part} distance falls",
            f"hamming.{part} before training less that after epoch {last}",
            difference(start[part], end[part]),
        )
        for part in ("train", "test")
    ]
    together = Claim(
        "train and test fall together",
        f"hamming.test less hamming.train after epoch {last}",
        difference(end["test"], end["train"]),
        -TOGETHER,
        TOGETHER,
    )
    return [*fall, together]
