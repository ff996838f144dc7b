"""Faults of the network's features, each planted by one change to `feature_pack`, and what is told of it."""

from feature_pack import TABLES, changed

Case = tuple[dict[str, str], str]

HEADS = {name: text.splitlines()[0] for name, text in TABLES.items()}


def more(table: str, rows: str) -> dict[str, str]:
    """More rows at the end of a table."""
    return {**TABLES, table: TABLES[table] + rows}


def more_of(table: str, rows: str) -> dict[str, str]:
    """That table alone."""
    return {table: TABLES[table] + rows}


def instead(table: str, text: str) -> dict[str, str]:
    """Another table."""
    return {**TABLES, table: text}


def before(rows: str, unsplittable: str = "") -> dict[str, str]:
    """Another plan before, and a line that is not splittable."""
    table, lines = HEADS["plan_before"] + "\n" + rows, TABLES["order_lines"]
    if unsplittable:
        lines = lines.replace("\n", ",\n").replace("pickup_node,\n", "pickup_node,splittable\n", 1)
        lines += unsplittable.replace("\n", ",false\n")
    return {**TABLES, "plan_before": table, "order_lines": lines}


def condition(column: str, cell: str) -> dict[str, str]:
    """A surcharge of 1 on one condition."""
    return instead("surcharges", f"name,per_package,{column}\nx,1,{cell}\n")


PLANTED_FEATURES: list[Case] = [
    # types and bounds
    (changed("inbound", "MUG,30", "MUG,0"), "inbound.csv:2:3: error[E104] quantity: expected a whole number above 0"),
    (changed("inbound", "2026-12-01", "soon"), "inbound.csv:2:4: error[E107] available_on: expected a date such as"),
    (changed("inbound", "2026-12-01", ""), "inbound.csv:2:4: error[E109] available_on: must not be empty"),
    (
        instead("inbound", "node_id,sku_id,quantity,available\nATL1,MUG,1,2026-12-01\n"),
        "inbound.csv: error[E102] available_on: this required column is missing",
    ),
    (changed("node_days", "29,true,5", "29,yes,5"), "node_days.csv:2:3: error[E108] open: expected true or false"),
    (changed("node_days", "600.5,", "600.1234567,"), "node_days.csv:3:7: error[E106] max_minutes: at most 6 decimals"),
    (changed("node_days", "600.5,", "-1,"), "node_days.csv:3:7: error[E407] max_minutes: must not be negative"),
    (changed("calendars", "2026-11-28", "2026-11-31"), "calendars.csv:4:3: error[E107] date: expected a date"),
    (changed("service_quotas", "400", "-4"), "service_quotas.csv:2:3: error[E104] max_packages: expected a whole"),
    (changed("service_quotas", "1.25", "-1.25"), "service_quotas.csv:2:5: error[E407] shortfall_price: must not be"),
    (changed("kits", "TEA,4,false", "TEA,4,no"), "kits.csv:2:4: error[E108] together: expected true or false"),
    (changed("kits", "MUG,2,", "MUG,2.5,"), "kits.csv:3:3: error[E104] quantity: expected a whole number above 0"),
    (changed("substitutes", "3.5", "-3.5"), "substitutes.csv:2:3: error[E407] price_per_unit: must not be negative"),
    (changed("transfers", "4.50", "-4.50"), "transfers.csv:2:5: error[E407] cost_per_package: must not be negative"),
    (changed("transfers", "SEA7,2", "SEA7,5000"), "transfers.csv:2:3: error[E408] days: at most 3,650 days"),
    (changed("transfers", "1111100", "11111"), "transfers.csv:2:6: error[E108] working_days: expected seven digits"),
    (changed("surcharges", "0.015", "1.5"), "surcharges.csv:3:4: error[E408] share_of_value: at most 1 can be"),
    (changed("surcharges", "3.10", "-3.10"), "surcharges.csv:2:3: error[E407] per_package: must not be negative"),
    (changed("surcharges", "oversize,", ","), "surcharges.csv:4:1: error[E109] name: must not be empty"),
    (
        changed("stock_prices", "-1.25", "-1000000001"),
        "stock_prices.csv:2:3: error[E408] price_per_unit: at least -1,000,000,000, got",
    ),
    (changed("channel_reserves", "10,2", "10,-2"), "channel_reserves.csv:2:5: error[E407] price_per_unit: must not be"),
    (changed("channel_reserves", "app,1", "app,"), "channel_reserves.csv:3:4: error[E109] quantity: must not be empty"),
    (
        changed("plan_before", "2,released", "2,relesed"),
        "plan_before.csv:2:7: error[E108] state: expected one of promised, released, got 'relesed' (did you "
        "mean released?)",
    ),
    (changed("forecast", "LAMP,US,98115,2", "LAMP,US,98115,0"), "forecast.csv:3:4: error[E104] quantity: expected"),
    (changed("forecast", "LAMP,US,98115,2", "LAMP,US,,2"), "forecast.csv:3:3: error[E109] postal_code: must not"),
    (changed("forecast", "2026-11-28", "tomorrow"), "forecast.csv:2:5: error[E107] placed_on: expected a date such as"),
    (
        changed("forecast", "2026-11-28", "2026-11-26"),
        "forecast.csv:2:5: error[E408] placed_on: expected 2026-11-27 or later, got '2026-11-26'",
    ),
    (
        changed("forecast", "33101,4", "33101,200000"),
        "forecast.csv:2:4: error[E408] quantity: the forecast has 200,005 units in all; 200,000 can be looked at",
    ),
    (changed("forecast", "25.77", "95.77"), "forecast.csv:2:6: error[E405] latitude: expected a number from -90 to 90"),
    (changed("forecast", "25.77", ""), "forecast.csv:2:6: error[E405] latitude: latitude and longitude go together"),
    (changed("forecast", "7.5", "-7.5"), "forecast.csv:2:8: error[E407] unfilled_cost: must not be negative"),
    (changed("nodes", "900,480,", "900,480.1234567,"), "nodes.csv:2:8: error[E106] max_minutes_per_day: at most 6 dec"),
    (changed("nodes", "2.5,0.25", "2.5,20000"), "nodes.csv:2:10: error[E408] minutes_per_unit: at most 10,000 minutes"),
    (changed("nodes", "0.3,1", "1.3,1"), "nodes.csv:4:11: error[E408] target_share: at most 1 can be handled"),
    (changed("orders", "app,pickup", "app,collect"), "orders.csv:3:7: error[E108] mode: expected one of ship, pickup"),
    (changed("order_lines", "2,ship", "2,shp"), "order_lines.csv:3:5: error[E108] mode: expected one of ship, pickup"),
    (changed("orders", "2026-11-30,2026-12-01", "x,2026-12-01"), "orders.csv:2:9: error[E107] hold_until: expected a"),
    # keys
    (
        more("inbound", "DFW1,MUG,1,2026-12-01\n"),
        "inbound.csv:4:4: error[E201] available_on: 'DFW1, MUG, 2026-12-01' stands already at inbound.csv:2",
    ),
    (more("node_days", "SEA7,2026-11-29,,,,,,,,,\n"), "node_days.csv:5:2: error[E201] date: 'SEA7, 2026-11-29' stands"),
    (more("calendars", ",GROUND,2026-12-25\n"), "calendars.csv:5:3: error[E201] date: ', GROUND, 2026-12-25' stands"),
    (more("service_quotas", "GROUND,,1,,\n"), "service_quotas.csv:4:2: error[E201] date: 'GROUND, ' stands already"),
    (more("kits", "SET,MUG,1,false\n"), "kits.csv:4:2: error[E201] sku_id: 'SET, MUG' stands already at kits.csv:3"),
    (more("substitutes", "MUG,LAMP,1\n"), "substitutes.csv:4:2: error[E201] substitute_sku_id: 'MUG, LAMP' stands"),
    (more("transfers", "DFW1,SEA7,1,,,\n"), "transfers.csv:4:2: error[E201] to_node_id: 'DFW1, SEA7' stands already"),
    (more("surcharges", "oversize,,9,,,,bulky,,TRUE\n"), "surcharges.csv:5:1: error[E201] name:"),
    (more("stock_prices", "SEA7,MUG,1\n"), "stock_prices.csv:4:2: error[E201] sku_id: 'SEA7, MUG' stands already"),
    (more("channel_reserves", "ATL1,,app,2,\n"), "channel_reserves.csv:4:3: error[E201] channel: 'ATL1, , app' stands"),
    (more("plan_before", "O3,1,DFW1,GROUND,2026-11-28,1,,,,\n"), "plan_before.csv:7:2: error[E201] line_id: 'O3, DFW1"),
    (
        more("forecast", "LAMP,US,98115,9,2026-11-27,,,\n"),
        "forecast.csv:5:5: error[E201] placed_on: 'LAMP, US, 98115, 2026-11-27' stands already at forecast.csv:3",
    ),
    (more("rejections", "O2,,ATL1\n"), "rejections.csv:4:3: error[E201] node_id: 'O2, , ATL1' stands already at"),
    # references
    (
        changed("inbound", "DFW1,MUG", "DFW,MUG"),
        "inbound.csv:2:1: error[E301] node_id: no node of that name, got 'DFW' (did you mean DFW1?)",
    ),
    (changed("node_days", "SEA7", "SEA9"), "node_days.csv:2:1: error[E301] node_id: no node of that name"),
    (changed("calendars", "GROUND", "GRUND"), "calendars.csv:2:2: error[E301] service_id: no service of that name"),
    (changed("service_quotas", "EXPRESS", "FAST"), "service_quotas.csv:3:1: error[E301] service_id: no service of"),
    (changed("kits", "SET,TEA", "SET,TEE"), "kits.csv:2:2: error[E301] sku_id: no SKU of that name, got 'TEE'"),
    (changed("substitutes", "LAMP,MUG", "LAMP,MUGS"), "substitutes.csv:3:2: error[E301] substitute_sku_id: no SKU of"),
    (changed("transfers", "DFW1", "DFW2"), "transfers.csv:2:1: error[E301] from_node_id: no node of that name"),
    (changed("surcharges", "GROUND", "AIR"), "surcharges.csv:2:2: error[E301] service_id: no service of that name"),
    (changed("stock_prices", "ATL1,LAMP", "ATL1,LAMB"), "stock_prices.csv:3:2: error[E301] sku_id: no SKU of that"),
    (changed("channel_reserves", "ATL1,MUG", "ATL1,MOG"), "channel_reserves.csv:2:2: error[E301] sku_id: no SKU of"),
    (
        changed("plan_before", "O1,1,ATL1", "O1,7,ATL1"),
        "plan_before.csv:2:2: error[E301] line_id: its order has no line of that name, got '7'",
    ),
    (changed("plan_before", "O1,1,ATL1", "O9,1,ATL1"), "plan_before.csv:2:1: error[E301] order_id: no order of that"),
    (changed("rejections", "O1,2", "O1,3"), "rejections.csv:3:2: error[E301] line_id: its order has no line of that"),
    (changed("orders", "pickup,SEA7", "pickup,SEA"), "orders.csv:3:8: error[E301] pickup_node: no node of that name"),
    (changed("order_lines", ",,DFW1", ",,DFW"), "order_lines.csv:6:6: error[E301] pickup_node: no node of that name"),
    (changed("forecast", "LAMP,US", "LAMB,US"), "forecast.csv:3:1: error[E301] sku_id: no SKU of that name"),
    # values
    (
        changed("service_quotas", "400,10", "400,410"),
        "service_quotas.csv:2:4: error[E421] min_packages: 410 is more than max_packages, 400",
    ),
    (changed("service_quotas", "10,1.25", ",1.25"), "service_quotas.csv:2:5: error[E422] shortfall_price: needs min_"),
    (changed("service_quotas", "10,1.25", "10,"), "service_quotas.csv:2:4: error[E422] min_packages: needs a short"),
    (changed("calendars", ",GROUND", "ATL1,GROUND"), "calendars.csv:2:2: error[E421] service_id: expected none beside"),
    (changed("calendars", ",GROUND", ","), "calendars.csv:2:1: error[E422] node_id: needed, or else a service_id"),
    (changed("nodes", "0.3,1", "0.3,"), "nodes.csv:4:11: error[E422] target_share: needs a share_price"),
    (changed("nodes", "0.3,1", ",1"), "nodes.csv:4:12: error[E422] share_price: needs a target_share"),
    (
        changed("nodes", "0.3,1", "0.300000000000000001,1"),
        "nodes.csv:4:11: error[E426] target_share: the target shares of all nodes sum to 1.000000000000000001, more",
    ),
    (changed("orders", "pickup,SEA7", "pickup,"), "orders.csv:3:7: error[E422] mode: pickup needs a pickup_node"),
    (
        changed("orders", "ship,ATL1", "ship,"),
        "order_lines.csv:8:5: error[E422] mode: pickup needs a pickup_node, the line's own or its order's",
    ),
    (
        changed("order_lines", "RUG,1,ship,", "RUG,1,ship,SEA7"),
        "order_lines.csv:5:6: error[E421] pickup_node: expected none, as the line ships, got 'SEA7'",
    ),
    (
        changed("order_lines", "MUG,1,pickup,", "MUG,1,,"),
        "orders.csv:4:8: error[E421] pickup_node: expected none, as all lines of the order ship, got 'ATL1'",
    ),
    (changed("kits", "SET,TEA", "SET,SET"), "kits.csv:2:2: error[E423] sku_id: expected another SKU than the kit"),
    (
        more("services", "pickup:ATL1,ACME\n"),
        "services.csv:4:1: error[E429] service_id: expected another beginning than pickup: and transfer:, by which",
    ),
    (
        more("substitutes", "SET,RUG,1\n"),
        "substitutes.csv:4:1: error[E424] sku_id: expected an SKU that is not a kit; give its components substitutes",
    ),
    (
        more("substitutes", "RUG,SET,1\n"),
        "substitutes.csv:4:2: error[E424] substitute_sku_id: expected an SKU that is not a kit; a kit cannot stand",
    ),
    (
        more("kits", "RUG,SET,1,\n"),
        "kits.csv:4:2: error[E424] sku_id: expected an SKU that is not a kit; list what is in that kit, got 'SET'",
    ),
    (
        changed("kits", "MUG,2,false", "MUG,2,"),
        "kits.csv:3:4: error[E428] together: another word than for this kit at kits.csv:2",
    ),
    (
        changed("kits", "TEA,4", "TEA,600000"),
        "order_lines.csv:3:4: error[E408] quantity: these kits need 1,200,000 units of a component; 1,000,000 can be",
    ),
    (changed("substitutes", "LAMP,MUG", "LAMP,LAMP"), "substitutes.csv:3:2: error[E423] substitute_sku_id: expected"),
    (changed("transfers", "DFW1,SEA7", "SEA7,SEA7"), "transfers.csv:2:2: error[E423] to_node_id: expected another"),
    (
        before("O1,2,DFW1,GROUND,2026-11-30,3,,4.5,,\n"),
        "plan_before.csv:2:6: error[E425] quantity: makes 3 units of this line in packages; it asks for 2",
    ),
    (
        before("O1,2,DFW1,GROUND,2026-11-30,12,,4.5,,TEA\n"),
        "plan_before.csv:2:6: error[E425] quantity: makes 12 units of this component in packages; its kits ask for 8",
    ),
    (
        changed("plan_before", "2,released", "4,released"),
        "plan_before.csv:3:6: error[E425] quantity: makes 7 units of this line in packages; it asks for 6",
    ),
    (
        changed("plan_before", "O1,2,DFW1,GROUND,2026-11-30,2,,7,B", "O1,2,SEA7,GROUND,2026-11-30,2,,4.5,A"),
        "plan_before.csv:4:9: error[E428] package_id: another node, service, day or state than in this package at "
        "plan_before.csv:3",
    ),
    (
        changed("plan_before", "2,,7,B", "2,,7,A"),
        "plan_before.csv:4:8: error[E428] move_price: another price than of this package at plan_before.csv:3",
    ),
    (
        changed("plan_before", "7,B,", "7,B,LAMP"),
        "plan_before.csv:4:10: error[E430] sku_id: expected a component of the kit SET (MUG, TEA) or nothing, got",
    ),
    (
        changed("plan_before", "2,released,,,", "2,released,,,TEA"),
        "plan_before.csv:2:10: error[E430] sku_id: expected the line's SKU MUG or a substitute (LAMP) or nothing, got",
    ),
    (
        changed("plan_before", "7,B,", "7,B,MUT"),
        "plan_before.csv:4:10: error[E301] sku_id: no SKU of that name, got 'MUT' (did you mean MUG?)",
    ),
    (
        before("O3,9,DFW1,GROUND,2026-11-28,1,,2,,\n", "O3,9,TEA,3,,\n"),
        "plan_before.csv:2:6: error[E431] quantity: the line is not splittable: all 3 units lie in one package, in "
        "this there are 1",
    ),
    (
        before("O3,9,DFW1,GROUND,2026-11-28,1,released,,,\n", "O3,9,TEA,3,,\n"),
        "plan_before.csv:2:6: error[E431] quantity: the line is not splittable: all 3 units lie in one package",
    ),
    (
        before("O1,2,DFW1,GROUND,2026-11-30,7,,4.5,,TEA\n"),
        "plan_before.csv:2:6: error[E432] quantity: expected whole kits, 4 units of the component each",
    ),
    (
        before("O1,2,DFW1,GROUND,2026-11-30,4,,4.5,,TEA\n"),
        "plan_before.csv:2:6: error[E433] quantity: a promised package holds all kits of a line that are not released: "
        "8 units of each component such as this, in this package there are 4",
    ),
    (
        {
            **before("O1,2,DFW1,GROUND,2026-11-30,8,,4.5,,TEA\n"),
            "kits": TABLES["kits"].replace("false", "true"),
        },
        "plan_before.csv:2:10: error[E433] sku_id: the components of this kit lie in one package",
    ),
    (
        before("O1,2,DFW1,GROUND,2026-11-28,4,released,,,TEA\n"),
        "plan_before.csv:2:6: error[E434] quantity: expected whole kits: as many of every component are released",
    ),
    (
        changed("plan_before", "pickup:DFW1", "pickup:DFW"),
        "plan_before.csv:6:4: error[E301] service_id: no node to pick up at is of that name, got 'pickup:DFW'",
    ),
    (
        changed("plan_before", "pickup:DFW1", "pickup:ATL1"),
        "plan_before.csv:6:4: error[E421] service_id: what is picked up by pickup:ATL1 leaves ATL1 itself, not DFW1",
    ),
    (
        changed("plan_before", "pickup:DFW1", "transfer:ATL1:SEA7"),
        "plan_before.csv:6:4: error[E421] service_id: a transfer from DFW1 begins with transfer:DFW1:, got",
    ),
    (
        changed("plan_before", "pickup:DFW1", "transfer:DFW1:ATL1"),
        "plan_before.csv:6:4: error[E301] service_id: no such row in the table transfers, got 'transfer:DFW1:ATL1'",
    ),
    (
        changed("plan_before", "pickup:DFW1", "GROUNT"),
        "plan_before.csv:6:4: error[E301] service_id: no service of that name, got 'GROUNT' (did you mean GROUND?)",
    ),
    (
        {**changed("stock_prices", "-1.25", "-999999999"), **more_of("order_lines", "O3,9,MUG,2000,,\n")},
        "stock_prices.csv:2:3: error[E410] price_per_unit: times 2,014 units it could come to 2.01e+12, more than "
        "1.15e+12",
    ),
    # conditions
    (condition("orders.channel", "web"), "surcharges.csv:1:3: error[E427] orders.channel: no subject 'orders' (did"),
    (condition("package.size", "big"), "surcharges.csv:1:3: error[E427] package.size: no subject 'package' (begin"),
    (
        condition("order.priority", "1"),
        "surcharges.csv:1:3: error[E427] order.priority: orders.priority is a decimal: conditions are on ids, texts "
        "and flags (mark the rows with an attribute)",
    ),
    (condition("order.channel", "*"), "surcharges.csv:2:3: error[E427] order.channel: * needs a beginning before it"),
    (condition("order.channel", " ; "), "surcharges.csv:2:3: error[E427] order.channel: expected a value, got"),
    (condition("order.channel", "w*b"), "surcharges.csv:2:3: error[E427] order.channel: expected * only at the end"),
    (condition("sku.ship_alone", "yes"), "surcharges.csv:2:3: error[E427] sku.ship_alone: expected true or false"),
    (
        condition("node.kind", "dc;shop"),
        "surcharges.csv:2:3: error[E427] node.kind: expected dc, store, vendor, 3pl, got 'dc;shop'",
    ),
    (
        condition("node.node_id", "ATL1;DFW"),
        "surcharges.csv:2:3: error[E301] node.node_id: no node of that name, got 'ATL1;DFW' (did you mean DFW1?)",
    ),
]  # fmt: skip

WARNED_FEATURES: list[Case] = [
    (
        changed("stock", "SEA7,TEA,9", "SEA7,TEA,0"),
        "order_lines.csv:4:3: warning[W625] sku_id: picked up at 'SEA7', where it is neither in stock nor can be "
        "transferred to",
    ),
    (
        changed("inbound", "2026-11-27", "2026-11-26"),
        "inbound.csv:3:4: warning[W621] available_on: 2026-11-26 has passed, it is 2026-11-27 there: the units count "
        "as arrived; if on_hand has them they count twice",
    ),
    (
        changed("orders", "2026-11-30,2026-12-01", "2026-11-26,2026-12-01"),
        "orders.csv:2:9: warning[W621] hold_until: has passed on 2026-11-27: the order is not held, got '2026-11-26'",
    ),
    (
        changed("plan_before", "2026-11-28", "2026-11-26"),
        "plan_before.csv:5:5: warning[W621] ship_on: 2026-11-26 has passed, it is 2026-11-27 there: it cannot be kept",
    ),
    (
        changed("orders", "2026-12-01\n", "2026-12-05\n"),
        "orders.csv:2:10: warning[W622] not_before: is after deliver_by: the order is late in any case",
    ),
    (
        more("stock", "ATL1,SET,3\n"),
        "stock.csv:8:2: warning[W623] sku_id: this SKU is a kit, which ships as its components: stock of its own",
    ),
    (
        changed("plan_before", "2,released,", "2,released,4.5"),
        "plan_before.csv:2:8: warning[W623] move_price: no effect: a released package never moves",
    ),
    (
        changed("surcharges", "oversize,,12", "oversize,,0"),
        "surcharges.csv:4:3: warning[W623] per_package: adds nothing",
    ),
    (
        condition("order.chanel", "web"),
        "surcharges.csv:1:3: warning[W624] order.chanel: orders has no column 'chanel': nothing meets a condition on "
        "it (did you mean order.channel?)",
    ),
]
