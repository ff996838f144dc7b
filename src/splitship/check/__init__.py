"""The independent checker: feasibility, cost and certificate by code of its own."""

from splitship.check.certificate import check_certificate as check_certificate
from splitship.check.claims import compare_claim as compare_claim
from splitship.check.plan import check_plan as check_plan

__all__ = ["check_certificate", "check_plan", "compare_claim"]
