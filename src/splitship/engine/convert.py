# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""From the engine's integers to a plan and a certificate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from splitship.domain import ANY_NODE, Certificate, Leaf, Plan, ResourceKind
from splitship.engine.assignment import Assignment
from splitship.engine.claims import claim_prices, rows_with_own_prices
from splitship.engine.dual import Pass, Pricer
from splitship.engine.leaves import Leaves
from splitship.engine.tables import Tables
from splitship.instance import Instance
from splitship.instance.steering import SteeringPrices
from splitship.units import I64, MAX_TOTAL_MICROS


@njit(cache=True, nogil=True)
def _fill(
    t, count, option, content, quantity, wide_ptr, choice_ptr, content_choice, package_order, package_option,
    package_choice, out_package, out_line, out_quantity,
):  # fmt: skip
    """Write packages and contents; returns (packages, contents)."""
    packages, contents = 0, 0
    for order in range(len(count)):
        num_lines = t.line_ptr[order + 1] - t.line_ptr[order]
        for i in range(count[order]):
            slot = t.slot_ptr[order] + i
            a = option[slot]
            package_order[packages], package_option[packages] = order, a
            if t.is_wide[order]:
                package_choice[packages] = choice_ptr[a] + content[slot]
                base = wide_ptr[order] + i * num_lines
                for j in range(num_lines):
                    if quantity[base + j] > 0:
                        out_package[contents], out_line[contents] = packages, t.line_ptr[order] + j
                        out_quantity[contents] = quantity[base + j]
                        contents += 1
            else:
                package_choice[packages] = choice_ptr[a] + content_choice[t.content_ptr[a] + content[slot]]
                left = content[slot]
                for j in range(t.option_line_ptr[a], t.option_line_ptr[a + 1]):
                    digit, left = left % t.option_line_radix[j], left // t.option_line_radix[j]
                    if digit:
                        line = t.option_line[j]
                        out_package[contents], out_line[contents] = packages, line
                        out_quantity[contents] = digit * t.line_step[line]
                        contents += 1
            packages += 1
    return packages, contents


def plan_of(instance: Instance, tables: Tables, assignment: Assignment) -> Plan:
    """The assignment as a plan, in canonical form."""
    num = int(assignment.count.sum())
    widths = np.diff(instance.line_ptr)
    most = int((assignment.count * widths).sum())
    columns = [np.empty(num, np.int64) for _ in range(3)] + [np.empty(most, np.int64) for _ in range(3)]
    _, contents = _fill(
        tables, assignment.count, assignment.option, assignment.content, assignment.quantity, assignment.wide_ptr,
        instance.choice_ptr, instance.content_choice, *columns,
    )  # fmt: skip
    order, option, choice, package, line, quantity = columns
    return Plan(
        order,
        instance.option_node[option].astype(np.int64),
        instance.choice_service[choice].astype(np.int64),
        instance.choice_ship_day[choice].astype(np.int64),
        package[:contents],
        line[:contents],
        quantity[:contents],
        instance.content_skus(option[package[:contents]], line[:contents]),
    ).canonical()


def certificate_of(pricer: Pricer, result: Pass | None, leaves: Leaves | None = None) -> Certificate:
    """The prices of a pass with the bound they prove, or those of leaves when they prove more.

    Without a pass the bound that needs no prices.
    """
    if result is None:
        return Certificate.without_prices(min(0, pricer.instance.constant))
    if leaves is None or leaves.bound <= result.bound:
        return _certificate_of_prices(pricer, result.prices, result.values, result.bound)
    if len(leaves.proofs) == 1:
        return _certificate_of_prices(pricer, leaves.proofs[0].prices(), np.zeros(0, np.int64), leaves.bound)
    claims = pricer.need_claims()
    line_of = np.concatenate([claims.line, np.arange(len(pricer.instance.line_sku))])
    node_of = np.concatenate(
        [pricer.instance.resources.node_idx[claims.row], np.full(len(pricer.instance.line_sku), ANY_NODE)]
    ).astype(np.int64)
    no_values = np.zeros(0, np.int64)
    made = []
    for proof in leaves.proofs:
        subject = np.array([subject for subject, _ in proof.path], np.int64)
        ships = np.array([ships for _, ships in proof.path], np.bool_)
        prices = _certificate_of_prices(pricer, proof.prices(), no_values, min(proof.bound, MAX_TOTAL_MICROS))
        made.append(Leaf(line_of[subject], node_of[subject], ships, prices))
    return replace(Certificate.without_prices(leaves.bound + pricer.instance.constant), leaves=tuple(made))


def _certificate_of_prices(pricer: Pricer, prices: I64, values: I64, bound: int) -> Certificate:
    """Prices above 0; stock on which some line pays more than the row's price is listed line by line.

    `bound` is the search's, and `values` are of costs that its rewards raised: the certificate is of costs as they are.
    """
    values = np.maximum(0, values - pricer.instance.line_reward) if len(values) else values
    resources = pricer.instance.resources
    is_own = rows_with_own_prices(pricer.instance, pricer.tables, prices)
    rows = np.flatnonzero((prices[: len(resources)] > 0) & ~is_own)
    shares = np.flatnonzero(values > 0)
    certificate = Certificate(
        resources.kind[rows],
        resources.node_idx[rows],
        resources.sku_idx[rows],
        resources.service_idx[rows],
        resources.day[rows],
        prices[rows],
        shares,
        values[shares],
        bound + pricer.instance.constant,
        rule_idx=resources.rule_idx[rows],
    )
    if pricer.instance.steering is not None:
        certificate = _with_steering(certificate, pricer.instance.steering)
    if pricer.claims is None or not is_own.any():
        return certificate
    claims, price = pricer.claims, claim_prices(pricer.claims, pricer.tables, prices)
    listed = np.flatnonzero(is_own[claims.row] & (price > 0))
    listed = listed[np.lexsort((claims.row[listed], claims.line[listed]))]
    return replace(
        certificate,
        own_line=claims.line[listed],
        own_node=resources.node_idx[claims.row[listed]],
        own_price=price[listed],
    )


def _with_steering(certificate: Certificate, prices: SteeringPrices) -> Certificate:
    """The certificate with the prices of what is steered among its rows."""
    steering = prices.steering
    shares, committed = np.flatnonzero(prices.share), np.flatnonzero(prices.commitment)
    none = np.full(len(shares) + len(committed), -1, np.int64)

    def rows(of_shares: I64, of_commitments: I64) -> I64:
        return np.concatenate([of_shares, of_commitments]).astype(np.int64)

    of_shares, of_commitments = none[: len(shares)], none[len(shares) :]
    kinds = [int(ResourceKind.NODE_SHARE), int(ResourceKind.SERVICE_COMMITMENT)]
    kind = np.repeat(kinds, [len(shares), len(committed)])
    return replace(
        certificate,
        kind=np.append(certificate.kind, kind),
        node_idx=np.append(certificate.node_idx, rows(steering.node_idx[shares], of_commitments)),
        sku_idx=np.append(certificate.sku_idx, none),
        service_idx=np.append(certificate.service_idx, rows(of_shares, steering.service_idx[committed])),
        day=np.append(certificate.day, rows(of_shares, steering.day[committed])),
        price=np.append(certificate.price, rows(prices.share[shares], prices.commitment[committed])),
        rule_idx=np.append(certificate.rule_idx, none),
    )
