"""Integrate-and-fire membranes: what the potential does below the threshold, and what a spike resets."""

import numpy as np

from .gated import upward
from .solution import Membrane


# Fourcaud-Trocme et al. 2003, J. Neurosci. 23:11628, eq. 3 with a resistance R.
def _exp_if(y, J, p):
    V = y[0]
    return [(-(V - p["V_rest"]) + p["Delta_T"] * np.exp((V - p["V_T"]) / p["Delta_T"]) + p["R"] * J) / p["tau"]]


# The same with an adaptation current.
def _adex(y, J, p):
    V, w = y
    return [*_exp_if(y, J - w, p), (p["a"] * (V - p["V_rest"]) - w) / p["tau_w"]]


# Brette & Gerstner 2005, J. Neurophysiol. 94:3637, eqs. 1, 2.
def _aeif(y, J, p):
    V, w = y
    upstroke = p["g_L"] * p["Delta_T"] * np.exp((V - p["V_th"]) / p["Delta_T"])
    return [(-p["g_L"] * (V - p["E_L"]) + upstroke - w + J) / p["C_m"], (p["a"] * (V - p["E_L"]) - w) / p["tau_w"]]


# Latham et al. 2000, J. Neurophysiol. 83:808: a parabola through rest and through the point of no return.
def _quadratic(y, J, p):
    V = y[0]
    return [(p["c"] * (V - p["V_rest"]) * (V - p["V_c"]) + p["R"] * J) / p["tau"]]


# Izhikevich 2003, IEEE Trans. Neural Netw. 14:1569, in the parameters of the quadratic membrane.
def _adaptive_quadratic(y, J, p):
    V, w = y
    return [_quadratic(y, J, p)[0] - w / p["tau"], (p["a"] * (V - p["V_rest"]) - w) / p["tau_w"]]


# Izhikevich 2003, eqs. 1 to 3.
def _izhikevich(y, J, p):
    V, u = y
    return [p["p2"] * V * V + p["p1"] * V + p["p0"] - u + J, p["a"] * (p["b"] * V - u)]


def _izhikevich_rest(p):
    """The lower root of V' = u' = 0 without current."""
    V = min(np.roots([p["p2"], p["p1"] - p["b"], p["p0"]]).real)
    return [V, p["b"] * V]


# Mihalas & Niebur 2009, Neural Comput. 21:704, eqs. 2.1, 2.2.
def _gif(y, J, p):
    V, V_th, I_1, I_2 = y
    return [
        (-(V - p["V_rest"]) + p["R"] * (J + I_1 + I_2)) / p["tau"],
        p["a"] * (V - p["V_rest"]) - p["b"] * (V_th - p["V_th_inf"]),
        -p["k1"] * I_1,
        -p["k2"] * I_2,
    ]


def _gif_reset(y, p):
    V, V_th, I_1, I_2 = y
    return [p["V_reset"], max(p["V_th_reset"], V_th), p["R1"] * I_1 + p["A1"], p["R2"] * I_2 + p["A2"]]


# Bellec et al. 2020, Nat. Commun. 11:3625, in continuous time: the threshold is above rest by V_th - V_rest.
def _alif(y, J, p):
    V, a = y
    return [(-(V - p["V_rest"]) + p["R"] * J) / p["tau"], -a / p["tau_a"]]


MEMBRANES = {
    "lif": Membrane(
        ("V_m",),
        {"C_m": 250.0, "g_L": 16.6667, "E_L": -70.0, "V_th": -55.0, "V_reset": -60.0, "t_ref": 2.0, "I_e": 0.0},
        lambda y, J, p: [(-p["g_L"] * (y[0] - p["E_L"]) + J) / p["C_m"]],
        upward(),
        lambda y, p: [p["V_reset"]],
        lambda p: [p["E_L"]],
    ),
    "exp_if": Membrane(
        ("V_m",),
        {"V_rest": -65.0, "V_reset": -68.0, "V_th": -55.0, "V_T": -59.9, "Delta_T": 3.48, "R": 1.0, "tau": 10.0,
         "t_ref": 0.0, "I_e": 0.0},
        _exp_if,
        upward(),
        lambda y, p: [p["V_reset"]],
        lambda p: [p["V_rest"]],
        ceiling="V_th",
    ),
    "adex": Membrane(
        ("V_m", "w"),
        {"V_rest": -65.0, "V_reset": -68.0, "V_th": -55.0, "V_T": -59.9, "Delta_T": 3.48, "R": 1.0, "tau": 10.0,
         "a": 1.0, "b": 1.0, "tau_w": 30.0, "t_ref": 0.0, "I_e": 0.0},
        _adex,
        upward(),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["V_rest"], 0.0],
        ceiling="V_th",
    ),
    "aeif": Membrane(
        ("V_m", "w"),
        {"C_m": 281.0, "g_L": 30.0, "E_L": -70.6, "V_th": -50.4, "Delta_T": 2.0, "a": 4.0, "tau_w": 144.0,
         "b": 80.5, "V_peak": 0.0, "V_reset": -60.0, "t_ref": 0.0, "I_e": 0.0},
        _aeif,
        upward("V_peak"),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["E_L"], 0.0],
        ceiling="V_peak",
    ),
    "quadratic_if": Membrane(
        ("V_m",),
        {"V_rest": -65.0, "V_reset": -68.0, "V_th": -30.0, "V_c": -50.0, "c": 0.07, "R": 1.0, "tau": 10.0,
         "t_ref": 0.0, "I_e": 0.0},
        _quadratic,
        upward(),
        lambda y, p: [p["V_reset"]],
        lambda p: [p["V_rest"]],
        ceiling="V_th",
    ),
    "adaptive_quadratic_if": Membrane(
        ("V_m", "w"),
        {"V_rest": -65.0, "V_reset": -68.0, "V_th": -30.0, "V_c": -50.0, "c": 0.07, "R": 1.0, "tau": 10.0,
         "a": 1.0, "b": 0.1, "tau_w": 10.0, "t_ref": 0.0, "I_e": 0.0},
        _adaptive_quadratic,
        upward(),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["V_rest"], 0.0],
        ceiling="V_th",
    ),
    "izhikevich": Membrane(
        ("V_m", "u"),
        {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0, "p0": 140.0, "p1": 5.0, "p2": 0.04, "V_th": 30.0,
         "t_ref": 0.0, "I_e": 0.0},
        _izhikevich,
        upward(),
        lambda y, p: [p["c"], y[1] + p["d"]],
        _izhikevich_rest,
        ceiling="V_th",
    ),
    "gif": Membrane(
        ("V_m", "V_th", "I1", "I2"),
        {"V_rest": -70.0, "V_reset": -70.0, "V_th_inf": -50.0, "V_th_reset": -60.0, "R": 20.0, "tau": 20.0,
         "a": 0.0, "b": 0.01, "k1": 0.2, "k2": 0.02, "R1": 0.0, "R2": 1.0, "A1": 0.0, "A2": 0.0, "I_e": 0.0},
        _gif,
        lambda y, p: y[0] - y[1],
        _gif_reset,
        lambda p: [p["V_rest"], p["V_th_inf"], 0.0, 0.0],
    ),
    "alif": Membrane(
        ("V_m", "a"),
        {"V_rest": -70.0, "V_th": -60.0, "beta": 1.6, "R": 1.0, "tau": 20.0, "tau_a": 2000.0, "t_ref": 0.0,
         "I_e": 0.0},
        _alif,
        lambda y, p: y[0] - p["V_th"] - p["beta"] * y[1],
        lambda y, p: [y[0] - (p["V_th"] - p["V_rest"]), y[1] + 1.0],
        lambda p: [p["V_rest"], 0.0],
    ),
}
