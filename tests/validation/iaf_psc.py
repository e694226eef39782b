"""The exactly integrated neurons against closed forms: the sum of each input's response."""

import math
import unittest

import numpy as np

from simulated import ValidationTest, network, neuron, simulate

C_M, TAU_M, E_L = 250.0, 10.0, -70.0
EXACT = 1e-9  # mV: rounding of some hundred steps at 70 mV is 100 times less
SINGLE_ULP = 2.0**-17  # mV: of a float between 64 and 128


def dc_response(t, current):
    """Potential over E_L under a constant current that began at 0."""
    return current * TAU_M / C_M * -np.expm1(-t / TAU_M)


def exponential_response(t, weight, tau):
    """Convolution of the membrane with weight exp(-t/tau), in mV; 0 before the spike."""
    s = np.maximum(t, 0.0)
    if tau == TAU_M:
        return weight / C_M * s * np.exp(-s / tau)
    return weight / C_M * (np.exp(-s / TAU_M) - np.exp(-s / tau)) / (1 / tau - 1 / TAU_M)


def alpha_response(t, weight, tau):
    """Convolution of the membrane with weight e t/tau exp(-t/tau), in mV; 0 before the spike."""
    s = np.maximum(t, 0.0)
    slope = weight * math.e / tau / C_M
    if tau == TAU_M:
        return slope * s**2 / 2 * np.exp(-s / tau)
    rate = 1 / tau - 1 / TAU_M
    return slope * (np.exp(-s / TAU_M) - (1 + rate * s) * np.exp(-s / tau)) / rate**2


RESPONSES = {"iaf_psc_exp": exponential_response, "iaf_psc_alpha": alpha_response}


def run_one(model, duration, dt=0.1, spikes=(), precision="double", **params):
    """A neuron with spikes given as (time, weight, receptor). Returns times, potentials and the steps of spikes."""
    inputs = [
        {"type": "spikes", "target": "n", "receptor": receptor, "times": [time], "weight": weight}
        for time, weight, receptor in spikes
    ]
    config = network(duration, {"n": neuron(model, **params)}, dt, [("n", "V_m")], precision, inputs=inputs)
    results = simulate(config)
    V = results.trace("n")[:, 0]
    return dt * np.arange(len(V)), V, results.spikes("n")[0]


class ConstantCurrent(ValidationTest):
    def check_curve(self, model, dt):
        """V = -70 + 40 (1 - exp(-t/10)) reaches -55 at 10 ln(1.6) = 4.70004 ms; the spike is at the next grid point,
        the potential stays at the reset for 2 ms and the curve begins again."""
        t, V, spikes = run_one(model, 20, dt, I_e=1000)
        first = math.ceil(TAU_M * math.log(1.6) / dt)
        rest = round(2 / dt)
        self.assertEqual(list(spikes[:2]), [first, 2 * first + rest])
        self.assert_close(V[:first], E_L + dc_response(t[:first], 1000), EXACT)
        self.assertTrue((V[first : first + rest + 1] == E_L).all())
        self.assert_close(V[first + rest : 2 * first + rest], V[:first], EXACT)

    def test_curve_and_spikes(self):
        for model in ["iaf_psc_alpha", "iaf_psc_exp", "iaf_psc_delta"]:
            for dt in [0.1, 0.2, 0.5, 1.0]:
                with self.subTest(model=model, dt=dt):
                    self.check_curve(model, dt)

    def test_published_values(self):
        for model in ["iaf_psc_alpha", "iaf_psc_exp"]:
            _, V, spikes = run_one(model, 6, I_e=1000)
            self.assertEqual(list(spikes), [48])
            self.assert_within(V[1], -69.602, 5e-4)
            self.assert_within(V[47], -55.0001, 5e-5)

    def test_single_precision(self):
        """Each step rounds a few times, by half an ulp; the leak forgets after 100 steps."""
        for model in ["iaf_psc_alpha", "iaf_psc_exp", "iaf_psc_delta"]:
            t, V, spikes = run_one(model, 20, precision="single", I_e=300)
            self.assertEqual(len(spikes), 0)
            self.assert_close(V, E_L + dc_response(t, 300), 2 * 0.5 * SINGLE_ULP * 100)


class OneSpike(ValidationTest):
    def test_published_alpha(self):
        _, V, _ = run_one("iaf_psc_alpha", 7, spikes=[(3.0, 100, "ex")])
        for time, published in [(3.1, -69.9974), (4.0, -69.8108), (5.0, -69.4681), (5.7, -69.2383)]:
            self.assert_within(V[round(time / 0.1)], published, 5e-5, f"V({time})")

    def test_closed_form(self):
        """Also where both time constants are equal, or nearly so, and a naive closed form loses its digits."""
        for model, response in RESPONSES.items():
            for tau in [0.5, 2.0, 10.0, 25.0]:
                for dt in [0.1, 0.5]:
                    with self.subTest(model=model, tau=tau, dt=dt):
                        t, V, _ = run_one(model, 60, dt, [(3.0, 100, "ex")], tau_syn_ex=tau)
                        self.assert_close(V, E_L + response(t - 3.0, 100, tau), EXACT)

    def test_nearly_equal_time_constants(self):
        """The response is smooth in tau: a change of tau by 1e-9 of itself changes V by about as little."""
        for model, response in RESPONSES.items():
            t, V, _ = run_one(model, 60, 0.1, [(3.0, 100, "ex")], tau_syn_ex=TAU_M * (1 + 1e-9))
            self.assert_close(V, E_L + response(t - 3.0, 100, TAU_M), 1e-8)

    def test_sum_of_both_receptors(self):
        spikes = [(1.0, 200, "ex"), (1.5, -300, "in"), (1.5, 100, "ex"), (7.0, -50, "in")]
        taus = {"ex": 2.0, "in": 5.0}
        for model, response in RESPONSES.items():
            t, V, _ = run_one(model, 30, 0.1, spikes, tau_syn_ex=taus["ex"], tau_syn_in=taus["in"], I_e=100)
            expected = E_L + dc_response(t, 100) + sum(response(t - s, w, taus[r]) for s, w, r in spikes)
            self.assert_close(V, expected, EXACT)

    def test_single_precision(self):
        for model, response in RESPONSES.items():
            t, V, _ = run_one(model, 60, 0.1, [(3.0, 100, "ex")], "single")
            self.assert_close(V, E_L + response(t - 3.0, 100, 2.0), 2 * 0.5 * SINGLE_ULP * 100)


class Jumps(ValidationTest):
    def test_closed_form(self):
        arrivals = [(1.0, 3.0), (2.5, 2.0), (2.5, 1.0), (6.0, -4.0)]
        for dt in [0.1, 0.5]:
            t, V, _ = run_one("iaf_psc_delta", 30, dt, [(s, w, "spikes") for s, w in arrivals], I_e=100)
            jumps = sum(np.where(t > s - dt / 2, w * np.exp(-(t - s) / TAU_M), 0) for s, w in arrivals)
            self.assert_close(V, E_L + dc_response(t, 100) + jumps, EXACT)

    def test_arrivals_are_lost_in_the_refractory_time(self):
        """A jump over the threshold fires at its arrival, step 10. Of the steps 11 to 30 nothing is left; what arrives
        at step 31 counts."""
        spikes = [(1.0, 20.0, "spikes"), (1.1, 5.0, "spikes"), (3.0, 5.0, "spikes"), (3.1, 5.0, "spikes")]
        t, V, fired = run_one("iaf_psc_delta", 10, 0.1, spikes)
        self.assertEqual(list(fired), [10])
        self.assertTrue((V[10:31] == E_L).all())
        self.assert_close(V[31:], E_L + 5 * np.exp(-(t[31:] - 3.1) / TAU_M), EXACT)

    def test_lif_with_delta_receptor_is_the_same_neuron(self):
        """g_L = C_m / tau_m: the two models differ by rounding only."""
        params = {"C_m": C_M, "E_L": E_L, "V_th": -55, "V_reset": -65, "t_ref": 1.5, "I_e": 350}
        rng = np.random.default_rng(4)
        times = [float(t) for t in np.sort(rng.integers(1, 2000, 600)) * 0.1]
        populations = {
            "psc": neuron("iaf_psc_delta", tau_m=TAU_M, **params),
            "lif": neuron("lif", receptors={"spikes": {"model": "delta"}}, g_L=C_M / TAU_M, **params),
        }
        drive = {"type": "spikes", "target": ["psc", "lif"], "receptor": "spikes", "times": times, "weight": 0.9}
        results = simulate(network(200, populations, 0.1, [("psc", "V_m"), ("lif", "V_m")], inputs=[drive]))
        spikes = results.spikes("psc")[0]
        self.assertGreater(len(spikes), 5)
        self.assertEqual(list(results.spikes("lif")[0]), list(spikes))
        self.assert_close(results.trace("lif")[:, 0], results.trace("psc")[:, 0], EXACT)


if __name__ == "__main__":
    unittest.main()
