"""The nouns of the project: Problem, Plan, Certificate, Result, and the columns they are made of."""

from splitship.domain.assortment import Kits as Kits
from splitship.domain.assortment import Substitutes as Substitutes
from splitship.domain.calendar import Calendars as Calendars
from splitship.domain.calendar import NodeDays as NodeDays
from splitship.domain.calendar import ServiceQuotas as ServiceQuotas
from splitship.domain.certificate import ANY_NODE as ANY_NODE
from splitship.domain.certificate import Certificate as Certificate
from splitship.domain.certificate import Leaf as Leaf
from splitship.domain.certificate import ResourceKind as ResourceKind
from splitship.domain.forecast import Forecast as Forecast
from splitship.domain.inventory import ChannelReserves as ChannelReserves
from splitship.domain.inventory import Inbound as Inbound
from splitship.domain.inventory import StockPrices as StockPrices
from splitship.domain.network import Lanes as Lanes
from splitship.domain.network import Nodes as Nodes
from splitship.domain.network import NodeServices as NodeServices
from splitship.domain.network import Rates as Rates
from splitship.domain.network import Services as Services
from splitship.domain.network import Skus as Skus
from splitship.domain.network import Stock as Stock
from splitship.domain.orders import LONG_PAST as LONG_PAST
from splitship.domain.orders import SHIPS as SHIPS
from splitship.domain.orders import OrderLines as OrderLines
from splitship.domain.orders import Orders as Orders
from splitship.domain.package_rules import NO_RULE as NO_RULE
from splitship.domain.package_rules import PackageRules as PackageRules
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
from splitship.domain.reserves import StockReserves as StockReserves
from splitship.domain.result import Event as Event
from splitship.domain.result import Result as Result
from splitship.domain.result import UnfilledLines as UnfilledLines
from splitship.domain.result import relative_gap as relative_gap
from splitship.domain.rule_masks import CompiledRules as CompiledRules
from splitship.domain.rule_masks import Masks as Masks
from splitship.domain.rule_masks import evaluate_rules as evaluate_rules
from splitship.domain.rule_reference import RuleMatches as RuleMatches
from splitship.domain.rule_reference import rule_matches as rule_matches
from splitship.domain.rule_settings import Resolved as Resolved
from splitship.domain.rules import SETTABLE as SETTABLE
from splitship.domain.rules import Rule as Rule
from splitship.domain.rules import RulePrice as RulePrice
from splitship.domain.rules import RuleQuota as RuleQuota
from splitship.domain.rules import RuleWhere as RuleWhere
from splitship.domain.rules_in_force import with_rules_in_force as with_rules_in_force
from splitship.domain.stability import PlanBefore as PlanBefore
from splitship.domain.stability import Promises as Promises
from splitship.domain.stability import Rejections as Rejections
from splitship.domain.stability import ReleasedUse as ReleasedUse
from splitship.domain.steering import Steering as Steering
from splitship.domain.surcharges import Subject as Subject
from splitship.domain.surcharges import Surcharges as Surcharges
from splitship.domain.surcharges import TextCondition as TextCondition
from splitship.domain.termination import BoundSource as BoundSource
from splitship.domain.termination import Reason as Reason
from splitship.domain.termination import Termination as Termination
from splitship.domain.termination import TerminationReason as TerminationReason
from splitship.domain.transfers import Transfers as Transfers
from splitship.domain.warm_start import WarmStart as WarmStart

__all__ = [
    "ANY_NODE",
    "EXACT_STATE_CAP",
    "LONG_PAST",
    "NO_RULE",
    "SETTABLE",
    "SHIPS",
    "BoundSource",
    "Calendars",
    "Certificate",
    "CertificateReport",
    "ChannelReserves",
    "CompiledRules",
    "CostTerms",
    "Event",
    "Forecast",
    "Inbound",
    "Kits",
    "Lanes",
    "Leaf",
    "Limits",
    "Masks",
    "NodeDays",
    "NodeServices",
    "Nodes",
    "Objective",
    "OrderLines",
    "Orders",
    "PackageCosts",
    "PackageRules",
    "Plan",
    "PlanBefore",
    "PlanReport",
    "Problem",
    "Promises",
    "Rates",
    "Reason",
    "Rejections",
    "ReleasedUse",
    "Resolved",
    "ResourceKind",
    "Result",
    "Rule",
    "RuleMatches",
    "RulePrice",
    "RuleQuota",
    "RuleWhere",
    "ServiceQuotas",
    "Services",
    "Skus",
    "SolveOptions",
    "Steering",
    "Stock",
    "StockPrices",
    "StockReserves",
    "Subject",
    "Substitutes",
    "Surcharges",
    "Termination",
    "TerminationReason",
    "TextCondition",
    "Transfers",
    "UnfilledLines",
    "Violation",
    "WarmStart",
    "evaluate_rules",
    "relative_gap",
    "rule_matches",
    "with_rules_in_force",
]
