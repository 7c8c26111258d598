"""Updates that are recorded once and replayed: the same bits as updates made one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.interfaces.choice import Choice
from ebmbench.numerics.trees import leaves
from ebmbench.running.blocks.update import Update
from ebmbench.training.batches import Batching
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import KEPT, WARM, Recorder, Recording, recorder_for
from ebmbench.training.stopwatch import PHASES, Stopwatch
from ebmbench.training.streams import Streams
from ebmbench.training.train import train
from ebmbench_gibbs import CD, PCD, RBM, TorchKernel
from ebmbench_rapid import PID, RARBM
from support.pretended_gpu import pretended_gpu, record
from support.suites import plan
from support.two_layer import random_spins, splits_of

R, N, V, H = 2, 11, 5, 7  # N: the last batch of three is a smaller one
KERNEL = TorchKernel(TorchKernel.Options())
TRAININGS = {
    "CD-2": (RBM, {"bias": True}, CD, {"k": 2}, {"name": "sgd", "lr": 0.1}),
    "CD-1, momentum": (RBM, {}, CD, {}, {"name": "sgd", "lr": 0.1, "momentum": 0.5}),
    "PCD-2": (RBM, {"bias": True}, PCD, {"k": 2, "chains": 13}, {"name": "adam", "lr": 0.01}),
    "PCD-1, decay": (RBM, {}, PCD, {"chains": 3}, {"name": "adam", "lr": 0.1, "decay": 0.5}),
    "PCD-1, by epoch": (
        RBM, {}, PCD, {"chains": 3}, {"name": "adam", "lr": 0.1, "bias_correction": "epoch"}
    ),
    "CD-1, cossim": (
        RBM, {"bias": True}, CD, {"k": 1}, {"name": "cossim", "lr": 0.1, "delta": 0.1}
    ),
    "PCD-1, natural": (
        RBM, {"bias": True}, PCD, {"chains": 13},
        {"name": "natural", "lr": 0.1, "damping": 0.1, "iterations": 3}
    ),
    "PCD-1, acp": (
        RBM, {"bias": True}, PCD, {"chains": 13, "acp": {"threshold": 0.01, "every": 2}},
        {"name": "sgd", "lr": 0.1}
    ),
    "PCD-2, centred": (
        RBM, {"bias": True}, PCD, {"k": 2, "chains": 13},
        {"name": "sgd", "lr": 0.1, "gradient": {"name": "centred", "offsets": "average"}},
    ),
    "RAPID": (RARBM, {"patterns": 3}, PID, {}, {"name": "sgd", "lr": 0.02}),
    "RAPID, 2 steps": (RARBM, {"patterns": 3}, PID, {"k": 2}, {"name": "rmsprop", "lr": 0.02}),
}  # fmt: skip


@pytest.fixture
def gpu():
    with pretended_gpu() as device:
        yield device


def trained(name, device, recorder=None, epochs=3):
    """The parameters, the sampler's state and the steps of all streams after a training."""
    model_of, options, sampler_of, sampler_options, optimizer = TRAININGS[name]
    model = model_of(
        model_of.Options(hidden=H, **options), V, Noise(range(R), "init", device=device)
    )
    sampler = sampler_of(sampler_of.Options(**sampler_options), KERNEL)
    data = splits_of(random_spins(R, N, V).to(device), random_spins(R, 1, V).to(device))
    streams = Streams.of(range(R), "data", name, device)
    states = []

    def observe(epoch, update, state, is_last):
        states.append([part.cpu() for part in leaves(state)])
        return True

    optimizer = Optimizer(model, OptimizerOptions(**optimizer))
    learner = Learner(model, sampler, optimizer, data, streams, recorder)
    train(learner, Batching(size=3), epochs, Stopwatch(device), observe)
    return [each.detach().cpu() for each in model.parameters()], states, [n.step for n in streams]


@pytest.mark.parametrize("name", TRAININGS)
def test_replayed_updates_are_the_same_to_the_last_bit(name, gpu):
    expected = trained(name, gpu)
    recorder = Recorder(record)
    found = trained(name, gpu, recorder)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)
    assert recorder.recordings, "nothing was recorded"


@pytest.mark.parametrize("name", TRAININGS)
def test_whole_updates_in_one_replay_are_the_same_to_the_last_bit(name, gpu, monkeypatch):
    monkeypatch.setattr("ebmbench.training.replay.PHASED", 2)
    expected = trained(name, gpu)
    recorder = Recorder(record)
    found = trained(name, gpu, recorder)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)
    shares = [each.shares for each in recorder.recordings.values() if each.shares]
    assert shares, "none was replayed as one"
    assert all(sum(each) == pytest.approx(1) and min(each) > 0 for each in shares)


def test_what_cannot_be_recorded_whole_is_replayed_phase_by_phase(gpu, monkeypatch):
    monkeypatch.setattr("ebmbench.training.replay.PHASED", 2)
    name = "PCD-2"

    def record_phases(work):
        if work.__name__ == "_all_phases":
            raise RuntimeError("out of memory")
        return record(work)

    expected, recorder = trained(name, gpu), Recorder(record_phases)
    with pytest.warns(RuntimeWarning, match="cannot be recorded whole: .*out of memory"):
        found = trained(name, gpu, recorder)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)
    assert recorder.recordings
    assert not any(each.shares for each in recorder.recordings.values())


@pytest.mark.parametrize("name", TRAININGS)
def test_a_gpu_learns_what_a_cpu_learns(name, gpu):
    recorder = Recorder(record)
    on_gpu, gpu_states, gpu_steps = trained(name, gpu, recorder, epochs=1)
    assert recorder.recordings
    on_cpu, cpu_states, cpu_steps = trained(name, torch.device("cpu"), epochs=1)
    torch.testing.assert_close(on_gpu, on_cpu)
    torch.testing.assert_close(gpu_states, cpu_states, rtol=0, atol=0)
    assert gpu_steps == cpu_steps


class Asking(CD):
    """A sampler that looks at its chains, and says that it may be recorded all the same."""

    def particles(self, model, batch, state, noise):
        found = super().particles(model, batch, state, noise)
        assert float(found[0].v.sum()) < 1e9
        return found


class Growing(PCD):
    """A sampler whose chains become more."""

    def particles(self, model, batch, state, noise):
        particles, chains = super().particles(model, batch, state, noise)
        return particles, chains._replace(v=torch.cat([chains.v, chains.v[:, :1]], 1))


@pytest.mark.parametrize(
    ("wrong", "why"), [(Asking, "not permitted"), (Growing, "changes in more")]
)
def test_what_cannot_be_recorded_is_done_update_by_update(wrong, why, gpu, monkeypatch):
    monkeypatch.setitem(TRAININGS, "wrong", (RBM, {}, wrong, {}, {"name": "sgd", "lr": 0.1}))
    expected = trained("wrong", gpu)
    recorder = Recorder(record)
    with pytest.warns(RuntimeWarning, match=f"cannot be recorded.*{why}"):
        found = trained("wrong", gpu, recorder)
    assert not recorder.recordings
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_draws_of_the_cpu_cannot_be_recorded(gpu):
    noise = Noise(range(R), "x", device=gpu)
    with noise.recorded(), pytest.raises(RuntimeError, match="cannot be recorded"):
        noise.normal(3, 5)
    assert noise.step == 0


def test_draws_from_given_odds_can_be_recorded(gpu):
    """Fair coins, and spins whose field is worth what it says: no copy from the CPU."""
    noise, its = Noise(range(R), "x", device=gpu), Noise(range(R), "x")
    field, drawn = torch.linspace(-1, 1, V).expand(R, 3, V), []
    there = field.to(gpu)
    with noise.recorded() as draws:
        replay = record(lambda: drawn.extend([noise.coins(3, V), noise.spins(there, 0.7)]))
    for _ in range(2):
        noise.replay(draws)
        replay()
        for mine, theirs in zip(drawn, [its.coins(3, V), its.spins(field, 0.7)], strict=True):
            assert torch.equal(mine.cpu(), theirs)


def test_an_update_that_is_measured_has_been_recorded(gpu, tmp_path, monkeypatch):
    monkeypatch.setattr("ebmbench.training.replay.cuda_graph", record)
    recipe = next(c.recipe for c in plan(tmp_path).cells if c.recipe.method_name == "CD-2")
    recipe = replace(recipe, device=str(gpu), kernel=Choice(TorchKernel, TorchKernel.Options()))
    update = Update(recipe, range(R))
    update.until_recorded()
    recording = update.learner.phases
    assert isinstance(recording, Recording)
    assert recording.shares
    watch = Stopwatch(gpu)
    update.make(watch)
    assert {phase: len(laps) for phase, laps in watch.laps.items()} == dict.fromkeys(PHASES, 1)


def parts(device, name="adam", kernel=KERNEL):
    """A model, a sampler and an optimiser on a device."""
    model = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init", device=device))
    optimizer = Optimizer(model, OptimizerOptions(name=name, lr=0.1))
    return model, CD(CD.Options(), kernel), optimizer


class Silent(TorchKernel):
    """A kernel that does not say whether it may be recorded."""

    replayable = False


def test_only_what_says_that_it_can_is_recorded(gpu):
    assert recorder_for(*parts(gpu), gpu)
    assert recorder_for(*parts(gpu, name="sgd"), gpu)
    assert not recorder_for(*parts(gpu, name="adagrad"), gpu)  # it counts its steps on the CPU
    assert not recorder_for(*parts(gpu, kernel=Silent(Silent.Options())), gpu)


def test_on_a_cpu_nothing_is_recorded():
    assert not recorder_for(*parts(torch.device("cpu")), torch.device("cpu"))


def test_no_more_than_a_few_recordings_are_kept(gpu):
    recorder = Recorder(record)
    data = splits_of(*2 * [random_spins(R, 1, V)])
    learner = Learner(*parts(gpu), data, Streams.of(range(R), "d", "m", gpu), recorder)
    for rows in range(1, KEPT + 3):
        for _ in range(WARM + 1):
            learner.take(Particles(random_spins(R, rows, V).to(gpu)), 1)
            learner.phases.data()
            learner.phases.negative()
            learner.phases.step()
    assert len(recorder.recordings) == KEPT
