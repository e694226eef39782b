"""White and coloured noise: what flows in each step, its statistics, and the membranes that it drives.

Moments are allowed 3.3 standard errors of independent Gaussian samples."""

import math
import unittest

import numpy as np

from simulated import ValidationTest, network, neuron, simulate

C_M, G_L, E_L = 250.0, 25.0, -70.0
TAU_M = C_M / G_L


def passive(size, **params):
    """A linear membrane that never fires."""
    return neuron("lif", size, C_m=C_M, g_L=G_L, E_L=E_L, V_th=1e6, V_reset=E_L, **params)


def run(duration, inputs, size, dt=0.1, record=(), every=None, seed=4, **population):
    """One passive population `n` under inputs; V_m and what else is recorded of it."""
    config = network(
        duration,
        {"n": {**passive(size), **population}},
        dt,
        [("n", variable) for variable in ("V_m", *record)],
        seed=seed,
        inputs=[{"target": "n", **entry} for entry in inputs],
    )
    for trace in config["record"]["traces"]:
        trace["every"] = every or dt
    return simulate(config)


def currents_of(V, dt):
    """The current of each step that leads from one potential to the next, exactly."""
    decay = math.exp(-dt / TAU_M)
    return (V[1:] - E_L - (V[:-1] - E_L) * decay) / (1 - decay) * G_L


def conductances_of(V, dt):
    """The same of a conductance whose reversal potential is E_L: it speeds up the decay."""
    return -C_M / dt * np.log((V[1:] - E_L) / (V[:-1] - E_L)) - G_L


class NoiseTest(ValidationTest):
    def assert_normal(self, x, mean, std, what):
        """Mean, variance and third moment of independent Gaussian numbers."""
        z = (np.asarray(x).ravel() - mean) / std
        error = 3.3 / math.sqrt(z.size)
        self.assert_within(z.mean(), 0, error, f"{what}: mean")
        self.assert_within((z**2).mean(), 1, error * math.sqrt(2), f"{what}: variance")
        self.assert_within((z**3).mean(), 0, error * math.sqrt(15), f"{what}: third moment")

    def assert_correlation(self, x, y, expected, what):
        """Of independent pairs; the standard error of a correlation r is (1 - r^2) / sqrt(n), at r near 1 that of the sum
        of rounding and 1 - r."""
        r = np.corrcoef(x.ravel(), y.ravel())[0, 1]
        self.assert_within(r, expected, 3.3 * (1 - expected**2) / math.sqrt(x.size) + 1e-12, what)


class WhiteNoise(NoiseTest):
    def test_steps(self):
        """Each step has a Gaussian of its own, of standard deviation sigma sqrt(tau / dt)."""
        white = {"type": "white_noise", "mean": 30.0, "sigma": 80.0, "tau": 2.0, "start": 1.0, "stop": 101.0}
        for dt in [0.05, 0.5]:
            current = currents_of(run(102, [white], 100, dt).trace("n"), dt)
            first, last = round(1 / dt), round(101 / dt)
            self.assert_close(current[:first], np.zeros((first, 100)), 1e-8)
            self.assert_close(current[last:], np.zeros((first, 100)), 1e-8)
            current = current[first:last]
            self.assert_normal(current, 30, 80 * math.sqrt(2 / dt), f"dt {dt}")
            self.assert_correlation(current[1:], current[:-1], 0, "successive steps")
            self.assert_correlation(current[:, 1:], current[:, :-1], 0, "neighbours")

    def test_variance_of_a_membrane(self):
        """var V = (sigma / C_m)^2 tau tau_m / 2, on a grid times tanh(x) / x with x = dt / 2 tau_m: 1 - 2e-4 at dt 0.5 ms.
        The start, 12 tau_m before, is forgotten but for exp(-12)."""
        sigma, tau = 500.0, 1.0
        for dt in [0.05, 0.1, 0.5]:
            white = {"type": "white_noise", "sigma": sigma, "tau": tau}
            V = run(120, [white], 20000, dt, every=120).trace("n")[-1]
            x = dt / (2 * TAU_M)
            variance = (sigma / C_M) ** 2 * tau * TAU_M / 2 * math.tanh(x) / x
            self.assert_normal(V, E_L, math.sqrt(variance), f"dt {dt}")

    def test_conductance(self):
        white = {"type": "white_conductance", "mean": 10.0, "sigma": 4.0, "tau": 3.0, "E_rev": E_L}
        g = conductances_of(run(50, [white], 200, init={"V_m": -20.0}).trace("n"), 0.1)
        self.assert_normal(g, 10, 4 * math.sqrt(3 / 0.1), "conductance")
        self.assert_correlation(g[1:], g[:-1], 0, "successive steps")


class Integrators(NoiseTest):
    def test_conductance_noise_follows_ito_or_stratonovich(self):
        """A linear membrane, V' = -(1 + R g) V / tau around its reversal potential: with a = 1 / tau and s = R sigma
        sqrt(tau_w) / tau, dV = -a V dt - s V dW. Over a step of independent noise the mean of V is multiplied by
        1 - a dt (euler_maruyama: Ito, e^-at), 1 - a dt + (a^2 dt^2 + s^2 dt) / 2 (heun) or e^(-a dt + s^2 dt / 2)
        (exponential_euler: Stratonovich). V is lognormal: its variance is (e^(s^2 t) - 1) times the squared mean."""
        dt, t, size, tau, sigma, tau_w = 0.1, 10.0, 10000, 10.0, 1.5, 2.0
        a, s2 = 1 / tau, (sigma / tau) ** 2 * tau_w
        factors = {
            "euler_maruyama": 1 - a * dt,
            "heun": 1 - a * dt + (a**2 * dt**2 + s2 * dt) / 2,
            "exponential_euler": math.exp(-a * dt + s2 * dt / 2),
        }
        linear = {"V_rest": -70.0, "V_T": 1000.0, "Delta_T": 1.0, "V_th": 900.0, "V_reset": -70.0, "R": 1.0, "tau": tau}
        white = {"type": "white_conductance", "target": "n", "sigma": sigma, "tau": tau_w, "E_rev": -70.0}
        for method, factor in factors.items():
            population = {**neuron("exp_if", size, init={"V_m": -60.0}, **linear), "integrator": method}
            config = network(t, {"n": population}, dt, [("n", "V_m")], seed=9, inputs=[white])
            V = simulate(config).trace("n")[-1] + 70
            mean = 10 * factor ** round(t / dt)
            spread = mean * math.sqrt(math.exp(s2 * t) - 1)
            self.assert_within(V.mean(), mean, 3.3 * spread / math.sqrt(size), method)


class OrnsteinUhlenbeck(NoiseTest):
    def check_process(self, x, mean, std, tau, dt=0.1):
        """Stationary from the start, with the correlation exp(-lag / tau); neurons are independent."""
        for step in [0, 1, 50, 400]:
            self.assert_normal(x[step], mean, std, f"step {step}")
        for lag in [1, 10, 50, 200]:
            self.assert_correlation(x[100], x[100 + lag], math.exp(-lag * dt / tau), f"lag {lag}")
        self.assert_correlation(x[400, 1:], x[400, :-1], 0, "neighbours")

    def test_current(self):
        """A step gets the recorded value at its start."""
        ou = {"type": "ou_current", "name": "bg", "mean": 40.0, "std": 90.0, "tau": 5.0}
        results = run(40, [ou], 5000, record=["bg.I"])
        current = results.trace("n", "bg.I")
        self.check_process(current, 40, 90, 5.0)
        self.assert_close(currents_of(results.trace("n"), 0.1), current[:-1], 1e-8)

    def test_steps_of_other_lengths(self):
        """The same process on a coarse grid, steps as long as its time constant."""
        ou = {"type": "ou_current", "name": "bg", "mean": 0.0, "std": 90.0, "tau": 2.0}
        current = run(8, [ou], 20000, 2.0, record=["bg.I"]).trace("n", "bg.I")
        self.assert_normal(current[4], 0, 90, "current")
        for lag in [1, 2]:
            self.assert_correlation(current[0], current[lag], math.exp(-lag), f"lag {lag}")

    def test_conductance(self):
        """The process may be negative, what acts may not. A quarter of all steps is such."""
        ou = {"type": "ou_conductance", "name": "bg", "mean": 2.0, "std": 3.0, "tau": 5.0, "E_rev": E_L}
        results = run(40, [ou], 5000, record=["bg.g"], init={"V_m": -20.0})
        g = results.trace("n", "bg.g")
        self.check_process(g, 2, 3, 5.0)
        # V_m - E_L is rounded to 2^-46 of up to 0.4 mV at the end, which C_m / dt makes 1e-9 nS.
        self.assert_close(conductances_of(results.trace("n"), 0.1), np.maximum(g[:-1], 0), 1e-8)

    def test_constant_conductance(self):
        """Without spread it is a constant, beside receptors too: V_m relaxes to the mean of the reversal potentials."""
        ou = {"type": "ou_conductance", "mean": 15.0, "std": 0.0, "tau": 5.0, "E_rev": 0.0}
        receptor = {"syn": {"model": "exponential", "tau": 5.0}}
        V_inf, tau = G_L * E_L / (G_L + 15), C_M / (G_L + 15)
        expected = V_inf + (E_L - V_inf) * np.exp(-0.1 * np.arange(401) / tau)
        for receptors in [{}, {"receptors": receptor}]:
            V = run(40, [ou], 1, **receptors).trace("n")[:, 0]
            # The quotient in place of exp(-x), x = 0.016: x^5 / 720 of 70 mV a step, which add up over tau = 62 steps.
            self.assert_close(V, expected, 70 * 0.016**5 / 720 * 62)

    def test_window_and_selection(self):
        ou = {"type": "ou_current", "name": "bg", "mean": 50.0, "std": 9.0, "tau": 5.0, "start": 1.0, "stop": 3.0, "ids": "1-2"}
        results = run(5, [ou], 4, record=["bg.I"])
        I, flows = results.trace("n", "bg.I"), currents_of(results.trace("n"), 0.1)
        expected = np.zeros((50, 4))
        expected[10:30, 1:3] = I[10:30, 1:3]
        self.assert_close(flows, expected, 1e-8)
        self.assertTrue((I[:11] == I[0]).all() and (I[30:] == I[30]).all() and (I[10:30] != I[11:31]).all())

    def test_single_precision_is_the_same_process(self):
        ou = {"type": "ou_current", "name": "bg", "mean": 40.0, "std": 90.0, "tau": 5.0}
        config = network(40, {"n": passive(2000)}, 0.1, [("n", "bg.I")], "single", 8, inputs=[{"target": "n", **ou}])
        self.check_process(simulate(config).trace("n", "bg.I"), 40, 90, 5.0)


if __name__ == "__main__":
    unittest.main()
