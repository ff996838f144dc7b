"""What a solver process does for ExplainOrder: the answer, the account of the order, and what forcing it changes."""

from __future__ import annotations

import time
import uuid

from splitship.domain import Problem, Result, SolveOptions
from splitship.errors import CheckFailedError, Finding, InputError, UsageError
from splitship.planning.counterfactual import what_if
from splitship.planning.explainer import Explainer
from splitship.run.given import result_of_plan
from splitship.run.protocol import Reply
from splitship.run.solve import ORDER_PLANS
from splitship.run.worker import TaskContext
from splitship.service.explanation_messages import counterfactual_message, explanation_message, force_of
from splitship.service.faults import invalid
from splitship.service.plans import read_certificate_message, read_plan_message
from splitship.service.requests import ReadProblem, did_you_mean, read_source, request_findings
from splitship.service.state import State, answer_seconds, kill_at, within_limits
from splitship.v1 import allocation_service_pb2 as api

MOST_ALTERNATIVES = 100
_USUAL_ALTERNATIVES = 3
_SECONDS_TO_EXPLAIN = 1.0
"""Kept for the account itself, beside what an answer takes to make."""


def explain_order(state: State, request: api.ExplainOrderRequest, context: TaskContext) -> Reply:
    """Explain one order of the answer that the request brings along, or of one that is searched for first."""
    request_id = request.request_id or str(uuid.uuid4())
    clock = time.monotonic()
    findings = [*request_findings(request, request_id), *_request_faults(request)]
    log: dict[str, object] = {"request_id": request_id[:128]}
    read = read_source(request, request.options, state.defaults, state.packs)
    findings += [] if read is None else read.faults
    problem = None if read is None else read.problem
    if problem is not None and request.order_id not in set(problem.orders.order_id.tolist()):
        hint = did_you_mean(request.order_id, problem.orders.order_id.tolist())
        findings.append(Finding("order_id", "E301", f"no order {request.order_id!r}", hint))
    if problem is not None and request.HasField("force"):
        findings += _force_faults(request, problem)
    if read is None or problem is None or findings:
        return invalid(findings).reply(log)
    log["orders"] = len(problem.orders)
    reserve = answer_seconds(problem) + _SECONDS_TO_EXPLAIN
    is_forced = request.HasField("force")
    base = _base(state, request, read, context, reserve, parts=1 + is_forced)
    seconds = {"answer": time.monotonic() - clock}
    clock = time.monotonic()
    number = request.max_alternatives if request.HasField("max_alternatives") else _USUAL_ALTERNATIVES
    with Explainer(base) as explainer:
        account = explainer.explain(request.order_id, number)
        seconds["explain"] = time.monotonic() - clock
        response = api.ExplainOrderResponse(
            request_id=request_id,
            explanation=explanation_message(account),
            objective_micros=base.objective,
            bound_micros=base.bound,
            currency=problem.currency,
        )
        if is_forced:
            clock = time.monotonic()
            options = _limited(state, read.options, context, reserve)
            found = what_if(
                base, request.order_id, force_of(request.force), options, explainer=explainer,
                should_stop=context.should_stop,
            )  # fmt: skip
            response.counterfactual.CopyFrom(counterfactual_message(found))
            seconds["force"] = time.monotonic() - clock
    response.seconds.update(seconds)
    log |= {"gap": base.gap, "solve_s": round(sum(seconds.values()), 3)}
    return Reply((response.SerializeToString(),), log=log)


def _base(
    state: State, request: api.ExplainOrderRequest, read: ReadProblem, context: TaskContext, reserve: float, parts: int
) -> Result:
    """The answer to explain, verified; of the time there is one of so many parts is for finding it."""
    problem = read.problem
    assert problem is not None
    if request.HasField("plan"):
        plan = read_plan_message(request.plan, problem)
        has_certificate = request.HasField("certificate")
        certificate = read_certificate_message(request.certificate, problem) if has_certificate else None
        try:
            return result_of_plan(problem, plan, certificate, _limited(state, read.options, context, reserve))
        except CheckFailedError as error:
            raise InputError([Finding("plan", "E701", str(error))]) from None
    return state.solve(problem, _limited(state, read.options, context, reserve, parts), should_stop=context.should_stop)


def _limited(state: State, options: SolveOptions, context: TaskContext, reserve: float, parts: int = 1) -> SolveOptions:
    now = time.monotonic()
    deadline = None if context.deadline is None else now + (context.deadline - now - reserve) / parts
    limited = within_limits(state.settings, options, deadline, 0.0)
    context.limit(kill_at(limited, reserve))
    return limited


def _request_faults(request: api.ExplainOrderRequest) -> list[Finding]:
    findings = []
    if not request.order_id:
        findings.append(Finding("order_id", "E701", "the request names no order"))
    if request.options.method not in ("", ORDER_PLANS):
        findings.append(Finding("options.method", "E702", f"orders are explained by {ORDER_PLANS} only"))
    if request.HasField("certificate") and not request.HasField("plan"):
        findings.append(Finding("certificate", "E701", "goes with the plan whose cost it bounds: send both or none"))
    if request.HasField("max_alternatives") and not 1 <= request.max_alternatives <= MOST_ALTERNATIVES:
        message = f"expected a whole number from 1 to {MOST_ALTERNATIVES}, got {request.max_alternatives}"
        findings.append(Finding("max_alternatives", "E701", message))
    return findings


def _force_faults(request: api.ExplainOrderRequest, problem: Problem) -> list[Finding]:
    try:
        force_of(request.force).check(problem)
    except UsageError as error:
        return [Finding("force", "E701", str(error))]
    return []
