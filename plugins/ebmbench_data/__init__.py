"""Datasets: made up, embedded, published, and a user's own."""

from ebmbench import Dataset, hookimpl
from ebmbench_data.bars import Bars
from ebmbench_data.bas import BarsAndStripes
from ebmbench_data.coins import Coins
from ebmbench_data.debd import DEBD
from ebmbench_data.digits import Digits
from ebmbench_data.fashion_mnist import FashionMNIST
from ebmbench_data.haplotypes import Haplotypes
from ebmbench_data.ising import Ising
from ebmbench_data.mnist import MNIST
from ebmbench_data.modes import Modes
from ebmbench_data.msa import MSA
from ebmbench_data.npz import NPZ
from ebmbench_data.text import Text


@hookimpl
def ebmbench_datasets() -> list[type[Dataset]]:
    made = [Bars, BarsAndStripes, Coins, Modes, Ising, Haplotypes]
    published = [Digits, MNIST, FashionMNIST, DEBD]
    own = [NPZ, Text, MSA]
    return [*made, *published, *own]
