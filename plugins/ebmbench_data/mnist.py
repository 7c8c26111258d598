"""MNIST."""

from __future__ import annotations

from ebmbench_data.fetch import Mirror
from ebmbench_data.idx_dataset import IDXDataset


class MNIST(IDXDataset):
    """Handwritten digits: 60,000 images of 28x28 to train on, 10,000 to test.

    LeCun, Bottou, Bengio and Haffner 1998. Pozas-Kerstjens et al. 2021 (figs. 6, 7) make a pixel
    a spin up where it is above 0.3 of full scale. Files in ``folder`` or ``$EBMBENCH_DATA`` may
    hold fewer images; those that are fetched are checked by their SHA-256.
    """

    name = "mnist"
    cites = ("lecun1998",)
    mirror = Mirror(
        name="mnist",
        url="https://ossci-datasets.s3.amazonaws.com/mnist/",
        digests={
            "train-images-idx3-ubyte.gz": (
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
            ),
            "train-labels-idx1-ubyte.gz": (
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
            ),
        },
    )
