"""Values of the lifetime models by arithmetic of 25 digits, which the tests of `lifetime` compare with.

    pip install mpmath
    python benchmarks/lifetime_reference.py > tests/customers/models/lifetime/reference.json

Everything is computed from the papers' formulas, by series of positive terms and adaptive quadrature;
nothing of the package is used. Points are drawn from a seed, between and at the corners of what the
models are held to: r, s, a, b, p, q from 0.01 to 10,000, β/α from 1/1,000 to 1,000, up to 1,000 purchases.
Takes a few minutes.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any

import mpmath as mp

mp.mp.dps = 25
Point = dict[str, Any]
Function = Callable[[Any], Any]
CHANCE = random.Random(14)
CORNERS = [(r, s) for r in (0.01, 10_000.0) for s in (0.01, 10_000.0)] * 3


def spread(low: float, high: float, corners: tuple[float, ...] = ()) -> float:
    """Return a number between powers of ten, now and then one of the corners."""
    if corners and CHANCE.random() < 0.3:
        return CHANCE.choice(corners)
    return float(f"{10 ** CHANCE.uniform(low, high):.4g}")


def shape() -> float:
    return spread(-2, 4, (0.01, 1.0, 10_000.0))


def history() -> dict[str, float]:
    x = CHANCE.choice((0, 0, 1, 2, 10, 100, 1000))
    T = CHANCE.choice((0.5, 39.0, 1000.0, spread(-2, 3)))
    return {
        "x": x,
        "t_x": float(f"{T * CHANCE.choice((0.001, 0.1, 0.5, 0.999, 1)):.6g}") if x else 0.0,
        "T": T,
    }


def pareto_nbd(point: Point) -> Point:
    """Schmittlein, Morrison & Colombo (1987), ₂F₁ by its series of positive terms alone."""
    r, alpha, s, beta, x, t_x, T = (mp.mpf(value) for value in point.values())
    k = r + x
    lasting = mp.exp(-k * mp.log((alpha + T) / (alpha + t_x)) - s * mp.log((beta + T) / (beta + t_x)))
    quiet = stops_first(k, alpha + t_x, s, beta + t_x) + lasting * buys_first(k, alpha + T, s, beta + T)
    logs = mp.loggamma(k) - mp.loggamma(r) + r * mp.log(alpha) - k * mp.log(alpha + t_x)
    logs += s * mp.log(beta / (beta + t_x)) + mp.log(quiet)
    buys = k / (alpha + T)
    time, force = mp.mpf(52), mp.mpf("0.002")

    def worth(t: Any) -> Any:
        return buys * ((beta + T) / (beta + T + t)) ** s * mp.exp(-force * t)

    fallen = 1 - ((beta + T) / (beta + T + time)) ** (s - 1)
    return {
        "log_likelihood": logs,
        "p_alive": lasting / quiet,
        "purchases": buys * (beta + T) / (s - 1) * fallen
        if s != 1
        else buys * (beta + T) * mp.log1p(time / (beta + T)),
        "endless": over_decades(worth, mp.mpf(0), 80 / force),
    }


def stops_first(k: Any, a: Any, s: Any, b: Any) -> Any:
    """Return the chance that who buys at a rate ~ Gamma(k, a) and stops at one ~ Gamma(s, b) stops first."""
    if a >= b:
        return s / (s + k) * gauss(k, s + k + 1, 1 - b / a)
    return a / b * s / (s + k) * gauss(s + 1, s + k + 1, 1 - a / b)


def buys_first(k: Any, a: Any, s: Any, b: Any) -> Any:
    return stops_first(s, b, k, a)


def gauss(b: Any, c: Any, z: Any) -> Any:
    """Return ₂F₁(1, b; c; z) for 0 ≤ z < 1."""
    term = total = mp.mpf(1)
    n = 0
    while term > mp.mpf(10) ** -22 * total * (1 - z):
        term *= (b + n) / (c + n) * z
        total += term
        n += 1
    return total


def over_decades(f: Function, start: Any, end: Any) -> Any:
    """Integrate from start to end, by tenths of what is left: f may fall very fast at the start."""
    if start == end:
        return mp.mpf(0)
    return mp.quad(f, [start, *(start + (end - start) / mp.mpf(10) ** k for k in range(12, 0, -1)), end])


def bg_nbd(point: Point) -> Point:
    """Fader, Hardie & Lee (2005), equations (6) and (10), this before it is written with ₂F₁."""
    r, alpha, a, b, x, t_x, T = (mp.mpf(value) for value in point.values())
    k = r + x
    here = mp.beta(a, b + x) / mp.beta(a, b) * (alpha + T) ** -k
    gone = mp.beta(a + 1, b + x - 1) / mp.beta(a, b) * (alpha + t_x) ** -k if x else mp.mpf(0)
    time = mp.mpf(52)

    def purchases(p: Any) -> Any:
        return -mp.expm1(-k * mp.log1p(p * time / (alpha + T))) / p

    return {
        "log_likelihood": mp.loggamma(k) - mp.loggamma(r) + r * mp.log(alpha) + mp.log(here + gone),
        "p_alive": here / (here + gone),
        "purchases": beta_mean(purchases, k * time / (alpha + T), a, b + x),
    }


def beta_mean(f: Function, at_0: Any, a: Any, b: Any) -> Any:
    """Return the mean of f(p) over p ~ Beta(a, b), over the log odds of p; f(0) is its limit there."""
    log_b = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    middle, wide = mp.log(a / b), mp.sqrt(1 / a + 1 / b)
    low, high = (max(mp.mpf(-80), middle - 100 * max(wide, 1)), min(mp.mpf(80), middle + 100 * max(wide, 1)))
    near = [middle + j * min(2 * wide, 4) for j in range(-8, 9)]
    points = sorted({low, high, *(x for x in near if low < x < high), *mp.linspace(low, high, 13)})

    def weighted(x: Any) -> Any:
        return mp.exp(-a * mp.log1p(mp.exp(-x)) - b * mp.log1p(mp.exp(x)) - log_b) * f(1 / (1 + mp.exp(-x)))

    return (
        mp.quad(weighted, points)
        + at_0 * mp.exp(a * low - log_b) / a
        + f(mp.mpf(1)) * mp.exp(-b * high - log_b) / b
    )


def gamma_gamma(point: Point) -> Point:
    """Fader, Hardie & Lee (2005b): the density of a mean of x amounts."""
    p, q, gamma, x, m = (mp.mpf(value) for value in point.values())
    logs = mp.loggamma(p * x + q) - mp.loggamma(p * x) - mp.loggamma(q) + q * mp.log(gamma)
    logs += (p * x - 1) * mp.log(m) + p * x * mp.log(x) - (p * x + q) * mp.log(gamma + x * m)
    return {"log_likelihood": logs}


def contracts(point: Point) -> Point:
    """Fader & Hardie (2007), and the residual lifetime of (2010) as a mean over chances to leave."""
    a, b, renewals, step = (mp.mpf(value) for value in point.values())
    first = int(renewals > 0)

    def payments(p: Any) -> Any:
        return (step * (1 - p)) ** first / (1 - step * (1 - p))

    return {
        "survival": mp.beta(a, b + renewals) / mp.beta(a, b),
        "log_left": mp.log(mp.beta(a + 1, b + renewals) / mp.beta(a, b)),
        "payments": beta_mean(payments, payments(mp.mpf(0)), a, b + renewals),
    }


def points() -> Iterator[tuple[str, Function, Point]]:
    for k in range(120):
        alpha = spread(-1, 4)
        beta = alpha * (CHANCE.choice((0.001, 1.0, 1000.0)) if k % 3 == 0 else spread(-3, 3))
        yield (
            "pareto_nbd",
            pareto_nbd,
            {"r": shape(), "alpha": alpha, "s": shape(), "beta": beta, **history()},
        )
    yield (
        "pareto_nbd",
        pareto_nbd,
        {"r": 1.5, "alpha": 14.0, "s": 1000.0, "beta": 40_000.0, "x": 0, "t_x": 0.0, "T": 40.0},
    )
    for _ in range(30):
        yield (
            "bg_nbd",
            bg_nbd,
            {"r": shape(), "alpha": spread(-2, 4), "a": shape(), "b": shape(), **history()},
        )
    for _ in range(40):
        p, q, gamma = shape(), shape(), spread(-2, 6)
        m = p * gamma / max(q - 1, 0.5) * CHANCE.choice((0.1, 0.9, 1.0, 3.0))
        yield (
            "gamma_gamma",
            gamma_gamma,
            {"p": p, "q": q, "gamma": gamma, "x": CHANCE.choice((1, 2, 30, 1000)), "m": m},
        )
    for _ in range(24):
        renewals, step = CHANCE.choice((0, 1, 5, 100)), 1 / (1 + spread(-5, 1))
        yield "contracts", contracts, {"alpha": shape(), "beta": shape(), "renewals": renewals, "step": step}


def main() -> None:
    found: dict[str, list[Point]] = {}
    for name, function, point in points():
        values = {key: float(value) for key, value in function(point).items()}
        found.setdefault(name, []).append({**point, **values})
        print(name, len(found[name]), file=sys.stderr)
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in found.items()
    ]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
