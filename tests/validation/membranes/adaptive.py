"""Integrate-and-fire membranes: what the potential does below the threshold, and what a spike resets."""

import numpy as np

from .gated import upward
from .solution import Membrane


# Fourcaud-Trocme et al. 2003, J. Neurosci. 23:11628, eq. 3 with a resistance R.
def _exp_if(y, J, p):
    V = y[0]
    return [(-(V - p["E_L"]) + p["Delta_T"] * np.exp((V - p["V_T"]) / p["Delta_T"]) + p["R"] * J) / p["tau_m"]]


# The same with an adaptation current.
def _adex(y, J, p):
    V, w = y
    return [*_exp_if(y, J - w, p), (p["a"] * (V - p["E_L"]) - w) / p["tau_w"]]


# Brette & Gerstner 2005, J. Neurophysiol. 94:3637, eqs. 1, 2.
def _aeif(y, J, p):
    V, w = y
    upstroke = p["g_L"] * p["Delta_T"] * np.exp((V - p["V_th"]) / p["Delta_T"])
    return [(-p["g_L"] * (V - p["E_L"]) + upstroke - w + J) / p["C_m"], (p["a"] * (V - p["E_L"]) - w) / p["tau_w"]]


# Latham et al. 2000, J. Neurophysiol. 83:808: a parabola through rest and through the point of no return.
def _quadratic(y, J, p):
    V = y[0]
    return [(p["c"] * (V - p["E_L"]) * (V - p["V_c"]) + p["R"] * J) / p["tau_m"]]


# Izhikevich 2003, IEEE Trans. Neural Netw. 14:1569, in the parameters of the quadratic membrane.
def _adaptive_quadratic(y, J, p):
    V, w = y
    return [*_quadratic(y, J - w, p), (p["a"] * (V - p["E_L"]) - w) / p["tau_w"]]


# Izhikevich 2003, eqs. 1 to 3.
def _izhikevich(y, J, p):
    V, u = y
    return [0.04 * V * V + 5.0 * V + 140.0 - u + J, p["a"] * (p["b"] * V - u)]


# Mihalas & Niebur 2009, Neural Comput. 21:704, eqs. 2.1, 2.2.
def _gif(y, J, p):
    V, V_th, I_1, I_2 = y
    return [
        (-(V - p["E_L"]) + p["R"] * (J + I_1 + I_2)) / p["tau_m"],
        p["a"] * (V - p["E_L"]) - p["b"] * (V_th - p["V_th_inf"]),
        -p["k_1"] * I_1,
        -p["k_2"] * I_2,
    ]


def _gif_reset(y, p):
    V, V_th, I_1, I_2 = y
    return [p["V_reset"], max(p["V_th_reset"], V_th), p["R_1"] * I_1 + p["A_1"], p["R_2"] * I_2 + p["A_2"]]


# Bellec et al. 2020, Nat. Commun. 11:3625, eqs. 6 to 8 in continuous time: the threshold is above rest by V_th - E_L.
def _alif(y, J, p):
    V, a = y
    return [(-(V - p["E_L"]) + p["R"] * J) / p["tau_m"], -a / p["tau_a"]]


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
        {"E_L": -65.0, "V_reset": -68.0, "V_th": -55.0, "V_T": -59.9, "Delta_T": 3.48, "R": 1.0, "tau_m": 10.0, "t_ref": 0.0,
         "I_e": 0.0},
        _exp_if,
        upward(),
        lambda y, p: [p["V_reset"]],
        lambda p: [p["E_L"]],
    ),
    "adex": Membrane(
        ("V_m", "w"),
        {"E_L": -65.0, "V_reset": -68.0, "V_th": -55.0, "V_T": -59.9, "Delta_T": 3.48, "R": 1.0, "tau_m": 10.0, "a": 1.0, "b": 1.0,
         "tau_w": 30.0, "t_ref": 0.0, "I_e": 0.0},
        _adex,
        upward(),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["E_L"], 0.0],
    ),
    "aeif": Membrane(
        ("V_m", "w"),
        {"C_m": 281.0, "g_L": 30.0, "E_L": -70.6, "V_th": -50.4, "Delta_T": 2.0, "a": 4.0, "tau_w": 144.0, "b": 80.5,
         "V_peak": 0.0, "V_reset": -60.0, "t_ref": 0.0, "I_e": 0.0},
        _aeif,
        upward("V_peak"),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["E_L"], 0.0],
    ),
    "quadratic_if": Membrane(
        ("V_m",),
        {"E_L": -65.0, "V_reset": -68.0, "V_th": -30.0, "V_c": -50.0, "c": 0.07, "R": 1.0, "tau_m": 10.0, "t_ref": 0.0, "I_e": 0.0},
        _quadratic,
        upward(),
        lambda y, p: [p["V_reset"]],
        lambda p: [p["E_L"]],
    ),
    "adaptive_quadratic_if": Membrane(
        ("V_m", "w"),
        {"E_L": -65.0, "V_reset": -68.0, "V_th": -30.0, "V_c": -50.0, "c": 0.07, "R": 1.0, "tau_m": 10.0, "a": 1.0, "b": 0.1,
         "tau_w": 10.0, "t_ref": 0.0, "I_e": 0.0},
        _adaptive_quadratic,
        upward(),
        lambda y, p: [p["V_reset"], y[1] + p["b"]],
        lambda p: [p["E_L"], 0.0],
    ),
    "izhikevich": Membrane(
        ("V_m", "u"),
        {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0, "V_th": 30.0, "I_e": 0.0},
        _izhikevich,
        upward(),
        lambda y, p: [p["c"], y[1] + p["d"]],
        lambda p: [p["c"], p["b"] * p["c"]],
    ),
    "gif": Membrane(
        ("V_m", "V_th", "I_1", "I_2"),
        {"E_L": -70.0, "V_reset": -70.0, "V_th_inf": -50.0, "V_th_reset": -60.0, "R": 20.0, "tau_m": 20.0, "a": 0.0, "b": 0.01,
         "k_1": 0.2, "k_2": 0.02, "R_1": 0.0, "R_2": 1.0, "A_1": 0.0, "A_2": 0.0, "I_e": 0.0},
        _gif,
        lambda y, p: y[0] - y[1],
        _gif_reset,
        lambda p: [p["E_L"], p["V_th_inf"], 0.0, 0.0],
    ),
    "alif": Membrane(
        ("V_m", "a"),
        {"E_L": -70.0, "V_th": -60.0, "beta": 1.6, "R": 1.0, "tau_m": 20.0, "tau_a": 2000.0, "t_ref": 0.0, "I_e": 0.0},
        _alif,
        lambda y, p: y[0] - p["V_th"] - p["beta"] * y[1],
        lambda y, p: [y[0] - (p["V_th"] - p["E_L"]), y[1] + 1.0],
        lambda p: [p["E_L"], 0.0],
    ),
}
