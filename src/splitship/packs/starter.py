"""The small pack that `splitship init` writes: three nodes, two services, five orders."""

from __future__ import annotations

STARTER_SETTINGS = """\
schema: splitship.pack/1
name: starter
currency: USD                      # the one currency of all money in this pack
as_of: 2026-11-27T09:00:00-05:00   # the moment of the decision, always with an offset

objective:               # money per ...
  delivery_day: 0.25     # ... package and day from the order's start date to delivery
  late_day: 6.00         # ... package and late day, times the order's priority
  split: 0.50            # ... package of an order beyond the first
  unfilled_unit: 5.00    # ... unit not shipped, plus ...
  unfilled_value: 0.40   # ... this share of its value

# null is no limit; horizon_days: 0 ships on the first possible day only
limits: {max_packages: 4, max_distance_km: null, max_transit_days: null, horizon_days: 0}

# not yet supported: leave these empty
rules: []
overlays: {}
scenarios: {baseline: []}
sweeps: {}

# a solve stops at whichever comes first: the clock, the work or the gap
solve: {time_limit_s: 10, work_limit: null, gap: 0.001, seed: 1, threads: 2}
"""

STARTER_TABLES = {
    "nodes": """\
node_id,kind,country,postal_code,timezone,cutoff,working_days,package_cost,unit_cost,max_packages_per_day
ATL1,dc,US,30301,America/New_York,15:00,1111110,1.20,0.25,500
DFW1,dc,US,75201,America/Chicago,15:00,1111110,1.20,0.25,500
SEA7,store,US,98101,America/Los_Angeles,12:00,1111111,2.20,0.50,20
""",
    "skus": """\
sku_id,weight_kg,length_cm,width_cm,height_cm,value,ship_alone
LAMP,1.8,30,30,45,39.00,false
MUG,0.4,12,10,10,9.50,false
RUG,6.5,160,20,20,120.00,true
""",
    "stock": """\
node_id,sku_id,on_hand,reserved,safety_stock
ATL1,LAMP,2,0,0
ATL1,MUG,40,4,2
DFW1,LAMP,1,0,0
DFW1,RUG,1,0,0
SEA7,MUG,3,0,1
SEA7,RUG,1,0,0
""",
    "services": """\
service_id,carrier,dim_divisor,weight_step_kg,max_weight_kg,delivery_days
GROUND,ACME,5000,0.5,30,1111110
EXPRESS,ACME,5000,0.5,20,1111111
""",
    "lanes": """\
service_id,node_id,country,destination,zone,transit_days
GROUND,ATL1,US,*,5,4
GROUND,ATL1,US,3,2,2
GROUND,DFW1,US,*,4,3
GROUND,DFW1,US,7,2,1
GROUND,SEA7,US,*,6,5
GROUND,SEA7,US,9,2,2
EXPRESS,ATL1,US,*,1,1
EXPRESS,DFW1,US,*,1,1
""",
    "rates": """\
service_id,zone,up_to_kg,price,per_extra_kg
GROUND,2,1,7.20,
GROUND,2,10,9.80,0.60
GROUND,4,1,8.40,
GROUND,4,10,13.10,0.95
GROUND,5,1,8.90,
GROUND,5,10,14.60,1.10
GROUND,6,1,9.30,
GROUND,6,10,16.20,1.30
EXPRESS,1,1,21.50,
EXPRESS,1,10,34.00,2.40
""",
    "orders": """\
order_id,placed_at,country,postal_code,deliver_by,priority,ship_complete,max_packages
O1001,2026-11-27T08:12:00-05:00,US,33101,2026-12-01,1,false,
O1002,2026-11-27T08:20:00-05:00,US,98115,2026-12-02,1,false,
O1003,2026-11-27T08:31:00-05:00,US,73301,2026-11-30,2,true,
O1004,2026-11-27T08:45:00-05:00,US,10001,2026-12-03,1,false,1
O1005,2026-11-27T08:59:00-05:00,US,94103,,1,false,
""",
    "order_lines": """\
order_id,line_id,sku_id,quantity,splittable
O1001,1,MUG,6,true
O1001,2,LAMP,1,true
O1002,1,MUG,2,true
O1002,2,RUG,1,false
O1003,1,LAMP,1,true
O1003,2,MUG,1,true
O1004,1,MUG,4,true
O1005,1,RUG,1,false
O1005,2,LAMP,1,true
""",
}
"""CSV text by table name."""
