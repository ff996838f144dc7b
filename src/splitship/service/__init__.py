"""The gRPC service and its client."""

from splitship.service.allocation import Allocation as Allocation
from splitship.service.allocation import PlanCheck as PlanCheck
from splitship.service.client import Client as Client
from splitship.service.client import RequestError as RequestError
from splitship.service.client import ServiceError as ServiceError
from splitship.service.scenario_answers import ScenarioAnswers as ScenarioAnswers

__all__ = ["Allocation", "Client", "PlanCheck", "RequestError", "ScenarioAnswers", "ServiceError"]
