"""Certificates as messages, in parts that are small enough for one message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from splitship.domain import ANY_NODE, Certificate, Leaf, Problem, ResourceKind
from splitship.packs.certificate_names import CertificateNames
from splitship.packs.content_skus import kit_sku_ids
from splitship.packs.documents import day_texts
from splitship.v1 import certificate_pb2

PRICES_PER_PART = 5_000
RESOURCE_KINDS: dict[ResourceKind, Any] = {
    kind: certificate_pb2.ResourceKind.Value(f"RESOURCE_KIND_{kind.name}") for kind in ResourceKind
}
"""Our kinds to the numbers of the API; one without a number fails at import."""


def certificate_parts(problem: Problem, certificate: Certificate) -> Iterator[certificate_pb2.Certificate]:
    """The certificate in parts of at most 5,000 prices; every part has the bound."""
    names = CertificateNames(problem)
    yield from split_certificate(_whole(problem, certificate, names))
    for number, leaf in enumerate(certificate.leaves):
        decisions = _decisions(problem, leaf, names)
        for part in split_certificate(_whole(problem, leaf.prices, names)):
            message = certificate_pb2.Leaf(
                number=number,
                decisions=decisions,
                prices=part.prices,
                own_prices=part.own_prices,
                shares=part.shares,
                bound_micros=part.bound_micros,
            )
            yield certificate_pb2.Certificate(leaves=[message], bound_micros=certificate.bound)
            decisions = []


def split_certificate(whole: certificate_pb2.Certificate) -> Iterator[certificate_pb2.Certificate]:
    """A certificate's message in parts that merge to it; its leaves are in parts already, and one goes with each."""
    size = PRICES_PER_PART
    for start in range(0, max(len(whole.prices), len(whole.shares), len(whole.own_prices), 1), size):
        end = start + size
        yield certificate_pb2.Certificate(
            prices=whole.prices[start:end],
            shares=whole.shares[start:end],
            own_prices=whole.own_prices[start:end],
            bound_micros=whole.bound_micros,
        )
    for leaf in whole.leaves:
        yield certificate_pb2.Certificate(leaves=[leaf], bound_micros=whole.bound_micros)


def _whole(problem: Problem, certificate: Certificate, names: CertificateNames) -> certificate_pb2.Certificate:
    """Prices, shares and own prices in one message, without leaves."""
    return certificate_pb2.Certificate(
        prices=_prices(problem, certificate, names),
        shares=_shares(problem, certificate, names),
        own_prices=_own_prices(problem, certificate, names),
        bound_micros=certificate.bound,
    )


def _decisions(problem: Problem, leaf: Leaf, names: CertificateNames) -> list[certificate_pb2.Decision]:
    columns = zip(
        problem.orders.order_id[problem.lines.order_idx[leaf.line]].tolist(),
        problem.lines.line_id[leaf.line].tolist(),
        kit_sku_ids(problem, leaf.line),
        names.parts(leaf.line),
        ["" if node == ANY_NODE else str(problem.nodes.node_id[node]) for node in leaf.node.tolist()],
        leaf.ships.tolist(),
        strict=True,
    )
    return [
        certificate_pb2.Decision(
            order_id=order_id, line_id=line_id, sku_id=sku_id, part=part, node_id=node_id, ships=ships
        )
        for order_id, line_id, sku_id, part, node_id, ships in columns
    ]


def _prices(problem: Problem, certificate: Certificate, names: CertificateNames) -> list[certificate_pb2.ResourcePrice]:
    c = certificate
    rows = np.lexsort((c.day, c.rule_idx, c.service_idx, c.sku_idx, c.node_idx, c.kind))
    node_ids, sku_ids, service_ids = problem.nodes.node_id, problem.skus.sku_id, problem.services.service_id
    columns = zip(
        c.kind[rows].tolist(),
        c.node_idx[rows].tolist(),
        c.sku_idx[rows].tolist(),
        c.service_idx[rows].tolist(),
        c.day[rows].tolist(),
        day_texts(np.maximum(c.day[rows], 0)),
        c.price[rows].tolist(),
        c.rule_idx[rows].tolist(),
        strict=True,
    )
    return [
        certificate_pb2.ResourcePrice(
            kind=RESOURCE_KINDS[ResourceKind(kind)],
            node_id=node_ids[node] if node >= 0 else "",
            sku_id=sku_ids[sku] if sku >= 0 else "",
            service_id=service_ids[service] if service >= 0 else "",
            # A rule's quota of the whole batch has no day.
            date=date if ResourceKind(kind).has_day and (kind != ResourceKind.RULE_QUOTA or day >= 0) else "",
            price_micros=price,
            rule=problem.rules[rule].name if kind == ResourceKind.RULE_QUOTA else "",
            channels=names.reserves.channels(node, sku, rule) if kind == ResourceKind.CHANNEL_RESERVE else None,
        )
        for kind, node, sku, service, day, date, price, rule in columns
    ]


def _shares(problem: Problem, certificate: Certificate, names: CertificateNames) -> list[certificate_pb2.LineShare]:
    rows = np.argsort(certificate.share_line, kind="stable")
    lines = certificate.share_line[rows]
    columns = zip(
        problem.orders.order_id[problem.lines.order_idx[lines]].tolist(),
        problem.lines.line_id[lines].tolist(),
        kit_sku_ids(problem, lines),
        names.parts(lines),
        certificate.share_value[rows].tolist(),
        strict=True,
    )
    return [
        certificate_pb2.LineShare(order_id=order_id, line_id=line_id, sku_id=sku_id, part=part, share_micros=value)
        for order_id, line_id, sku_id, part, value in columns
    ]


def _own_prices(problem: Problem, certificate: Certificate, names: CertificateNames) -> list[certificate_pb2.OwnPrice]:
    rows = np.lexsort((certificate.own_node, certificate.own_line))
    lines = certificate.own_line[rows]
    columns = zip(
        problem.orders.order_id[problem.lines.order_idx[lines]].tolist(),
        problem.lines.line_id[lines].tolist(),
        kit_sku_ids(problem, lines),
        names.parts(lines),
        problem.nodes.node_id[certificate.own_node[rows]].tolist(),
        certificate.own_price[rows].tolist(),
        strict=True,
    )
    return [
        certificate_pb2.OwnPrice(
            order_id=order_id, line_id=line_id, sku_id=sku_id, part=part, node_id=node_id, price_micros=price
        )
        for order_id, line_id, sku_id, part, node_id, price in columns
    ]
