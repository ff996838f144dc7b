"""Bytes that nobody would send: every answer is a status, never an exception, never a hang."""

from __future__ import annotations

import time

import numpy as np
import pytest
import stub_solver

from conftest import small_pack
from splitship.domain import SolveOptions
from splitship.run.protocol import Task
from splitship.run.worker import TaskContext
from splitship.service import jobs
from splitship.service.entry import JobSettings
from splitship.service.state import State
from splitship.service.to_messages import problem_message
from splitship.v1 import allocation_service_pb2 as api

EXPECTED = {"OK", "INVALID_ARGUMENT", "NOT_FOUND"}


def bodies() -> dict[str, bytes]:
    """A good request of every kind, with attributes, exclusions, options, a plan and a certificate."""
    message = problem_message(small_pack().problem())
    message.orders[0].excluded_nodes.append("B")
    message.orders[0].attributes["gift"] = "yes"
    request = api.AllocateRequest(request_id="r", problem=message, include_certificate=True, include_events=True)
    request.options.gap, request.options.seed = 0.1, 3
    check = api.CheckPlanRequest(problem=problem_message(small_pack().problem()))
    package = check.plan.packages.add(order_id="O1", node_id="A", service_id="G", ship_on="2026-03-02")
    package.lines.add(line_id="1", quantity=2)
    check.certificate.prices.add(kind=1, node_id="A", sku_id="S", price_micros=5)
    return {
        "allocate": request.SerializeToString(),
        "allocate_stream": api.AllocateStreamRequest(part=request).SerializeToString(),
        "check": check.SerializeToString(),
    }


@pytest.mark.parametrize("kind", ["allocate", "allocate_stream", "check"])
def test_mutated_requests_always_end_with_a_status(kind):
    """250 requests with bytes changed, cut out, doubled or cut off, from a fixed seed."""
    state = State(JobSettings({}, solve=stub_solver.solve), {}, stub_solver.solve)
    good = bodies()[kind]
    random = np.random.default_rng(7)
    seen = set()
    for number in range(250):
        data = bytearray(good)
        for _ in range(random.integers(1, 4)):
            at = int(random.integers(0, len(data)))
            match int(random.choice(4, p=(0.6, 0.15, 0.15, 0.1))):
                case 0:
                    data[at] = int(random.integers(0, 256))
                case 1:
                    del data[at : at + int(random.integers(1, 9))]
                case 2:
                    data[at:at] = data[at : at + int(random.integers(1, 40))]
                case _:
                    del data[max(1, at) :]
        task = Task(number, kind, (bytes(data),), time.monotonic() + 5)
        reply = jobs.work(state, task, TaskContext(task, lambda message: None))
        assert reply.status in EXPECTED, reply.message
        seen.add(reply.status)
    assert {"OK", "INVALID_ARGUMENT"} <= seen


def test_plan_with_absurd_numbers_is_refused():
    """2^62 units in a package; a share of a line that is not there."""
    state = State(JobSettings({}, solve=stub_solver.solve), {}, stub_solver.solve)
    check = api.CheckPlanRequest.FromString(bodies()["check"])
    check.plan.packages[0].lines[0].quantity = 2**62
    check.certificate.shares.add(order_id="O1", line_id="9", share_micros=2**62)
    task = Task(1, "check", (check.SerializeToString(),), None)
    reply = jobs.work(state, task, TaskContext(task, lambda message: None))
    assert reply.status == "INVALID_ARGUMENT"
    assert b"plan.packages[0].lines[0].quantity" in reply.details
    assert reply.log["reason"] == "INVALID_PROBLEM"


def test_numbers_at_the_ends_of_their_range_are_faults():
    """The largest and smallest integers in every integer field of the tables: faults or fine, never an overflow."""
    from splitship.service.requests import read_problem

    pack = small_pack()
    for value in (2**63 - 1, -(2**63)):
        message = problem_message(pack.problem())
        message.skus[0].weight_ug = value
        message.rates[0].up_to_ug = value
        message.stock[0].on_hand = message.stock[0].reserved = message.stock[0].safety_stock = value
        message.nodes[0].max_packages_per_day = message.nodes[0].max_units_per_day = value
        message.services[0].weight_step_ug = message.services[0].max_weight_ug = value
        message.orders[0].lines[0].quantity = value
        message.orders[1].placed_at.seconds = value
        message.as_of.seconds = value
        found = read_problem(message, jobs.problem_pb2.SolveOptions(), SolveOptions())
        assert found.problem is None
        places = {finding.where for finding in found.faults}
        assert {"skus[0].weight_ug", "orders[0].lines[0].quantity", "orders[1].placed_at", "as_of"} <= places
