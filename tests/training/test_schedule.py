from ebmbench.training.schedule import Epochs, Every, epochs_of


def test_log_steps_are_even_on_a_log_axis_and_end_at_the_last_epoch():
    assert sorted(epochs_of("log", 300)) == [
        0, 1, 2, 3, 5, 7, 10, 20, 30, 50, 70, 100, 200, 300,
    ]  # fmt: skip
    assert max(epochs_of("log", 11)) == 11


def test_every_n_begins_before_training_and_ends_at_the_last_epoch():
    assert sorted(epochs_of(Every(every=4), 10)) == [0, 4, 8, 10]


def test_listed_epochs_past_the_end_are_left_out():
    assert sorted(epochs_of(Epochs(epochs=[0, 7, 100]), 10)) == [0, 7, 10]
