"""Instances from names: seeded packs of any size, in several shapes of network, demand and stock."""

from splitship_bench.generate.families import FAMILIES as FAMILIES
from splitship_bench.generate.spec import InstanceSpec as InstanceSpec
from splitship_bench.generate.spec import parse_spec as parse_spec
from splitship_bench.generate.write import FORM as FORM
from splitship_bench.generate.write import generate_pack as generate_pack

__all__ = ["FAMILIES", "FORM", "InstanceSpec", "generate_pack", "parse_spec"]
