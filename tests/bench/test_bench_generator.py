"""Generated instances: names, distributions, forms, and that nothing half-made is left behind."""

from __future__ import annotations

import dataclasses
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splitship.errors import UsageError
from splitship.instance import compile_problem
from splitship.instance.eligibility import great_circle_km
from splitship.packs import Pack, read_pack
from splitship_bench.generate import FAMILIES, InstanceSpec, generate_pack, parse_spec
from splitship_bench.generate import write as generator
from splitship_bench.generate.demand import draw_demand
from splitship_bench.generate.families import RECIPES
from splitship_bench.generate.geography import HEIGHT_KM, WIDTH_KM, to_earth
from splitship_bench.generate.spec import OPTIONS
from splitship_bench.generate.tables import Content
from splitship_bench.generate.tariff import BRACKETS_KG, LOCAL, SERVICES, rate_rows


def content_of(name: str) -> Content:
    """What is drawn for a name, not written."""
    return generator.draw_content(parse_spec(name), lambda _: None)


def generated(name: str, folder: Path) -> Pack:
    """A pack written and read again."""
    generate_pack(parse_spec(name), folder / name)
    return read_pack(folder / name)


# names


@pytest.mark.parametrize(
    "name",
    ["calm-10k-n50-s1", "peak-1k-n50-s0", "scarce-1500-n2-s12", "wide-200-n1000-single-s3",
     "twolayer-1m-n10-brackets-s4", "scattered-300-n50-single-brackets-s5"],
)  # fmt: skip
def test_name_is_the_specification_when_valid(name: str) -> None:
    """A name is read and written back as it was."""
    assert parse_spec(name).name == name


@given(
    st.builds(
        InstanceSpec,
        st.sampled_from(list(FAMILIES)),
        st.integers(200, 1_000_000) | st.integers(1, 1000).map(lambda thousands: 1000 * thousands),
        st.integers(2, 1000),
        st.integers(0, 10**18),
        st.sets(st.sampled_from(OPTIONS)).map(lambda chosen: tuple(option for option in OPTIONS if option in chosen)),
    )
)
def test_every_specification_comes_back_from_its_name(spec: InstanceSpec) -> None:
    """Names lose nothing."""
    assert parse_spec(spec.name) == spec


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("calm", "expected FAMILY-ORDERS-nNODES"),
        ("", "expected FAMILY-ORDERS-nNODES"),
        ("calmer-10k-n50-s1", "did you mean calm?"),
        ("peek-10k-n50-s1", "did you mean peak?"),
        ("calm-ten-n50-s1", "orders: expected such as 300, 10k or 1m, got 'ten'"),
        ("calm-1000-n50-s1", "'1000' orders are written 1k"),
        ("calm-1000k-n50-s1", "'1000k' orders are written 1m"),
        ("calm-0300-n50-s1", "orders: '0300' begins with a zero"),
        ("calm-199-n50-s1", "orders: 199 is not between 200 and 1,000,000"),
        ("calm-2m-n50-s1", "orders: 2,000,000 is not between"),
        ("calm-10k-50-s1", "nodes: expected n and a number, such as n50, got '50'"),
        ("calm-10k-n1-s1", "nodes: 1 is not between 2 and 1,000"),
        ("calm-10k-n1001-s1", "nodes: 1,001 is not between"),
        ("calm-10k-n50-1", "seed: expected s and a number, such as s1, at the end, got '1'"),
        ("calm-10k-n50-s", "seed: expected s and a number"),
        ("calm-10k-n50-s-1", "seed: expected s and a number"),
        ("calm-10k-n50-s01", "seed: 's01' begins with a zero"),
        ("calm-10k-n50-s9999999999999999999", "seed: 9,999,999,999,999,999,999 is not between"),
        ("calm-10k-n50-s" + "9" * 5000, "seed: expected s and a number"),
        ("calm-10k-n50-singel-s1", "no option 'singel' (did you mean single?)"),
        ("calm-10k-n50-brackets-single-s1", "in the order single-brackets"),
        ("calm-10k-n50-single-single-s1", "options stand once each"),
        ("calm-10k-n٥٠-s1", "nodes: expected n and a number"),
        ("calm-10k-n50-s1\n", "seed: expected s and a number"),
    ],
)
def test_name_is_refused_with_the_part_that_is_wrong(name: str, words: str) -> None:
    """What is wrong, in which part, and an example."""
    with pytest.raises(UsageError) as caught:
        parse_spec(name)
    assert words in str(caught.value)
    assert "example: calm-10k-n50-s1" in str(caught.value)


def test_specification_is_refused_when_made_by_hand_out_of_range() -> None:
    """The limits hold without a name too."""
    with pytest.raises(UsageError, match="nodes: 1 is not between"):
        InstanceSpec("calm", 300, 1, 1)


# packs


@pytest.mark.parametrize(
    "name",
    ["calm-200-n2-s1", "peak-200-n10-brackets-s2", "scarce-200-n50-single-s3", "wide-200-n10-s4",
     "scattered-200-n50-s5", "twolayer-200-n10-s6", "twolayer-200-n2-single-brackets-s7",
     "wide-200-n2-single-s8", "scattered-200-n2-s9"],
)  # fmt: skip
def test_pack_reads_without_findings_and_compiles(name: str, tmp_path: Path) -> None:
    """Every family, small networks and every option."""
    pack = generated(name, tmp_path)
    assert pack.warnings == ()
    assert pack.name == name
    assert pack.settings.currency == "USD"
    instance = compile_problem(pack.problem())
    assert instance.num_orders == 200
    assert instance.num_options > 0
    assert np.isfinite(pack.problem().orders.latitude).all()
    assert np.isfinite(pack.problem().nodes.longitude).all()


# When tables change on purpose: raise FORM in generate/write.py, put the new hashes here, and say in the commit what
# changed and why. When they change though nothing was meant to: the stream of numpy, or a rounding of the C library,
# differs on this machine or in this version; docs/instances.md, "Same name, same bytes".
FROZEN = {
    "peak-200-n10-s1": "0c4bab3103d93e5004ba218869c9d13a2b3f33c91fc0cd63d18f6817c4b78984",
    "wide-200-n2-single-s3": "21f1f1022e530f117e4b8a5a140a58fe6d1a6c33a8ac3077f4b92c15190b9f0f",
    "scattered-200-n10-s2": "5302a980f524e72ff82caa16b845dfe35d386fee2a66593d71404241787b7960",
    "twolayer-200-n10-brackets-s1": "026e63d96f45354792a8c714956132043b892abb075941a1fc9cd8e98fce3cd0",
}


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_same_name_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Twice the same, and the same as when the hash was taken."""
    found = set()
    for copy in ("a", "b"):
        generate_pack(parse_spec(name), tmp_path / copy)
        digest = hashlib.sha256()
        for file in sorted((tmp_path / copy).iterdir()):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        found.add(digest.hexdigest())
    assert found == {FROZEN[name]}


def test_seed_and_family_make_other_packs() -> None:
    """The hash above would not notice a generator that ignores its seed."""
    one, two = content_of("peak-200-n10-s1"), content_of("peak-200-n10-s2")
    assert not np.array_equal(one.demand.line_sku, two.demand.line_sku)
    assert not np.array_equal(one.network.city_x, two.network.city_x)


def test_parquet_holds_what_csv_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form follows the size; the tables do not follow the form, nor the stretches they are written in."""
    spec = parse_spec("scattered-300-n10-s1")
    generate_pack(spec, tmp_path / "csv")
    monkeypatch.setattr(generator, "MOST_ORDERS_CSV", 299)
    monkeypatch.setattr(generator, "_STRETCH", 97)
    generate_pack(spec, tmp_path / "parquet")
    assert {file.suffix for file in (tmp_path / "csv").iterdir()} == {".csv", ".yaml"}
    assert {file.suffix for file in (tmp_path / "parquet").iterdir()} == {".parquet", ".yaml"}
    csv, parquet = read_pack(tmp_path / "csv"), read_pack(tmp_path / "parquet")
    for table in csv.tables:
        assert csv.tables[table].equals(parquet.tables[table]), table


def test_large_packs_are_parquet(tmp_path: Path) -> None:
    """10,001 orders are more than 10,000."""
    pack = generated("calm-10001-n2-s1", tmp_path)
    assert (tmp_path / pack.name / "orders.parquet").exists()
    assert pack.warnings == ()
    assert len(pack.tables["orders"]) == 10_001


def test_regimes_differ_only_in_stock_and_capacity(tmp_path: Path) -> None:
    """calm, peak and scarce of one size and seed: same network, orders and prices."""
    packs = [generated(f"{family}-300-n10-s3", tmp_path) for family in ("calm", "peak", "scarce")]
    tables = [dict(pack.tables) for pack in packs]
    for other in tables[1:]:
        for table in ("orders", "order_lines", "skus", "services", "rates", "lanes"):
            assert other[table].equals(tables[0][table]), table
        same = [column for column in other["nodes"].columns if column != "max_packages_per_day"]
        assert other["nodes"][same].equals(tables[0]["nodes"][same])
        assert not other["stock"].equals(tables[0]["stock"])
    units = [pack["stock"].on_hand.astype(int).sum() for pack in tables]
    assert units[0] > units[1] > units[2]


def test_single_changes_quantities_and_stock_alone() -> None:
    """The option leaves lines, SKUs and weights as they are."""
    many, single = content_of("peak-300-n10-s1"), content_of("peak-300-n10-single-s1")
    assert np.array_equal(many.demand.line_sku, single.demand.line_sku)
    assert np.array_equal(many.demand.weight_tenths, single.demand.weight_tenths)
    assert np.array_equal(many.promise, single.promise)
    assert (single.demand.quantity == 1).all()
    assert many.demand.quantity.max() > 1


# nothing half-made


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError, OSError])
def test_interrupted_run_leaves_nothing(tmp_path: Path, fault: type[BaseException]) -> None:
    """Stopped while tables are written: no folder, and nothing beside it."""

    def stop(message: str) -> None:
        if message.startswith("orders"):
            assert [file for file in tmp_path.iterdir() if any(file.iterdir())]  # tables are being written
            raise fault("stop")

    with pytest.raises((fault, UsageError)):
        generate_pack(parse_spec("calm-200-n2-s1"), tmp_path / "pack", stop)
    assert list(tmp_path.iterdir()) == []


def test_folder_is_refused_when_not_empty(tmp_path: Path) -> None:
    """What is there stays as it is; an empty folder is taken."""
    spec, folder = parse_spec("calm-200-n2-s1"), tmp_path / "pack"
    folder.mkdir()
    generate_pack(spec, folder)
    before = (folder / "orders.csv").read_bytes()
    with pytest.raises(UsageError, match="is there already; choose another folder"):
        generate_pack(dataclasses.replace(spec, seed=2), folder)
    assert (folder / "orders.csv").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["pack"]


def test_path_is_refused_when_a_file(tmp_path: Path) -> None:
    """Neither over a file nor below one."""
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        generate_pack(parse_spec("calm-200-n2-s1"), file)
    with pytest.raises(UsageError, match="cannot be written"):
        generate_pack(parse_spec("calm-200-n2-s1"), file / "pack")
    assert file.read_text() == "mine"


def test_progress_names_every_table(tmp_path: Path) -> None:
    """One line a step, in order."""
    heard: list[str] = []
    generate_pack(parse_spec("calm-200-n2-s1"), tmp_path / "pack", heard.append)
    assert heard[0].startswith("200 orders, ")
    assert [line.split(":")[0] for line in heard[2:]] == [
        "services", "rates", "nodes", "skus", "lanes", "stock", "orders", "order_lines"]  # fmt: skip


# distributions of the base families; 100,000 orders


@pytest.fixture(scope="module")
def peak() -> Content:
    """A large peak instance."""
    return content_of("peak-100k-n50-s5")


def line_counts(content: Content) -> Any:
    """Lines of every order."""
    return np.diff(content.demand.line_ptr)


def test_lines_of_orders_are_geometric(peak: Content) -> None:
    """min(6, geometric(0.48)) has mean (1 - 0.52^6) / 0.48 = 2.042; five standard errors of 1.34 / 316: 0.021."""
    counts = line_counts(peak)
    assert counts.mean() == pytest.approx((1 - 0.52**6) / 0.48, abs=0.021)
    assert (counts == 1).mean() == pytest.approx(0.48, abs=0.008)
    assert (counts == 6).mean() == pytest.approx(0.52**5, abs=0.004)  # 3.8 %
    assert (counts.min(), counts.max()) == (1, 6)


def test_quantities_are_geometric(peak: Content) -> None:
    """min(5, geometric(0.75)) has mean (1 - 0.25^5) / 0.75 = 1.332."""
    quantity = peak.demand.quantity
    assert quantity.mean() == pytest.approx((1 - 0.25**5) / 0.75, abs=0.008)
    assert (quantity == 1).mean() == pytest.approx(0.75, abs=0.005)
    assert (quantity.min(), quantity.max()) == (1, 5)


def test_quantity_test_notices_another_distribution() -> None:
    """Planted: geometric(0.70) instead of 0.75 has mean 1.425 and is told apart."""
    wrong = dataclasses.replace(RECIPES["peak"], unit_end=0.70)
    demand = draw_demand(wrong, 100_000, np.full(400, 1 / 400), False, np.random.default_rng(5))
    assert demand.quantity.mean() != pytest.approx((1 - 0.25**5) / 0.75, abs=0.008)


def test_skus_follow_their_popularity(peak: Content) -> None:
    """Single-line orders take SKU k with probability proportional to k^-0.8; no order has a SKU twice."""
    demand, ptr = peak.demand, peak.demand.line_ptr
    skus = len(demand.weight_tenths)
    assert skus == 10_000  # 100,000 / 10
    weights = np.arange(1, skus + 1) ** -0.8
    alone = demand.line_sku[ptr[:-1][line_counts(peak) == 1]]
    for first in (1, 10, 100, 1000):  # share of the first SKUs; 48,000 draws, five standard errors at most 0.0114
        assert (alone < first).mean() == pytest.approx(weights[:first].sum() / weights.sum(), abs=0.0115), first
    order = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    assert len(np.unique(order * skus + demand.line_sku)) == len(order)


def test_sku_weights_are_log_normal(peak: Content) -> None:
    """Median exp(-0.3) = 0.74 kg; ln of it has standard deviation 0.8."""
    kg = peak.demand.weight_tenths / 10
    assert np.median(kg) == pytest.approx(0.7, abs=0.1001)  # rounded to 0.1
    logs = np.log(kg[kg > 0])
    assert logs.std() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    ("family", "ratio", "capacity"), [("calm", 3.0, 1.3), ("peak", 1.3, 1.15), ("scarce", 0.9, 1.0)]
)
def test_stock_and_capacity_add_up_to_their_ratios(family: str, ratio: float, capacity: float) -> None:
    """Stock of the SKUs that someone carries is t D + 1 on average; capacity u x 1.25 x orders plus the rounding up."""
    content = content_of(f"{family}-10k-n50-s5")
    units = content.demand.units()
    carried = np.bincount(content.supply.sku_idx, minlength=len(units)) > 0
    expected = (ratio * units[carried] + 1).sum()  # a few carried ones have no row; 50,000 rounded cells: sd about 60
    assert content.supply.on_hand.sum() == pytest.approx(expected, rel=0.01)
    least = capacity * 1.25 * 10_000
    assert least <= content.supply.max_packages.sum() <= least + 50
    big = content.supply.max_packages[:10].sum() / content.supply.max_packages.sum()
    assert big == pytest.approx(50 / 90, abs=0.08)  # 10 nodes of weight 5, 40 of weight 1


def test_carrying_and_sharing_of_stock(peak: Content) -> None:
    """Of popular SKUs, whose every share is worth a unit: DCs carry 70 %, stores 30 %, and DCs six times as much."""
    top = peak.supply.sku_idx < 100
    rows = np.bincount(peak.supply.node_idx[top], minlength=50)
    assert rows[:10].mean() == pytest.approx(70, abs=8)
    assert rows[10:].mean() == pytest.approx(30, abs=5)
    units = np.bincount(peak.supply.node_idx[top], peak.supply.on_hand[top], minlength=50)
    carried = units[:10].sum() / rows[:10].sum(), units[10:].sum() / rows[10:].sum()
    assert carried[0] / carried[1] == pytest.approx(6, rel=0.35)
    assert peak.network.is_big.sum() == 10


def test_promises_have_their_shares(peak: Content) -> None:
    """2, 3, 5, 7 days with 0.2, 0.3, 0.3, 0.2."""
    shares = np.bincount(peak.promise, minlength=4) / 100_000
    assert shares == pytest.approx([0.2, 0.3, 0.3, 0.2], abs=0.0075)


def test_orders_go_to_cities_by_weight(peak: Content) -> None:
    """Frequencies of the 400 cities are those of their weights; some city is many times the median one."""
    shares = np.bincount(peak.demand.order_city, minlength=400) / 100_000
    assert np.abs(shares - peak.network.city_weight).max() < 0.008
    assert peak.network.city_weight.max() > 5 * np.median(peak.network.city_weight)


# the other families


def test_wide_orders_are_wide() -> None:
    """10 to 60 lines: 10 + min(50, geometric(1/16) - 1) has mean 10 + 15 x (1 - (15/16)^50) = 24.4; no SKU twice."""
    content = content_of("wide-1k-n10-s1")
    counts = line_counts(content)
    assert counts.min() == 10
    assert counts.max() <= 60
    assert counts.mean() == pytest.approx(24.4, abs=2.1)  # five standard errors of 13 / sqrt(1000)
    assert content.demand.quantity.mean() == pytest.approx(1 / 0.3, abs=0.1)
    order = np.repeat(np.arange(1000), counts)
    assert len(np.unique(order * 10_000 + content.demand.line_sku)) == len(order)
    assert content.supply.on_hand.sum() == pytest.approx(1.4 * content.demand.units().sum(), rel=0.02)
    assert content.recipe.is_splittable


def test_scattered_stock_is_thin() -> None:
    """No node is big, nearly every row is one or two units, and few orders of several lines have a node for all."""
    content = content_of("scattered-1k-n50-s1")
    supply, demand = content.supply, content.demand
    assert not content.network.is_big.any()
    assert (supply.on_hand <= 2).mean() > 0.95
    assert supply.on_hand.sum() == np.floor(1.3 * demand.units() + 1).sum()
    stock = np.zeros((50, len(demand.weight_tenths)), np.int64)
    stock[supply.node_idx, supply.sku_idx] = supply.on_hand
    several = np.flatnonzero(line_counts(content) > 1)
    has_one = []
    for order in several.tolist():
        lines = slice(demand.line_ptr[order], demand.line_ptr[order + 1])
        has_one.append((stock[:, demand.line_sku[lines]] >= demand.quantity[lines]).all(axis=1).any())
    assert np.mean(has_one) < 0.5


def test_two_layers_have_their_parts() -> None:
    """Five centres carry nearly all SKUs; the local nodes carry what sells, and lie near most of the demand."""
    content = content_of("twolayer-1k-n50-s1")
    network, supply = content.network, content.supply
    assert network.is_big.sum() == 5
    rows = np.bincount(supply.node_idx, minlength=50)
    assert (rows[:5] > 0.9 * 200).all()
    assert (rows[5:] < 0.3 * 200).all()
    assert (rows[5:] > 0).all()
    near = network.distance_km()[5:].min(axis=0) <= 80
    assert network.city_weight[near].sum() > 0.5
    local = content.lanes.service_idx == content.services.index(LOCAL)
    assert (content.lanes.node_idx[local] >= 5).all()
    assert (content.lanes.zone[local] <= 1).all()


# places and prices


@pytest.mark.parametrize("seed", range(3))
def test_earth_distance_stays_close_to_the_plane(seed: int) -> None:
    """Never longer than in the plane, at most 3.1 % shorter; the rounding of coordinates is worth two metres."""
    network = content_of(f"calm-200-n1000-s{seed}").network
    nodes, cities = to_earth(network.node_x, network.node_y), to_earth(network.city_x, network.city_y)
    plane = network.distance_km()
    at, to = np.nonzero(plane >= 0)
    earth = great_circle_km(nodes[0][at], nodes[1][at], cities[0][to], cities[1][to])
    assert (earth <= plane.ravel() + 0.002).all()
    assert (earth >= 0.969 * plane.ravel() - 0.002).all()


def test_plane_lies_over_the_continental_states() -> None:
    """Corners and middle, north up and east right."""
    x, y = np.array([0, WIDTH_KM, 0, WIDTH_KM, WIDTH_KM / 2]), np.array([0, 0, HEIGHT_KM, HEIGHT_KM, HEIGHT_KM / 2])
    latitude, longitude = to_earth(x, y)
    assert (latitude[4], longitude[4]) == (38.0, -96.0)
    assert latitude.min() > 24.4
    assert latitude.max() < 49.5
    assert longitude.min() > -125.7
    assert longitude.max() < -66.3
    assert latitude[2] > latitude[0]
    assert longitude[1] > longitude[0]


def test_rates_are_those_of_the_specification() -> None:
    """Ground 5.50 + 0.55 z + (0.18 + 0.10 z) w, two-day and overnight likewise."""
    rows = {(service, zone): (top, price, extra) for service, zone, top, price, extra in rate_rows(SERVICES, False)}
    assert rows["ground", "3"] == ("0", "7.15", "0.48")
    assert rows["two-day", "7"] == ("0", "18.96", "1.408")
    assert rows["overnight", "1"] == ("0", "27.73", "0.728")
    assert len(rows) == 24


def test_brackets_meet_the_linear_price_at_their_ends() -> None:
    """A package of 3 kg pays the linear price of 3 kg, a lighter one of its bracket the same: to half a cent."""
    linear = {(row[0], row[1]): (Decimal(row[3]), Decimal(row[4])) for row in rate_rows((*SERVICES, LOCAL), False)}
    rows = rate_rows((*SERVICES, LOCAL), True)
    assert len(rows) == len(linear) * len(BRACKETS_KG)
    for service, zone, top, price, extra in rows:
        fixed, slope = linear[service, zone]
        assert abs(fixed + slope * Decimal(top) - Decimal(price)) <= Decimal("0.005")
        assert extra == (str(slope) if top == "20" else "")
