"""Records made by hand or drawn from a seeded model of noisy runs, for the tests of metrics, comparison and report."""

from typing import Any

import numpy as np

from splitship_bench.records import Incumbent, Record

MACHINE = {"cpu": "test processor", "cores": 2, "memory_gb": 8.0, "system": "Linux", "versions": {"splitship": "0.1.0"}}
CENT = 10_000
BASE = {"splitship": 2.0, "highs": 20.0, "nearest": 0.02}
KIND = {"splitship": "ours", "highs": "solver", "nearest": "policy"}


def record(**changes: Any) -> Record:
    """A run that reached its gap: plan 110, bound 100, five seconds of sixty; `changes` replace fields."""
    values: dict[str, Any] = {
        "suite": "test",
        "instance": "calm-1k-n50-s1",
        "contender": "splitship",
        "kind": "ours",
        "version": "1",
        "options": {"gap": 0.0},
        "seed": 1,
        "threads": 2,
        "limit_s": 60.0,
        "repeat": 0,
        "status": "GAP_REACHED",
        "objective": 110,
        "bound": 100,
        "bound_source": "certificate",
        "currency": "USD",
        "seconds": {"read": 3.0, "total": 5.0},
        "verified": True,
        "machine": MACHINE,
    } | changes
    values.setdefault("instance_sha256", "sha-" + values["instance"])
    return Record(**values)


def failed(status: str, **changes: Any) -> Record:
    """A run without a plan that counts."""
    none = {"objective": None, "bound": None, "bound_source": "none", "verified": False, "seconds": {}}
    return record(status=status, **(none | changes))


def simulated(
    seed: int,
    *,
    instances: int = 4,
    contenders: tuple[str, ...] = ("splitship", "highs"),
    repeats: int = 3,
    noise: float = 0.05,
    reference_noise: float = 0.03,
    slower: float = 1.0,
    drift: float = 0.2,
) -> list[Record]:
    """A file of runs on a machine whose speed differs from file to file (`drift`) and wanders during a file.

    Times are lognormal around a base that depends on instance and contender only, times `slower`; the reference job
    sees the machine's speed with its own noise.
    """
    rng = np.random.default_rng(seed)
    speed = float(rng.normal(0, drift))
    records = []
    for repeat in range(repeats):
        for number in range(instances):
            for contender in contenders:
                speed += float(rng.normal(0, 0.01))
                factor = float(np.exp(speed))
                seconds = BASE[contender] * 2**number * slower * factor * float(np.exp(rng.normal(0, noise)))
                reference = factor * float(np.exp(rng.normal(0, reference_noise)))
                records.append(simulated_run(contender, number, repeat, seconds, reference))
    return records


def simulated_run(contender: str, number: int, repeat: int, seconds: float, reference: float) -> Record:
    """One run of a seeded file: instance `number` has 1,000 x 2^number orders and costs 12.50 an order."""
    orders = 1000 * 2**number
    best = orders * 1250 * CENT
    family = ("calm", "peak")[number % 2]
    policy = KIND[contender] == "policy"
    plan = best * 3 // 2 if policy else best
    bound = None if policy else best * 999 // 1000
    steps: list[Incumbent] = []
    if not policy:
        steps = [
            (seconds * share, round(best * (1 + over)), None if under is None else round(best * (1 - under)))
            for share, over, under in (
                (0.05, 0.30, None), (0.2, 0.10, 0.05), (0.5, 0.01, 0.01), (0.8, 0.003, 0.002), (1.0, 0.0, 0.001)
            )
        ]  # fmt: skip
    return record(
        instance=f"{family}-{orders // 1000}k-n50-s1",
        contender=contender,
        kind=KIND[contender],
        repeat=repeat,
        limit_s=600.0,
        status="DONE" if policy else "GAP_REACHED",
        objective=plan,
        bound=bound,
        bound_source="none" if policy else "solver" if contender == "highs" else "certificate",
        gap=None if bound is None else (plan - bound) / plan,
        options={"gap": 0.001},
        seconds={"read": 0.5, "total": seconds},
        incumbents=steps,
        peak_memory_mb=200.0 + orders / 50,
        counts={
            "orders": orders, "lines": 2 * orders, "units": 3 * orders, "packages": orders * 6 // 5,
            "split_orders": orders // 5, "late_packages": orders // 100, "unfilled_units": orders // 50,
        },
        reference_job_s=reference,
    )  # fmt: skip
