#!/usr/bin/python3
"""Prints the config of a network of 16 areas with one constant delay for each pair of areas.

32,000 neurons with 200 incoming synapses each: 40 excitatory and 10 inhibitory ones from the neuron's own area, 10 excitatory
ones from each other area. Many projections with few synapses each, where what is kept for each row of a table counts most.
The areas are driven by Poisson input and fire at about 10 Hz. Usage: scaling/networks/areas.py > areas.yaml
"""

AREAS, EXC, INH = 16, 1600, 400


def delay(source, target):
    """ms; longer for areas that are farther apart on a line."""
    return 1.5 if source == target else 2.0 + 1.2 * abs(source - target) + 0.1 * ((3 * source + 5 * target) % 8)


def projection(source, target, kind, degree, receptor, weight, delay_ms):
    return (f"  - {{source: {kind}{source}, target: [e{target}, i{target}], receptor: {receptor}, rule: fixed_indegree, "
            f"indegree: {degree}, weight: {weight}, delay: {delay_ms:.1f} ms}}")


def main():
    print("name: areas")
    print("simulation: {duration: 1 s, dt: 0.1 ms, seed: 42, precision: double}")
    print("populations:")
    for area in range(AREAS):
        if area == 0:
            print(f"  e0:\n    size: {EXC}\n    model: lif")
            print("    params: {C_m: 200 pF, g_L: 10 nS, E_L: -65 mV, V_th: -50 mV, V_reset: -65 mV, t_ref: 3 ms}")
            print("    init: {V_m: {normal: {mean: -58 mV, std: 4 mV}}}")
            print("    receptors:")
            print("      exc: {model: exponential, tau: 5 ms}")
            print("      inh: {model: exponential, tau: 10 ms}")
        else:
            print(f"  e{area}: {{like: e0}}")
        print(f"  i{area}: {{like: e0, size: {INH}}}")
    print("inputs:")
    names = ", ".join(f"{kind}{area}" for area in range(AREAS) for kind in "ei")
    print(f"  - {{type: poisson, target: [{names}], receptor: exc, rate: 2200 Hz, weight: 14 pA}}")
    print("projections:")
    for target in range(AREAS):
        for source in range(AREAS):
            own = source == target
            print(projection(source, target, "e", 40 if own else 10, "exc", "10 pA", delay(source, target)))
            if own:
                print(projection(source, target, "i", 10, "inh", "-150 pA", 1.5))
    print(f"record:\n  spikes: [{names}]")
    print("output: results/areas")


main()
