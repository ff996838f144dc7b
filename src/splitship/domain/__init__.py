"""The nouns of the project: Problem, Plan, Certificate, Result, and the columns they are made of."""

from splitship.domain.certificate import ANY_NODE as ANY_NODE
from splitship.domain.certificate import Certificate as Certificate
from splitship.domain.certificate import Leaf as Leaf
from splitship.domain.certificate import ResourceKind as ResourceKind
from splitship.domain.network import Lanes as Lanes
from splitship.domain.network import Nodes as Nodes
from splitship.domain.network import NodeServices as NodeServices
from splitship.domain.network import Rates as Rates
from splitship.domain.network import Services as Services
from splitship.domain.network import Skus as Skus
from splitship.domain.network import Stock as Stock
from splitship.domain.orders import OrderLines as OrderLines
from splitship.domain.orders import Orders as Orders
from splitship.domain.plan import Plan as Plan
from splitship.domain.policy import EXACT_STATE_CAP as EXACT_STATE_CAP
from splitship.domain.policy import Limits as Limits
from splitship.domain.policy import Objective as Objective
from splitship.domain.policy import SolveOptions as SolveOptions
from splitship.domain.problem import Problem as Problem
from splitship.domain.report import CertificateReport as CertificateReport
from splitship.domain.report import CostTerms as CostTerms
from splitship.domain.report import PackageCosts as PackageCosts
from splitship.domain.report import PlanReport as PlanReport
from splitship.domain.report import Violation as Violation
from splitship.domain.result import Event as Event
from splitship.domain.result import Result as Result
from splitship.domain.result import UnfilledLines as UnfilledLines
from splitship.domain.result import relative_gap as relative_gap
from splitship.domain.termination import BoundSource as BoundSource
from splitship.domain.termination import Reason as Reason
from splitship.domain.termination import Termination as Termination
from splitship.domain.termination import TerminationReason as TerminationReason
from splitship.domain.warm_start import WarmStart as WarmStart

__all__ = [
    "ANY_NODE",
    "EXACT_STATE_CAP",
    "BoundSource",
    "Certificate",
    "CertificateReport",
    "CostTerms",
    "Event",
    "Lanes",
    "Leaf",
    "Limits",
    "NodeServices",
    "Nodes",
    "Objective",
    "OrderLines",
    "Orders",
    "PackageCosts",
    "Plan",
    "PlanReport",
    "Problem",
    "Rates",
    "Reason",
    "ResourceKind",
    "Result",
    "Services",
    "Skus",
    "SolveOptions",
    "Stock",
    "Termination",
    "TerminationReason",
    "UnfilledLines",
    "Violation",
    "WarmStart",
    "relative_gap",
]
