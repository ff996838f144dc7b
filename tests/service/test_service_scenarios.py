"""RunScenarios over a real server: a pack's scenarios, scenarios sent along, faults, stops and deadlines."""

from __future__ import annotations

import shutil

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from conftest import HELLO, details, message_of, running, small_pack
from splitship.errors import UsageError
from splitship.packs import ScenarioDefinition, read_pack
from splitship.packs.documents import body_hash, plan_body
from splitship.run import solve
from splitship.service import Client, RequestError
from splitship.v1 import problem_pb2, scenario_service_pb2, scenario_service_pb2_grpc

CLOSED = ScenarioDefinition(
    "closed", [{"table": "nodes", "where": {"node_id": "A"}, "set": {"open": False}}], note="without A"
)
DEARER = ScenarioDefinition("dearer", [{"table": "rates", "multiply": {"price": "1.10"}}], extends="closed")
BROKEN = ScenarioDefinition(
    "broken",
    [
        {"table": "stock", "where": {"node_id": "A"}, "remove": True},
        {"table": "stock", "where": {"node_id": "A"}, "add": {"on_hand": 1}},
    ],
)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """The pack hello with scenarios of its own, and without."""
    folder = tmp_path_factory.mktemp("packs") / "what-if"
    shutil.copytree(HELLO, folder)
    settings = (folder / "scenario.yaml").read_text().replace("scenarios: {baseline: []}\n", "")
    settings = settings.replace("overlays: {}\n", "")
    node = read_pack(folder).problem().nodes.node_id[0]
    settings += f"overlays:\n  close: [{{table: nodes, where: {{node_id: {node}}}, set: {{open: false}}}}]\n"
    (folder / "scenario.yaml").write_text(settings + "scenarios:\n  closed: [close]\n  as_is: []\n")
    return {"hello": str(HELLO), "what-if": str(folder)}


@pytest.fixture(scope="module")
def client(packs):
    """A client of a server with the real solver."""
    with running(workers=1, spares=0, packs=packs) as server:
        server.wait_for(lambda: server.server.pool.num_ready == 1, 60)
        with Client(server.address) as client:
            client.running = server
            yield client


def test_scenarios_of_a_pack_are_solved_and_held_against_its_baseline(client, packs):
    events = []
    found = client.run_scenarios(
        "what-if", gap=0.0, include_certificates=True, on_event=lambda name, event: events.append((name, event.phase))
    )
    pack = read_pack(packs["what-if"])
    assert [line.scenario for line in found.lines] == ["baseline", "closed", "as_is"]
    assert found.failures == {}
    assert {name for name, _ in events} == {"baseline", "closed", "as_is"}
    base, closed, as_is = found.lines
    for line in found.lines:
        answer = found.allocations[line.scenario]
        here = answer.result(pack.problem(line.scenario))
        assert here.objective == line.objective == solve(pack.problem(line.scenario)).objective
        assert here.bound == line.bound
        assert answer.is_verified
    assert closed.difference == closed.objective - base.objective > 0
    assert closed.proven == (closed.bound - base.objective, closed.objective - base.bound)
    assert not closed.is_within_gap
    assert as_is.difference == 0
    assert as_is.proven == (0, 0)
    assert not as_is.is_within_gap  # nothing is open
    assert client.running.lines()[-1]["method"] == "RunScenarios"
    assert client.running.lines()[-1]["scenarios"] == 3


def test_one_scenario_brings_its_baseline_and_plans_only_when_asked(client):
    found = client.run_scenarios("what-if", ["closed"], include_plans=False)
    assert [line.scenario for line in found.lines] == ["baseline", "closed"]
    assert not found.allocations["closed"].packages
    assert found.allocations["closed"].objective == found.lines[1].objective


def test_scenarios_of_a_problem_are_sent_along(client):
    """One extends the other; the answers are those of packs that say the same."""
    pack = small_pack()
    found = client.run_scenarios(pack, definitions=[CLOSED, DEARER], cold=True, work_limit=1.0)
    same = pack.with_scenarios([CLOSED, DEARER])
    assert [line.scenario for line in found.lines] == ["baseline", "closed", "dearer"]
    for name in same.scenario_names:
        summary = found.allocations[name].summary
        options = found.allocations[name].result(same.problem(name)).options
        assert summary.input_hash == same.problem(name).input_hash
        assert summary.plan_hash == body_hash(plan_body(solve(same.problem(name), options)))
    assert found.lines[2].objective > found.lines[1].objective > found.lines[0].objective


def test_cold_answers_are_those_of_allocate(client):
    """A warm run may take another way; a cold one is one call after the other."""
    found = client.run_scenarios("what-if", ["closed"], cold=True, work_limit=1.0)
    alone = client.allocate("what-if", scenario="closed", work_limit=1.0)
    assert found.allocations["closed"].summary.plan_hash == alone.summary.plan_hash


def test_a_scenario_that_cannot_be_built_stops_no_other(client):
    found = client.run_scenarios(small_pack(), definitions=[BROKEN, CLOSED])
    assert [line.scenario for line in found.lines] == ["baseline", "closed"]
    failure = found.failures["broken"]
    assert failure.reason == "INVALID_PROBLEM"
    assert failure.findings[0].code == "E308"
    assert failure.findings[0].where.startswith("definitions[0].operations[1]")


@pytest.mark.parametrize(
    ("arguments", "place", "words"),
    [
        ({"scenarios": ["closd"]}, "scenarios[0]", "no scenario 'closd' (did you mean closed?)"),
        ({"definitions": [CLOSED]}, "definitions[0].name", "there is a scenario 'closed' already"),
        ({"definitions": [ScenarioDefinition("", [])]}, "definitions[0].name", "a scenario needs a name"),
        ({"definitions": [ScenarioDefinition("x", [], extends="y")]}, "definitions[0].extends", "no scenario 'y'"),
        (
            {"definitions": [ScenarioDefinition("x", [{"table": "nodes", "upsert_from": "/etc/passwd"}])]},
            "definitions[0].operations[0].upsert_from",
            "no files",
        ),
        (
            {"definitions": [ScenarioDefinition("x", [{"table": "nodes", "set": {"opn": False}}])]},
            "definitions[0].operations[0].set.opn",
            "did you mean open?",
        ),
        ({"gap": -1.0}, "options.gap", "greater than or equal to 0"),
        ({"request_id": "x" * 129}, "request_id", "at most 128 characters"),
    ],
)
def test_faults_name_their_place(client, arguments, place, words):
    with pytest.raises(RequestError) as caught:
        client.run_scenarios("what-if", **arguments)
    finding = caught.value.findings[0]
    assert finding.where == place
    assert words in str(caught.value)


def test_a_number_that_is_none_is_a_fault(client):
    request = scenario_service_pb2.RunScenariosRequest(pack=problem_pb2.NamedPack(name="hello"))
    definition = request.definitions.add(name="part")
    for operation in ({"table": "stock", "add": {"on_hand": 1}}, {"table": "rates", "multiply": {"price": 1}}):
        definition.operations.append(json_format.ParseDict(operation, Struct()))
    definition.operations[1].fields["multiply"].struct_value.fields["price"].number_value = float("nan")
    with grpc.insecure_channel(client.address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        stub = scenario_service_pb2_grpc.ScenarioServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            list(stub.RunScenarios(request, timeout=20))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert details(caught.value)["BadRequest"].field_violations[0].field == "definitions[0].operations[1]"


def test_scenarios_of_a_pack_here_are_not_sent(client):
    with pytest.raises(UsageError, match="'closed' is not among"):
        client.run_scenarios(small_pack(), ["closed"])


def test_an_unknown_pack_is_not_found(client):
    with pytest.raises(RequestError, match="no pack 'who'") as caught:
        client.run_scenarios("who")
    assert caught.value.code == "NOT_FOUND"


def test_numbers_of_operations_may_be_numbers(client):
    """Structs know binary numbers only; whole ones stay whole, others are read by their shortest text."""
    whole = ScenarioDefinition("more", [{"table": "stock", "add": {"on_hand": 2}}])
    part = ScenarioDefinition("part", [{"table": "rates", "multiply": {"price": 1.1}}])
    found = client.run_scenarios(small_pack(), definitions=[whole, part], include_plans=False)
    assert found.failures == {}
    struct = json_format.ParseDict({"price": 1.1}, Struct())
    assert json_format.MessageToDict(struct) == {"price": 1.1}


def test_what_is_solved_is_kept_when_a_process_dies(tmp_path):
    """The stub ends its process in a scenario: those before it are answered, the rest is said to be missing."""
    import stub_solver

    flag = tmp_path / "flag"
    definition = ScenarioDefinition("later", [{"table": "stock", "add": {"on_hand": 1}}])
    with running(solve=stub_solver.solve, workers=1, spares=0) as server, Client(server.address) as client:
        server.wait_for(lambda: server.server.pool.num_ready == 1, 60)
        found = client.run_scenarios(message_of(f"dieonce:{flag}"), definitions=[definition])
        # the first attempt died and was made once more; then both scenarios came through
        assert {line.scenario for line in found.lines} == {"baseline", "later"}


def test_a_deadline_is_shared_among_scenarios():
    """The stub works until its limit: each scenario gets its share, and the answer is there in time."""
    import stub_solver

    definition = ScenarioDefinition("later", [{"table": "stock", "add": {"on_hand": 1}}])
    with running(solve=stub_solver.solve, workers=1, spares=0) as server, Client(server.address) as client:
        server.wait_for(lambda: server.server.pool.num_ready == 1, 60)
        found = client.run_scenarios(message_of("slow"), definitions=[definition], deadline_s=3.0)
        assert [line.scenario for line in found.lines] == ["baseline", "later"]
        limits = [found.allocations[name].summary.time_limit_seconds for name in ("baseline", "later")]
        assert 0.5 < limits[0] < 1.6
        assert sum(limits) < 3.0
