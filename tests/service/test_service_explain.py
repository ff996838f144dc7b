"""ExplainOrder over a real server: the account is that of the library, forcing is told, faults name their place."""

from __future__ import annotations

from dataclasses import replace

import grpc
import pytest

from conftest import HELLO, details, running, small_pack
from splitship.domain import Plan
from splitship.packs import read_pack
from splitship.planning.counterfactual import what_if
from splitship.planning.explainer import explain
from splitship.planning.force import Force
from splitship.run import solve
from splitship.service import Client, RequestError
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import allocation_service_pb2_grpc, explanation_pb2, problem_pb2


@pytest.fixture(scope="module")
def client():
    """A client of a server with the real solver."""
    with running(workers=1, spares=0, packs={"hello": str(HELLO)}) as server:
        server.wait_for(lambda: server.server.pool.num_ready == 1, 60)
        with Client(server.address) as client:
            yield client


@pytest.fixture(scope="module")
def here():
    """The pack hello solved in this process."""
    problem = read_pack(HELLO).problem()
    return solve(problem, replace(read_pack(HELLO).options(), gap=0.0))


def test_the_account_is_that_of_the_library(client, here):
    for order_id in here.problem.orders.order_id.tolist():
        told = client.explain_order("hello", order_id)
        account = explain(here, order_id)
        message = told.explanation
        assert told.objective_micros == here.objective
        assert told.bound_micros == here.bound
        assert message.order_id == order_id
        assert message.prices_from == account.prices_from.value
        assert message.chosen.direct_micros == account.chosen.direct
        assert message.chosen.total_micros == message.chosen.direct_micros + message.chosen.taken_micros
        assert sum(each.cost_micros for each in message.chosen.packages) == sum(account.chosen.package_cost)
        assert [each.difference_micros for each in message.alternatives] == [
            each.difference for each in account.alternatives
        ]
        assert [each.verdict for each in message.alternatives] == [each.verdict for each in account.alternatives]
        assert [each.node_id for each in message.nodes] == [each.node_id for each in account.nodes]
        assert [bool(each.obstacles) for each in message.options] == [not each.is_possible for each in account.options]
        assert [(each.line_id, each.quantity) for each in message.unfilled] == [
            (each.line_id, each.quantity) for each in account.unfilled
        ]


def test_packages_of_the_chosen_way_are_those_of_the_plan(client, here):
    problem, plan = here.problem, here.plan
    order = int(plan.order_idx[0])
    told = client.explain_order("hello", str(problem.orders.order_id[order])).explanation.chosen
    mine = plan.order_idx == order
    assert [each.node_id for each in told.packages] == problem.nodes.node_id[plan.node_idx[mine]].tolist()
    units = sum(line.quantity for each in told.packages for line in each.lines)
    assert units == int(plan.content_quantity[mine[plan.content_package]].sum())


def test_an_answer_that_is_sent_along_is_explained_and_not_searched_for(client):
    pack = small_pack()
    first = client.allocate(pack, include_certificate=True)
    told = client.explain_order(pack, "O1", answer=first)
    assert told.objective_micros == first.objective
    assert told.bound_micros == first.bound
    without = client.explain_order(
        pack, "O1", answer=replace(first, message=api.AllocateResponse(plan=first.message.plan))
    )
    assert not without.HasField("bound_micros")
    assert without.explanation.prices_from == "found"


def test_an_answer_without_packages_is_explained_as_it_is(client, here):
    """Nothing ships, and there is no certificate: that is what is explained, not an answer searched for anew."""
    nothing = replace(here, plan=Plan.empty(), certificate=None)
    told = client.explain_order(here.problem, "O1", answer=nothing)
    assert told.objective_micros > here.objective
    assert not told.explanation.chosen.packages


def test_a_forced_order_is_told_like_in_the_library(client, here):
    problem = here.problem
    for order_id in problem.orders.order_id.tolist():
        for node_id in problem.nodes.node_id.tolist():
            told = client.explain_order("hello", order_id, force=explanation_pb2.Force(node_id=node_id)).counterfactual
            found = what_if(here, order_id, Force(node=node_id))
            assert told.possible == found.is_possible
            assert told.already == found.is_already
            if not found.is_possible:
                assert [each.reason for each in told.reasons] == [code for code, _ in found.reasons]
                assert not told.HasField("change_micros")
                continue
            assert told.change_micros == found.change
            assert told.change_at_least_micros == found.interval.low
            moved = sum(move.change_micros for move in told.moves)
            assert moved + told.soft_change_micros == told.change_micros


@pytest.mark.parametrize(
    ("arguments", "place", "words"),
    [
        ({"order_id": "O99"}, "order_id", "no order 'O99'"),
        ({"order_id": ""}, "order_id", "names no order"),
        ({"max_alternatives": 0}, "max_alternatives", "from 1 to 100"),
        ({"force": explanation_pb2.Force()}, "force", "name something to force"),
        ({"force": explanation_pb2.Force(node_id="who")}, "force", "no node 'who'"),
        ({"force": explanation_pb2.Force(ship_on="soon")}, "force", "ship-on"),
        ({"force": explanation_pb2.Force(max_packages=0)}, "force", "at least 1"),
    ],
)
def test_faults_name_their_place(client, arguments, place, words):
    with pytest.raises(RequestError) as caught:
        client.explain_order("hello", **{"order_id": "O1", **arguments})
    assert caught.value.findings[0].where == place
    assert words in str(caught.value)


def test_a_plan_that_is_not_for_the_problem_is_refused(client, here):
    with pytest.raises(RequestError, match="not one for this problem"):
        client.explain_order(here.problem, "O1", answer=replace(here, plan=Plan.joined([here.plan, here.plan])))


def test_a_certificate_without_a_plan_is_refused(client):
    first = client.allocate("hello", include_certificate=True)
    request = api.ExplainOrderRequest(
        pack=problem_pb2.NamedPack(name="hello"), order_id="O1", certificate=first.message.certificate
    )
    options = [("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(client.address, options=options) as channel:
        stub = allocation_service_pb2_grpc.AllocationServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            stub.ExplainOrder(request, timeout=20)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert details(caught.value)["BadRequest"].field_violations[0].field == "certificate"
