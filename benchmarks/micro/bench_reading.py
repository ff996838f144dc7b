"""From files and messages to a Problem, and from a Problem to an Instance."""

from conftest import Measure, Stages
from splitship.domain import SolveOptions
from splitship.instance import compile_problem
from splitship.packs import read_pack
from splitship.service.requests import read_problem
from splitship.service.to_messages import problem_message
from splitship.v1 import problem_pb2


def test_read_pack(measure: Measure, pack: Stages) -> None:
    read = measure(read_pack, lambda: (pack.path,))
    assert len(read.problem().orders) == len(pack.problem.orders)


def test_problem_from_message(measure: Measure, pack: Stages) -> None:
    """From the bytes of a request, as a server gets them."""
    data = problem_message(pack.problem).SerializeToString()
    options = SolveOptions()

    def read() -> object:
        message = problem_pb2.Problem.FromString(data)
        return read_problem(message, problem_pb2.SolveOptions(), options).problem

    problem = measure(read)
    assert len(problem.lines) == len(pack.problem.lines)


def test_problem_to_message(measure: Measure, pack: Stages) -> None:
    """To the bytes of a request, as a client sends them."""
    assert measure(lambda: problem_message(pack.problem).SerializeToString())


def test_compile(measure: Measure, pack: Stages) -> None:
    instance = measure(lambda: compile_problem(pack.problem, 2))
    assert instance.num_orders == len(pack.problem.orders)
