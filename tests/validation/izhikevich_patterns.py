"""The twenty patterns of Izhikevich 2004, IEEE Trans. Neural Netw. 15:1063, figure 1: parameters and currents of the
author's figure1.m. That program takes Euler steps of 0.1 to 0.5 ms. Three panels owe their pattern to its steps, and
the solution of the equations does not show it: they are marked, and changed so far that it does."""

import unittest
from dataclasses import dataclass

import numpy as np

from membranes import MEMBRANES, Current, solve
from simulated import ValidationTest, network, neuron, simulate

DT = 0.1


@dataclass
class Pattern:
    """One panel: parameters, start, current, and the length of the stimulus in ms."""

    duration: float
    params: dict
    V: float
    current: Current
    u: float = None

    def init(self):
        return {"V_m": self.V, "u": self.params["b"] * self.V if self.u is None else self.u}


def step(at, amplitude, before=0.0):
    return Current([0.0, at], [before, amplitude])


def pulses(*each, base=0.0):
    """Of (begin, length, amplitude)."""
    times, amplitudes = [0.0], [base]
    for begin, length, amplitude in each:
        times += [begin, begin + length]
        amplitudes += [amplitude, base]
    return Current(times, amplitudes)


def ramp(begin, end, slope, start=0.0):
    """start + slope (t - begin), in steps of 1 ms with the value at their middle; start before, 0 after."""
    count = round(end - begin)
    before = ([0.0], [start]) if begin > 0 else ([], [])
    times = [*before[0], *[float(begin + k) for k in range(count)], float(begin + count)]
    return Current(times, [*before[1], *[start + slope * (k + 0.5) for k in range(count)], 0.0])


def then(first, second):
    """One current, and from the second time of the other on that."""
    return Current(first.times + second.times[1:], first.amplitudes + second.amplitudes[1:])


def izhikevich(a, b, c, d, **rest):
    return {"a": a, "b": b, "c": c, "d": d, **rest}


SLOW = {"p1": 4.1, "p0": 108.0}  # class 1 and the integrator have another parabola
# In accommodation u' = a b (V + 65): without decay, for which a (b V - u) needs a tiny rate, and u counted from 65 b.
TINY = 1e-7

PATTERNS = {
    "tonic spiking": Pattern(100, izhikevich(0.02, 0.2, -65, 6), -70, step(10, 14)),
    "phasic spiking": Pattern(200, izhikevich(0.02, 0.25, -65, 6), -64, step(20, 0.5)),
    "tonic bursting": Pattern(220, izhikevich(0.02, 0.2, -50, 2), -70, step(22, 15)),
    "phasic bursting": Pattern(200, izhikevich(0.02, 0.25, -55, 0.05), -64, step(20, 0.6)),
    "mixed mode": Pattern(160, izhikevich(0.02, 0.2, -55, 4), -70, step(16, 10)),
    "spike frequency adaptation": Pattern(85, izhikevich(0.01, 0.2, -65, 8), -70, step(8.5, 30)),
    "class 1 excitability": Pattern(300, izhikevich(0.02, -0.1, -55, 6, **SLOW), -60, ramp(30, 300, 0.075)),
    "class 2 excitability": Pattern(300, izhikevich(0.2, 0.26, -65, 0), -64, ramp(30, 300, 0.015, -0.5)),
    "spike latency": Pattern(100, izhikevich(0.02, 0.2, -65, 6), -70, pulses((10, 3, 7.04))),
    "subthreshold oscillations": Pattern(200, izhikevich(0.05, 0.26, -60, 0), -62, pulses((20, 5, 2))),
    "resonator": Pattern(400, izhikevich(0.1, 0.26, -60, -1), -62,
                         pulses((40, 4, 0.65), (60, 4, 0.65), (280, 4, 0.65), (320, 4, 0.65))),
    "integrator": Pattern(100, izhikevich(0.02, -0.1, -55, 6, **SLOW), -60,
                          pulses((9.1, 2, 9), (14.1, 2, 9), (70, 2, 9), (80, 2, 9))),
    "rebound spike": Pattern(200, izhikevich(0.03, 0.25, -60, 4), -64, pulses((20, 5, -15))),
    "rebound burst": Pattern(200, izhikevich(0.03, 0.25, -52, 0), -64, pulses((20, 5, -15))),
    "threshold variability": Pattern(100, izhikevich(0.03, 0.25, -60, 4), -64,
                                     pulses((10, 5, 1), (70, 5, -6), (80, 5, 1))),
    # The second pulse has to find the neuron at the right phase: at 216 ms in the program.
    "bistability": Pattern(300, izhikevich(0.1, 0.26, -60, 0), -61,
                           pulses((37.5, 5, 1.24), (208, 5, 1.24), base=0.24)),
    # With d = -21 a second spike follows unless steps are long.
    "depolarizing after-potential": Pattern(50, izhikevich(1.0, 0.2, -60, -18), -70, pulses((9, 2, 20))),
    "accommodation": Pattern(400, izhikevich(TINY, 0.02 / TINY, -55, 4, p0=140.0 - 1.3 / TINY), -65,
                             then(ramp(0, 200, 0.04), ramp(300, 312, 0.32)), u=-16.0 - 1.3 / TINY),
    "inhibition-induced spiking": Pattern(350, izhikevich(-0.02, -1, -60, 8), -63.8,
                                          pulses((50, 200, 75), base=80)),
    # With d = -2 a burst ends only where a step of 0.5 ms bounds its rate.
    "inhibition-induced bursting": Pattern(350, izhikevich(-0.026, -1, -45, 0), -63.8,
                                           pulses((50, 200, 75), base=80)),
}


def bursts(spikes, gap):
    """Spikes in groups that silences longer than the gap separate."""
    return np.split(spikes, np.flatnonzero(np.diff(spikes) > gap) + 1)


class Criteria:
    """What makes each panel what its title says; times in ms, V after each step of DT."""

    @staticmethod
    def tonic_spiking(t, _):
        gaps = np.diff(t)
        return len(t) >= 5 and abs(gaps[-1] / gaps[-2] - 1) < 0.05 and t[-1] > 100 - gaps[-1]

    @staticmethod
    def phasic_spiking(t, _):
        return len(t) == 1 and t[0] > 20

    @staticmethod
    def tonic_bursting(t, _):
        groups = bursts(t, 15)
        return len(groups) >= 4 and all(len(g) >= 4 for g in groups[:-1])

    @staticmethod
    def phasic_bursting(t, _):
        return len(t) >= 5 and len(bursts(t, 15)) == 1 and t[-1] < 100

    @staticmethod
    def mixed_mode(t, _):
        gaps = np.diff(t)
        return len(t) >= 6 and gaps[0] < 5 and (gaps[2:] > 25).all() and np.ptp(gaps[3:]) < 1

    @staticmethod
    def spike_frequency_adaptation(t, _):
        gaps = np.diff(t)
        return len(t) >= 6 and (np.diff(gaps) > 0).all() and gaps[-1] > 10 * gaps[0]

    @staticmethod
    def class_1_excitability(t, _):
        """Begins slowly, below 25 Hz, and speeds up with the ramp."""
        gaps = np.diff(t)
        return gaps[0] > 40 and (np.diff(gaps) < 0).all() and gaps[0] > 2.5 * gaps[-1]

    @staticmethod
    def class_2_excitability(t, _):
        """Begins at 50 Hz."""
        gaps = np.diff(t)
        return len(t) >= 10 and gaps[0] < 20 and (np.diff(gaps) < 0.15).all()

    @staticmethod
    def spike_latency(t, _):
        return len(t) == 1 and t[0] > 13 + 3

    @staticmethod
    def subthreshold_oscillations(t, V):
        V = V[round(35 / DT) :]
        peaks = V[1:-1][(V[1:-1] > V[:-2]) & (V[1:-1] >= V[2:])]
        return len(t) == 1 and len(peaks) >= 3 and (np.diff(peaks[:3]) < 0).all()

    @staticmethod
    def resonator(t, _):
        """Two pulses 40 ms apart make a spike, 20 ms apart they do not."""
        return len(t) == 1 and 320 < t[0] < 345

    @staticmethod
    def integrator(t, _):
        """Two pulses 5 ms apart make a spike, 10 ms apart they do not."""
        return len(t) == 1 and 14.1 < t[0] < 25

    @staticmethod
    def rebound_spike(t, _):
        return len(t) == 1 and t[0] > 25

    @staticmethod
    def rebound_burst(t, _):
        return len(t) >= 5 and t[0] > 25 and len(bursts(t, 15)) == 1 and t[-1] < 150

    @staticmethod
    def threshold_variability(t, _):
        """The same pulse makes a spike after inhibition only."""
        return len(t) == 1 and t[0] > 80

    @staticmethod
    def bistability(t, _):
        """One pulse begins what the next ends."""
        return len(t) >= 5 and 37.5 < t[0] < 50 and t[-1] < 208 and np.ptp(np.diff(t)) < 0.5

    @staticmethod
    def depolarizing_after_potential(t, V):
        """After the spike the potential comes back 5 mV above the reset, from where it falls to rest."""
        after = V[round(t[0] / DT) :]
        return len(t) == 1 and after[0] + 5 < after.max() < -50 and after[-1] < -65

    @staticmethod
    def accommodation(t, _):
        """A steep ramp to a current of 4 makes a spike, a slow one to 8 does not."""
        return len(t) == 1 and 300 < t[0] < 320

    @staticmethod
    def inhibition_induced_spiking(t, _):
        return len(t) >= 3 and t[0] > 60 and t[-1] < 260 and (np.diff(t) > 30).all()

    @staticmethod
    def inhibition_induced_bursting(t, _):
        groups = bursts(t, 15)
        return len(groups) >= 2 and all(len(g) >= 5 for g in groups) and t[0] > 60 and t[-1] < 275


def criterion(title):
    return getattr(Criteria, title.replace(" ", "_").replace("-", "_"))


class Patterns(ValidationTest):
    @classmethod
    def setUpClass(cls):
        populations, traces, inputs = {}, [], []
        for k, pattern in enumerate(PATTERNS.values()):
            name = f"p{k}"
            populations[name] = neuron("izhikevich", init=pattern.init(), **pattern.params)
            populations[name].update(integrator="rkf45", tolerance=1e-10)
            traces.append((name, "V_m"))
            times, amplitudes = pattern.current.times, pattern.current.amplitudes
            current = {"times": list(times), "amplitudes": list(amplitudes)}
            inputs.append({"type": "step_current", "target": name, **current})
        results = simulate(network(400, populations, DT, traces, inputs=inputs))
        cls.found = {}
        for k, (title, pattern) in enumerate(PATTERNS.items()):
            steps = results.spikes(f"p{k}")[0]
            last = round(pattern.duration / DT)
            cls.found[title] = steps[steps <= last], results.trace(f"p{k}")[: last + 1, 0]

    def test_criteria(self):
        for title, (steps, V) in self.found.items():
            with self.subTest(title):
                self.assertTrue(criterion(title)(DT * steps, V), f"spikes at {DT * steps} ms")

    def test_criteria_tell_patterns_apart(self):
        """No other pattern of as many spikes fulfils the criteria that do not name a time."""
        for title in ["tonic bursting", "phasic bursting", "mixed mode", "spike frequency adaptation",
                      "class 1 excitability", "class 2 excitability", "inhibition-induced bursting"]:
            for other, (steps, V) in self.found.items():
                if other != title and len(steps) > 4 and (title, other) != ("phasic bursting", "rebound burst"):
                    with self.subTest(f"{other} as {title}"):
                        self.assertFalse(criterion(title)(DT * steps, V))

    def test_against_the_solution(self):
        """Every spike in the step that the equations' solution gives, or beside it: where V_m meets the threshold on a
        point of the grid, the tolerance decides, and later spikes follow."""
        for title, pattern in PATTERNS.items():
            with self.subTest(title):
                exact = solve(MEMBRANES["izhikevich"], pattern.duration, (), pattern.current, pattern.init(), grid=DT,
                              tolerance=1e-11, **pattern.params)
                self.assert_close(self.found[title][0], np.rint(exact.spikes / DT), 1)


if __name__ == "__main__":
    unittest.main()
