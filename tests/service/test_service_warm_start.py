"""Warm starts over a real server: an earlier answer goes along with the next batch."""

from __future__ import annotations

from dataclasses import replace

import grpc
import pytest

from conftest import ROOT, details, message_of, running, small_pack
from splitship.domain import WarmStart
from splitship.errors import UsageError
from splitship.packs import read_pack
from splitship.packs.documents import body_hash, plan_body
from splitship.packs.warm_start import warm_start_of
from splitship.run import solve
from splitship.service import Client, RequestError
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import certificate_pb2, plan_pb2, problem_pb2

US_RETAIL = ROOT / "scenarios" / "us-retail"


@pytest.fixture(scope="module")
def client():
    """A client of a server with the real solver."""
    with running(workers=1, spares=0) as server:
        server.wait_for(lambda: server.server.pool.num_ready == 1, 60)
        with Client(server.address) as client:
            yield client


def test_next_batch_begins_with_the_answer_to_the_last(client):
    """A message, a result and positions are the same to the server, and the same as here: one plan hash."""
    problem = read_pack(US_RETAIL).problem()
    first = client.allocate(problem, work_limit=0.2, include_certificate=True)
    result = first.result(problem)
    warm = warm_start_of(result, problem)
    here = body_hash(plan_body(solve(problem, replace(result.options, work_limit=0.1, time_limit_s=None), warm=warm)))
    for earlier in (first, result, warm):
        second = client.allocate(
            problem, work_limit=0.1, include_certificate=True, include_events=True, warm_start=earlier
        )
        assert second.events[0].phase == "warm start"
        assert second.is_verified
        assert second.objective <= first.objective
        assert second.bound >= first.bound
        assert second.summary.plan_hash == here
        counts = second.summary.warm_start
        assert (counts.packages, counts.dropped_packages) == (len(first.packages), 0)
        sent = first.message.certificate
        assert (counts.prices, counts.dropped_prices) == (len(sent.prices) + len(sent.own_prices), 0)
    assert not first.summary.HasField("warm_start")


def test_unknown_ids_are_left_out_and_counted(client):
    """Order, node and line that are none; what is left is used."""
    pack = small_pack()
    first = client.allocate(pack, include_certificate=True)
    message = api.AllocateResponse()
    message.CopyFrom(first.message)
    message.plan.packages[0].order_id = "GONE"
    message.plan.packages[1].lines[0].line_id = "GONE"
    message.certificate.prices.append(
        certificate_pb2.ResourcePrice(
            kind=certificate_pb2.RESOURCE_KIND_STOCK, node_id="GONE", sku_id="S", price_micros=5
        )
    )
    answer = client.allocate(pack, warm_start=type(first)(message))
    assert answer.objective == first.objective
    counts = answer.summary.warm_start
    assert (counts.packages, counts.dropped_packages) == (len(first.packages) - 2, 2)
    assert counts.dropped_prices == 1


@pytest.mark.parametrize(
    ("warm", "field"),
    [
        (api.WarmStart(plan=plan_pb2.Plan(packages=[plan_pb2.Package(order_id="O1", ship_on="soon")])), "packages[0]"),
        (api.WarmStart(certificate=certificate_pb2.Certificate(prices=[{"node_id": "A"}])), "certificate.prices[0]"),
        (
            api.WarmStart(
                plan=plan_pb2.Plan(
                    packages=[
                        plan_pb2.Package(
                            order_id="O1", node_id="A", service_id="G", ship_on="2026-03-02",
                            lines=[plan_pb2.PackageLine(line_id="1", quantity=2**60)],
                        )
                    ]
                )
            ),
            "lines[0].quantity",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(stub, warm, field):
    """INVALID_ARGUMENT, and listed when only validating."""
    request = api.AllocateRequest(problem=message_of("small"), warm_start=warm)
    with pytest.raises(grpc.RpcError) as caught:
        stub.Allocate(request, timeout=20)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    places = [each.field for each in details(caught.value)["BadRequest"].field_violations]
    assert any(place.startswith("warm_start.") and field in place for place in places), places
    request.mode = api.SOLVING_MODE_VALIDATE_ONLY
    listed = [finding.field for finding in stub.Allocate(request, timeout=20).findings]
    assert any(field in place for place in listed)


def test_other_methods_are_refused(stub):
    """Only the engine can begin with an answer."""
    request = api.AllocateRequest(
        problem=message_of("small"), warm_start=api.WarmStart(), options=problem_pb2.SolveOptions(method="mip")
    )
    with pytest.raises(grpc.RpcError) as caught:
        stub.Allocate(request, timeout=20)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "order-plans" in caught.value.details()


def test_positions_need_a_problem(stub_client):
    """The name of a pack has no positions here."""
    with pytest.raises(UsageError, match="Problem or Pack"):
        stub_client.allocate("hello", warm_start=WarmStart())
    assert issubclass(RequestError, Exception)
