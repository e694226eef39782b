"""Membranes with gated channels. mV, ms, and uA/cm2 with mS/cm2 and uF/cm2, or pA with nS and pF."""

import numpy as np
from scipy.special import exprel

from .solution import Membrane


def linear_over_exponential(x):
    """x / (1 - e^-x), 1 at 0."""
    return 1.0 / exprel(-x)


def upward(name="V_th"):
    return lambda y, p: y[0] - p[name]


def gate(alpha, beta, x):
    return alpha * (1.0 - x) - beta * x


def steady(alpha, beta):
    return alpha / (alpha + beta)


# Hodgkin & Huxley 1952, J. Physiol. 117:500, eqs. 12, 13, 20, 21, 23, 24, with V from -65 mV and its sign turned.
def _hh_rates(V):
    v = V + 65.0
    return {
        "m": (linear_over_exponential((v - 25.0) / 10.0), 4.0 * np.exp(-v / 18.0)),
        "h": (0.07 * np.exp(-v / 20.0), 1.0 / (np.exp((30.0 - v) / 10.0) + 1.0)),
        "n": (0.1 * linear_over_exponential((v - 10.0) / 10.0), 0.125 * np.exp(-v / 80.0)),
    }


# Traub & Miles 1991 as in Brette et al. 2007, J. Comput. Neurosci. 23:349, appendix B.
def _traub_rates(V, V_T):
    v = V - V_T
    return {
        "m": (1.28 * linear_over_exponential((v - 13.0) / 4.0), 1.4 * linear_over_exponential((40.0 - v) / 5.0)),
        "h": (0.128 * np.exp((17.0 - v) / 18.0), 4.0 / (1.0 + np.exp((40.0 - v) / 5.0))),
        "n": (0.032 * 5.0 * linear_over_exponential((v - 15.0) / 5.0), 0.5 * np.exp((10.0 - v) / 40.0)),
    }


# Wang & Buzsaki 1996, J. Neurosci. 16:6402.
def _wb_rates(V):
    return {
        "m": (linear_over_exponential(0.1 * (V + 35.0)), 4.0 * np.exp(-(V + 60.0) / 18.0)),
        "h": (0.07 * np.exp(-(V + 58.0) / 20.0), 1.0 / (np.exp(-0.1 * (V + 28.0)) + 1.0)),
        "n": (0.1 * linear_over_exponential(0.1 * (V + 34.0)), 0.125 * np.exp(-(V + 44.0) / 80.0)),
    }


def _sodium_potassium(rates):
    """Slopes of a membrane with m^3 h and n^4."""

    def slopes(y, J, p):
        V, m, h, n = y
        r = rates(V, p)
        I = p["g_Na"] * m**3 * h * (V - p["E_Na"]) + p["g_K"] * n**4 * (V - p["E_K"]) + p["g_L"] * (V - p["E_L"])
        return [(J - I) / p["C_m"], gate(*r["m"], m), gate(*r["h"], h), gate(*r["n"], n)]

    return slopes


def _wb_slopes(y, J, p):
    V, h, n = y
    r = _wb_rates(V)
    m = steady(*r["m"])
    I = p["g_Na"] * m**3 * h * (V - p["E_Na"]) + p["g_K"] * n**4 * (V - p["E_K"]) + p["g_L"] * (V - p["E_L"])
    return [(J - I) / p["C_m"], p["phi"] * gate(*r["h"], h), p["phi"] * gate(*r["n"], n)]


# Morris & Lecar 1981, Biophys. J. 35:193, eqs. 1, 9.
def _ml_W(V, p):
    return 0.5 * (1.0 + np.tanh((V - p["V_3"]) / p["V_4"]))


def _ml_slopes(y, J, p):
    V, W = y
    M = 0.5 * (1.0 + np.tanh((V - p["V_1"]) / p["V_2"]))
    I = p["g_Ca"] * M * (V - p["E_Ca"]) + p["g_K"] * W * (V - p["E_K"]) + p["g_L"] * (V - p["E_L"])
    return [(J - I) / p["C_m"], p["phi"] * np.cosh((V - p["V_3"]) / (2.0 * p["V_4"])) * (_ml_W(V, p) - W)]


# Pinsky & Rinzel 1994, J. Comput. Neurosci. 1:39, appendix: potentials counted from -60 mV.
def _pr_rates(V_s, V_d, Ca):
    v, u = V_s + 60.0, V_d + 60.0
    beta_0 = 2.0 * np.exp((6.5 - u) / 27.0)
    alpha_c = np.exp((u - 10.0) / 11.0 - (u - 6.5) / 27.0) / 18.975 if u <= 50.0 else beta_0
    return {
        "m": (1.28 * linear_over_exponential((v - 13.1) / 4.0), 1.4 * linear_over_exponential((40.1 - v) / 5.0)),
        "h": (0.128 * np.exp((17.0 - v) / 18.0), 4.0 / (1.0 + np.exp((40.0 - v) / 5.0))),
        "n": (0.016 * 5.0 * linear_over_exponential((v - 35.1) / 5.0), 0.25 * np.exp(0.5 - 0.025 * v)),
        "s": (1.6 / (1.0 + np.exp(-0.072 * (u - 65.0))), 0.02 * 5.0 * linear_over_exponential((51.1 - u) / 5.0)),
        "c": (alpha_c, beta_0 - alpha_c if u <= 50.0 else 0.0),
        "q": (min(2e-5 * Ca, 0.01), 0.001),
    }


def _pr_slopes(y, J, p):
    V_s, V_d, h, n, s, c, q, Ca = y
    r = _pr_rates(V_s, V_d, Ca)
    m = steady(*r["m"])
    I_Na = p["g_Na"] * m**2 * h * (V_s - p["E_Na"])
    I_K = p["g_K"] * n * (V_s - p["E_K"])
    I_Ca = p["g_Ca"] * s**2 * (V_d - p["E_Ca"])
    I_AHP = p["g_AHP"] * q * (V_d - p["E_K"])
    I_C = p["g_C"] * c * min(Ca / 250.0, 1.0) * (V_d - p["E_K"])
    soma = -p["g_L"] * (V_s - p["E_L"]) - I_Na - I_K + p["g_c"] / p["p"] * (V_d - V_s) + J / p["p"]
    outside = 1.0 - p["p"]
    dendrite = -p["g_L"] * (V_d - p["E_L"]) - I_Ca - I_AHP - I_C + (p["g_c"] * (V_s - V_d) + p["I_d"]) / outside
    gates = [gate(*r[k], x) for k, x in [("h", h), ("n", n), ("s", s), ("c", c), ("q", q)]]
    return [soma / p["C_m"], dendrite / p["C_m"], *gates, -0.13 * I_Ca - 0.075 * Ca]


def _at_rest(rates, gates):
    return lambda p: [p["E_L"], *[steady(*rates(p["E_L"], p)[g]) for g in gates]]


def _pr_initial(p):
    r = _pr_rates(p["E_L"], p["E_L"], 0.0)
    return [p["E_L"], p["E_L"], *[steady(*r[g]) for g in "hnscq"], 0.0]


MEMBRANES = {
    "hh": Membrane(
        ("V_m", "m", "h", "n"),
        {"C_m": 1.0, "g_Na": 120.0, "E_Na": 50.0, "g_K": 36.0, "E_K": -77.0, "g_L": 0.03, "E_L": -54.387,
         "V_th": 20.0, "I_e": 0.0},
        _sodium_potassium(lambda V, p: _hh_rates(V)),
        upward(),
        initial=_at_rest(lambda V, p: _hh_rates(V), "mhn"),
    ),
    "traub_hh": Membrane(
        ("V_m", "m", "h", "n"),
        {"C_m": 200.0, "g_Na": 20000.0, "E_Na": 50.0, "g_K": 6000.0, "E_K": -90.0, "g_L": 10.0, "E_L": -60.0,
         "V_T": -63.0, "V_th": -20.0, "I_e": 0.0},
        _sodium_potassium(lambda V, p: _traub_rates(V, p["V_T"])),
        upward(),
        initial=_at_rest(lambda V, p: _traub_rates(V, p["V_T"]), "mhn"),
    ),
    "wang_buzsaki": Membrane(
        ("V_m", "h", "n"),
        {"C_m": 1.0, "g_Na": 35.0, "E_Na": 55.0, "g_K": 9.0, "E_K": -90.0, "g_L": 0.1, "E_L": -65.0, "phi": 5.0,
         "V_th": 0.0, "I_e": 0.0},
        _wb_slopes,
        upward(),
        initial=_at_rest(lambda V, p: _wb_rates(V), "hn"),
    ),
    "morris_lecar": Membrane(
        ("V_m", "W"),
        {"C_m": 20.0, "g_Ca": 4.4, "E_Ca": 130.0, "g_K": 8.0, "E_K": -84.0, "g_L": 2.0, "E_L": -60.0,
         "V_1": -1.2, "V_2": 18.0, "V_3": 2.0, "V_4": 30.0, "phi": 0.04, "V_th": 10.0, "I_e": 0.0},
        _ml_slopes,
        upward(),
        initial=lambda p: [p["E_L"], _ml_W(p["E_L"], p)],
    ),
    "pinsky_rinzel": Membrane(
        ("V_m", "V_d", "h", "n", "s", "c", "q", "Ca"),
        {"C_m": 3.0, "g_Na": 30.0, "E_Na": 60.0, "g_K": 15.0, "E_K": -75.0, "g_Ca": 10.0, "E_Ca": 80.0,
         "g_AHP": 0.8, "g_C": 15.0, "g_L": 0.1, "E_L": -60.0, "g_c": 2.1, "p": 0.5, "V_th": -40.0, "I_e": 0.0,
         "I_d": 0.0},
        _pr_slopes,
        upward(),
        initial=_pr_initial,
    ),
}
