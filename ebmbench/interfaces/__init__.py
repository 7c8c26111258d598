"""What a plugin offers: one interface per family, the hooks, and who is installed.

Every tensor has the replica axis first: R independent models side by side. A trained model that
``run.model(...)`` returns is of one replica and a ``torch.nn.Module`` as any other. Plain torch
takes it like this::

    W, a, b = model.couplings()            # of two layers of spins; (1, V, H), biases or None
    dict(model.named_parameters())         # of any model, (1, ...) each
    F = model.free_energy(v.unsqueeze(0))  # v (N, V) of +1 and -1 -> (1, N), in nats
    model.state_dict()                     # parameters by name, (1, ...) each
"""
