"""Claims of section 5.2: digits told apart from hidden units.

EBMBENCH_DATA=folder ebmbench run suites/paper/classification.yaml
"""

from claims import Claim, Values, difference

DATA = "mnist"
PUBLISHED = {  # accuracy and twice what follows the +- where there is one, else 0.2 %
    ("RAPID", "train"): (0.9547, 0.0038),
    ("RAPID", "test"): (0.9384, 0.0038),
    ("RBM-300", "train"): (0.9301, 0.002),
    ("RBM-300", "test"): (0.9204, 0.002),
}


def claims(values: Values) -> list[Claim]:
    """The paper's four accuracies, and which model is ahead; RAPID is in the text's setting."""
    last = max(values.epochs(DATA, "RAPID", "features.test"))
    same = [
        Claim(
            f"{method}: {100 * share:.2f} % of the {part} images",
            f"features.{part} after epoch {last}",
            values.mean(DATA, method, f"features.{part}", last),
            share - around,
            share + around,
        )
        for (method, part), (share, around) in PUBLISHED.items()
    ]
    ahead = Claim(
        "the RA-RBM's features are the better ones",
        f"features.test after epoch {last}, RAPID less RBM-300",
        difference(
            values.of(DATA, "RAPID", "features.test", last),
            values.of(DATA, "RBM-300", "features.test", last),
        ),
    )
    return [*same, ahead]
