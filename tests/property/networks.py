"""The networks that must come out the same to the bit however they are run. A new one is one row."""

import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIGS = os.path.join(HERE, "..", "..", "configs")


class Network:
    """A config, settings that make it small and short, and the number of spikes below which it would prove little."""

    def __init__(self, name, config, spikes, settings=()):
        self.name, self.config, self.spikes = name, config, spikes
        self.settings = list(settings)


def shipped(name, scale, duration, spikes, population, variables):
    traces = f'[{{population: {population}, variables: {variables}, ids: "0-19", precision: double}}]'
    return Network(
        name,
        os.path.join(CONFIGS, f"{name}.yaml"),
        spikes,
        [f"variables.scale={scale}", f"simulation.duration={duration}", f"record.traces={traces}"],
    )


def duration_of(network):
    """In ms, as all networks here say it."""
    with open(network.config) as file:
        duration = yaml.safe_load(file)["simulation"]["duration"]
    for setting in network.settings:
        if setting.startswith("simulation.duration="):
            duration = setting.split("=")[1]
    number, unit = duration.split()
    assert unit == "ms", duration
    return float(number)


ZOO = Network("zoo", os.path.join(HERE, "zoo.yaml"), 5000)
MEMBRANES = Network("membranes", os.path.join(HERE, "membranes.yaml"), 2000)

# Delays of up to 2000 steps; the shortest is one step, in zoo_rare_exchange ten.
NETWORKS = [
    shipped("coba", 0.25, "50 ms", 500, "exc", "[V_m, gaba.g]"),
    shipped("brunel", 0.1, "60 ms", 1000, "inh", "[V_m]"),
    shipped("microcircuit", 0.02, "50 ms", 50, "L4E", "[V_m, I_ex]"),
    shipped("decision_making", 0.25, "60 ms", 50, "A", "[V_m, nmda.g, gate.s]"),
    shipped("cobahh", 0.25, "50 ms", 500, "inh", "[V_m, h, ampa.g]"),
    # The pulse begins at 100 ms.
    shipped("visual_areas", 0.1, "130 ms", 1000, "TEO_e", "[V_m, ampa.g]"),
    ZOO,
    MEMBRANES,
    Network("zoo_rare_exchange", ZOO.config, 20000, ["variables.d_min=1 ms", "simulation.duration=205 ms"]),
    Network(
        "zoo_fine_steps",
        ZOO.config,
        1500,
        ["simulation.dt=0.05 ms", "simulation.duration=20 ms", "variables.d_max=100 ms"],
    ),
]
