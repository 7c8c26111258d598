"""What a dataset loads is looked at before anything is trained on it."""

import pytest
import torch

from ebmbench import Splits
from ebmbench.plan.data_rules import fault_of

ROWS = torch.ones(2, 5, 6)
SOUND = Splits(ROWS, ROWS[:, :2], (2, 3), torch.zeros(6, dtype=torch.bool))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"train": [[1.0]]}, "train is a list, not a tensor"),
        ({"train": ROWS[0]}, "train is (5, 6), not (2, N, 6)"),
        ({"train": ROWS[:1]}, "train is (1, 5, 6), not (2, N, 6)"),
        ({"test": ROWS[..., :5]}, "test is (2, 5, 5), not (2, N, 6)"),
        ({"test": ROWS[:, :0]}, "test is (2, 0, 6), not (2, N, 6) with at least one row"),
        ({"train": ROWS.double()}, "train is torch.float64, not torch.float32"),
        ({"test": ROWS * 0}, "test holds 0, 0, 0 where spins are +1 or -1"),
        ({"train": ROWS * torch.nan}, "train holds nan, nan, nan where spins"),
        ({"keep": torch.zeros(6)}, "keep is (6,) torch.float32, not (6,) bool"),
        ({"keep": torch.zeros(5, dtype=torch.bool)}, "keep is (5,) torch.bool, not (6,) bool"),
        ({"image": (3, 3)}, "the image has 3 x 3 pixels, where rows have 6 units"),
    ],
)
def test_what_cannot_be_trained_on_is_told(changed, says):
    assert says in fault_of(SOUND._replace(**changed), 2)


def test_what_can_is_not():
    assert fault_of(SOUND, 2) is None
