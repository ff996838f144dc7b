"""The file scenario.yaml of the pack `omnichannel`."""

SETTINGS = """\
# stores, centres, vendors and a third party serve the same orders: see README.md
schema: splitship.pack/1
name: omnichannel
currency: USD
as_of: 2026-12-08T10:00:00-05:00
objective:               # money per ...
  delivery_day: 0.25     # ... package and day from the order's start date to delivery
  late_day: 6.00         # ... package and late day, times the order's priority
  split: 0.60            # ... package of an order beyond the first
  unfilled_unit: 5.00    # ... unit not shipped, plus ...
  unfilled_value: 0.40   # ... this share of its value
limits: {max_packages: 4, max_distance_km: null, max_transit_days: null, horizon_days: 1}  # today and tomorrow
rules:
  # what must not be
  - name: no hazmat from stores            # customers may carry it out of the store all the same
    where: {sku: {class: hazmat}, node: {kind: store}, service: {carrier: UPS}}
    forbid: true
  - name: no hazmat by air
    where: {sku: {class: hazmat}, service: {service_id: [two_day, next_day]}}
    forbid: true
  # what is promised to whom
  - name: marketplace ships complete
    where: {order: {channel: marketplace}}
    set: {ship_complete: true, max_packages: 2}
  - name: no small packages for the marketplace
    where: {order: {channel: marketplace}}
    set: {min_package_value: 12.00}
  - name: small baskets of the app
    where: {order: {channel: app}}
    set: {min_order_value: 10.00}
  - name: gifts from near by               # fresh ribbons
    where: {order: {gift: "true"}}
    set: {max_distance_km: 1600}
  # what stores keep for those who walk in
  - name: one on the shelf
    where: {node: {kind: store}, sku: {category: {not: toy}}}
    set: {safety_stock: 1}
  - name: two of each toy before Christmas
    where: {node: {kind: store}, sku: {category: toy}}
    set: {safety_stock: 2}
    until: 2026-12-24
  # what costs more than its rate
  - name: flagship floors are busy
    where: {node: {flagship: "true"}, service: {carrier: UPS}}
    price: {per_package: 1.25}
  - name: two to lift
    where: {sku: {weight_kg: {gt: 15}}, service: {carrier: UPS}}
    price: {per_unit: 2.00}
  - name: peak surcharge                   # from tomorrow on
    where: {service: {carrier: UPS}}
    price: {per_package: 0.35}
    from: 2026-12-09
    until: 2026-12-23
  # how much
  - name: one van a day collects from stores
    where: {node: {kind: store}, service: {carrier: UPS}}
    quota: {packages: 150}
  - name: third party by agreement
    where: {node: {kind: 3pl}}
    quota: {packages: 25, price_over: 0.25}
overlays: {}
scenarios: {baseline: []}
sweeps: {}
solve: {time_limit_s: 30, work_limit: null, gap: 0.01, seed: 1, threads: 2}
"""
