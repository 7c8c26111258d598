"""Fashion-MNIST."""

from __future__ import annotations

from ebmbench_data.fetch import Mirror
from ebmbench_data.idx_dataset import IDXDataset


class FashionMNIST(IDXDataset):
    """Pieces of clothing: 60,000 images of 28x28 to train on, 10,000 to test.

    Xiao, Rasul and Vollgraf 2017, made to stand in for MNIST: the same files, sizes and options.
    """

    name = "fashion-mnist"
    cites = ("xiao2017",)
    mirror = Mirror(
        name="fashion-mnist",
        url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        digests={
            "train-images-idx3-ubyte.gz": (
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            "train-labels-idx1-ubyte.gz": (
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ),
        },
    )
