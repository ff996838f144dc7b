"""`scenario.yaml` of the pack `us-retail`."""

from __future__ import annotations

from us_retail_network import STORES
from us_retail_what_if import NEW_STORES

_TEXT = """\
# one day of orders over a real network: see README.md
schema: splitship.pack/1
name: us-retail
currency: USD
as_of: 2026-11-27T09:00:00-05:00
objective:               # money per ...
  delivery_day: 0.25     # ... package and day from the order's start date to delivery
  late_day: 6.00         # ... package and late day, times the order's priority
  split: 0.50            # ... package of an order beyond the first
  unfilled_unit: 5.00    # ... unit not shipped, plus ...
  unfilled_value: 0.40   # ... this share of its value
limits: {max_packages: 4, max_distance_km: null, max_transit_days: null, horizon_days: 0}
rules: []
overlays:                # what if ...
  close_dfw7: [{table: nodes, where: {node_id: DFW7}, set: {open: false}}]
  ground_up: [{table: rates, where: {service_id: ground}, multiply: {price: "1.049"}}]
  more_hands:
    - {table: nodes, where: {kind: dc}, multiply: {max_packages_per_day: "1.2"}}
    - {table: nodes, where: {max_units_per_day: {gt: 0}}, multiply: {max_units_per_day: "1.2"}}
  more_orders:
    - {table: orders, upsert_from: overlays/peak_orders.csv}
    - {table: order_lines, upsert_from: overlays/peak_order_lines.csv}
  open_los_angeles:
    - {table: nodes, upsert_from: overlays/new_store_nodes.csv}
    - {table: node_services, upsert_from: overlays/new_store_services.csv}
    - {table: lanes, upsert_from: overlays/new_store_lanes.csv}
    - {table: stock, upsert_from: overlays/new_store_stock.csv}
    - table: orders      # the marketplace does not ship from stores
      where: {channel: marketplace}
      set: {excluded_nodes: "@STORES@"}
  spread_stock: [{table: stock, upsert_from: overlays/rebalanced_stock.csv}]
  promise_sooner:
    - {table: orders, where: {deliver_by: "2026-12-02"}, set: {deliver_by: "2026-12-01"}}
    - {table: orders, where: {deliver_by: "2026-12-04"}, set: {deliver_by: "2026-12-02"}}
  splits_cost_more: [{settings: objective, set: {split: "4.00"}}]
  no_flights: [{table: node_services, where: {service_id: {not: ground}}, set: {max_packages_per_day: 0}}]
scenarios:
  baseline: []
  dallas_down: {apply: [close_dfw7], note: "the centre in Dallas is closed"}
  rate_increase: {apply: [ground_up], note: "ground rates rise by 4.9 %"}
  peak_capacity: {apply: [more_hands], note: "centres handle a fifth more"}
  peak_week: {extends: peak_capacity, apply: [more_orders], note: "a quarter more orders, and a fifth more hands"}
  new_store: {apply: [open_los_angeles], note: "a large store opens in Los Angeles"}
  rebalanced_stock: {apply: [spread_stock], note: "stock lies where orders come from, the same total of each SKU"}
  faster_promise: {apply: [promise_sooner], note: "promises for Wednesday become Tuesday, those for Friday Wednesday"}
  fewer_splits: {apply: [splits_cost_more], note: "a further package of an order counts 4.00, not 0.50"}
  carrier_strike: {apply: [no_flights], note: "pilots are on strike: ground only"}
sweeps: {}
solve: {time_limit_s: 20, work_limit: null, gap: 0.006, seed: 1, threads: 2}
"""

SETTINGS = _TEXT.replace("@STORES@", ";".join((*STORES, *NEW_STORES)))
