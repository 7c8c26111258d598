import torch

from ebmbench import Particles, Sampler, hookimpl


class MeanField(Sampler):
    """<dF>_model one mean-field step from the batch (Welling and Hinton 2002)."""

    name = "mean-field"

    def particles(self, model, batch, state, noise):
        m = torch.tanh(model.visible_field(torch.tanh(model.hidden_field(batch.v))))
        return Particles(m.detach(), log_weight=batch.log_weight), state


@hookimpl
def ebmbench_samplers():
    return [MeanField]
