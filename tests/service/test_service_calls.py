"""Calls to a real server whose solver processes run a stub: answers, faults, checks of plans."""

from __future__ import annotations

import grpc
import pytest

from conftest import HELLO, details, message_of, small_pack
from splitship.domain import Plan
from splitship.packs import read_pack
from splitship.packs.documents import summary_document
from splitship.service import RequestError, ServiceError
from splitship.service.to_messages import seconds_message
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import certificate_pb2, problem_pb2, result_pb2

# ---------------------------------------------------------------- answers


def test_unary_answer_is_that_of_the_stream(stub):
    """The parts of a stream merge to the unary answer, times and memory apart."""
    request = api.AllocateRequest(request_id="r1", problem=message_of("small", 1_500), include_events=True)
    unary = stub.Allocate(request, timeout=20)
    streamed, kinds = api.AllocateResponse(), []
    for response in stub.AllocateStream(iter([api.AllocateStreamRequest(part=request)]), timeout=20):
        kinds.append("summary" if response.part.HasField("summary") else response.WhichOneof("content"))
        streamed.MergeFrom(response.part)
    assert kinds == ["part", "part", "summary"]  # 1,500 unfilled lines are two parts of 1,000
    assert len(unary.plan.unfilled) == 1_500
    for answer in (unary, streamed):
        for name in ("seconds", "peak_memory_mb", "time_limit_seconds"):
            answer.summary.ClearField(name)
    assert unary == streamed
    assert unary.request_id == "r1"
    assert unary.summary.verified


def test_stream_tells_progress_before_the_plan(stub_client):
    """The stub's first event arrives as an event."""
    events = []
    answer = stub_client.allocate(small_pack("plan"), on_event=events.append)
    # 3 orders want 1 + 2 + 3 units, 20 each unfilled.
    assert [(event.phase, event.objective) for event in events] == [("greedy", 120_000_000)]
    assert answer.objective == 120_000_000
    assert answer.costs.unfilled == 120_000_000
    assert answer.events == ()


def test_answer_becomes_the_result_of_a_local_solve(stub_client):
    """Summary fields, hashes and the result rebuilt from messages agree with what the documents say."""
    pack = small_pack("small")
    answer = stub_client.allocate(pack, include_events=True)
    result = answer.result(pack.problem())
    document = summary_document(result)
    assert document["hashes"] == {"input": answer.summary.input_hash, "plan": answer.summary.plan_hash}
    assert document["objective"] == "120.00"
    said = answer.summary.counts
    counts = {
        field.name: getattr(said, field.name)
        for field in said.DESCRIPTOR.fields
        if not field.has_presence or said.HasField(field.name)
    }
    assert document["counts"] == counts
    assert document["unfilled_by_reason"] == {"NO_STOCK": 6}
    assert [event.phase for event in result.events] == ["greedy"]
    assert result.has_possible_package
    impossible = small_pack("impossible")
    assert not stub_client.allocate(impossible).result(impossible.problem()).has_possible_package


def test_named_pack_is_solved_with_its_own_options(stub_client):
    """hello is on the server: 8 units of 5 orders, its time limit of 10 s, its gap of 0."""
    answer = stub_client.allocate("hello")
    assert answer.summary.counts.orders == 5
    assert answer.summary.counts.unfilled_units == 8
    assert answer.summary.time_limit_seconds == 10
    assert answer.summary.gap_limit == 0
    assert stub_client.allocate("hello", gap=0.5, time_limit_s=2).summary.gap_limit == 0.5
    assert answer.summary.input_hash == read_pack(HELLO).problem().input_hash


def test_empty_batch_has_an_empty_plan(stub):
    """No orders: OK, cost 0, a plan that is there and empty."""
    message = message_of("small")
    del message.orders[:]
    answer = stub.Allocate(api.AllocateRequest(problem=message), timeout=10)
    assert answer.HasField("plan")
    assert answer.summary.objective_micros == 0


def test_capabilities_name_packs_methods_and_limits(stub_client):
    """What a client needs to know before it asks."""
    found = stub_client.capabilities()
    assert [(pack.name, pack.orders, pack.currency) for pack in found.packs] == [("hello", 5, "USD")]
    assert "order-plans" in found.methods
    assert "policy:nearest" in found.methods
    assert found.max_message_bytes == 64 * 2**20
    assert found.workers == 1
    assert found.versions["splitship"]


# ---------------------------------------------------------------- faults


def test_invalid_request_lists_violations_with_paths(stub):
    """Three faults are three violations, with a stable reason and their number."""
    message = message_of("small")
    message.orders[1].lines[0].quantity = 0
    message.orders[2].lines[0].sku_id = "X"
    message.currency = ""
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(problem=message), timeout=10)
    assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = details(failure.value)
    fields = {violation.field for violation in found["BadRequest"].field_violations}
    assert fields == {"orders[1].lines[0].quantity", "orders[2].lines[0].sku_id", "currency"}
    assert found["ErrorInfo"].reason == "INVALID_PROBLEM"
    assert found["ErrorInfo"].metadata["total_violations"] == "3"


def test_many_violations_arrive_as_far_as_they_fit(stub):
    """Of 5,000 faults those in 6 KiB arrive, with the total; trailers that are too long would all be lost."""
    message = message_of("small", 5_000)
    for order in message.orders:
        order.lines[0].quantity = -1
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(problem=message), timeout=20)
    found = details(failure.value)
    assert 20 < len(found["BadRequest"].field_violations) < 5_000
    assert found["BadRequest"].ByteSize() < 6 * 1024
    assert found["ErrorInfo"].metadata["total_violations"] == "5000"


def test_validate_only_answers_ok_with_all_findings(stub, stub_client):
    """The same 5,000 faults, all in the body, by both methods; nothing is solved."""
    message = message_of("small", 5_000)
    for order in message.orders:
        order.lines[0].quantity = -1
    request = api.AllocateRequest(problem=message, mode=api.SOLVING_MODE_VALIDATE_ONLY)
    answer = stub.Allocate(request, timeout=20)
    assert [finding.field for finding in answer.findings] == [f"orders[{i}].lines[0].quantity" for i in range(5_000)]
    assert {finding.severity for finding in answer.findings} == {result_pb2.SEVERITY_ERROR}
    assert not answer.HasField("plan")
    assert not answer.HasField("summary")
    assert len(stub_client.validate(message)) == 5_000
    assert stub_client.validate(small_pack("small")) == ()
    request.problem.CopyFrom(message_of("small"))
    assert not stub.Allocate(request, timeout=10).findings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda request: request.ClearField("problem"), "problem"),
        (lambda request: setattr(request, "mode", api.SOLVING_MODE_UNSPECIFIED), "mode"),
        (lambda request: setattr(request, "request_id", "x" * 129), "request_id"),
        (lambda request: setattr(request.options, "gap", -0.1), "options.gap"),
        (lambda request: setattr(request.options, "seed", -1), "options.seed"),
        (lambda request: request.options.time_limit.CopyFrom(seconds_message(-1)), "options.time_limit"),
    ],
)
def test_faults_of_the_request_itself_are_named(stub, change, field):
    """No problem, an unspecified mode, an id that is too long, options out of range."""
    request = api.AllocateRequest(problem=message_of("small"))
    change(request)
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(request, timeout=10)
    assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in details(failure.value)["BadRequest"].field_violations] == [field]


def test_unknown_pack_and_scenario_are_named_with_a_hint(stub, stub_client):
    """NOT_FOUND with did-you-mean for a pack; a path for a scenario."""
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(pack=problem_pb2.NamedPack(name="helo")), timeout=10)
    assert failure.value.code() is grpc.StatusCode.NOT_FOUND
    assert "did you mean hello?" in failure.value.details()
    with pytest.raises(RequestError, match=r"pack\.scenario.*no scenario 'x'"):
        stub_client.allocate("hello", scenario="x")


def test_bytes_that_are_no_message_are_refused(stub_server):
    """Garbage is INVALID_ARGUMENT, for both methods, and the server lives on."""
    with grpc.insecure_channel(stub_server.address) as channel:
        unary = channel.unary_unary("/splitship.v1.AllocationService/Allocate")
        stream = channel.stream_stream("/splitship.v1.AllocationService/AllocateStream")
        for call in (lambda: unary(b"\xff\xff", timeout=10), lambda: list(stream(iter([b"\x0a\xff"]), timeout=10))):
            with pytest.raises(grpc.RpcError) as failure:
                call()
            assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert details(failure.value)["ErrorInfo"].reason == "MALFORMED_REQUEST"


def test_plan_that_fails_our_own_check_is_never_returned(stub_client):
    """INTERNAL with the violations, for people to report."""
    with pytest.raises(ServiceError, match="STOCK_EXCEEDED") as failure:
        stub_client.allocate(small_pack("wrong"))
    assert (failure.value.code, failure.value.reason) == ("INTERNAL", "CHECK_FAILED")


def test_unexpected_exception_is_internal_and_logged(stub_server, stub_client):
    """The caller learns nothing of our insides; the log has the traceback."""
    with pytest.raises(ServiceError) as failure:
        stub_client.allocate(small_pack("odd"))
    assert failure.value.code == "INTERNAL"
    assert "planted" not in str(failure.value)
    assert "ZeroDivisionError: planted" in stub_server.lines("task failed")[-1]["traceback"]


# ---------------------------------------------------------------- checking


def test_check_plan_finds_a_good_plan_good(stub_client):
    """The empty plan is feasible: 6 units unfilled at 20."""
    pack = small_pack("small")
    found = stub_client.check(pack, Plan.empty())
    assert (found.is_feasible, found.objective, found.does_certificate_hold) == (True, 120_000_000, None)


def test_check_plan_finds_violations_and_unknown_ids(stub):
    """Six units of stock that is not there; a node nobody has."""
    message = message_of("small")
    request = api.CheckPlanRequest(problem=message)
    package = request.plan.packages.add(order_id="O2", node_id="A", service_id="G", ship_on="2026-03-02")
    package.lines.add(line_id="1", quantity=6)
    answer = stub.CheckPlan(request, timeout=20)
    assert not answer.feasible
    assert answer.total_violations == len(answer.violations) >= 1
    package.node_id = "C"
    with pytest.raises(grpc.RpcError) as failure:
        stub.CheckPlan(request, timeout=10)
    violations = details(failure.value)["BadRequest"].field_violations
    assert [violation.field for violation in violations] == ["plan.packages[0].node_id"]


def test_check_plan_recomputes_a_certificate(stub):
    """A claimed bound above what its prices prove does not hold."""
    request = api.CheckPlanRequest(problem=message_of("small"), plan={})
    request.certificate.bound_micros = 0
    answer = stub.CheckPlan(request, timeout=30)
    assert answer.certificate_holds
    assert 0 < answer.bound_micros <= answer.objective_micros
    request.certificate.bound_micros = answer.bound_micros + 1
    assert not stub.CheckPlan(request, timeout=10).certificate_holds
    request.certificate.prices.add(kind=certificate_pb2.RESOURCE_KIND_STOCK, node_id="A", date="2026-03-02")
    with pytest.raises(grpc.RpcError) as failure:
        stub.CheckPlan(request, timeout=10)
    fields = {violation.field for violation in details(failure.value)["BadRequest"].field_violations}
    assert fields == {"certificate.prices[0].sku_id", "certificate.prices[0].date"}
