"""From a problem to dense integer arrays."""

from splitship.instance.compile import compile_problem as compile_problem
from splitship.instance.model import IMPOSSIBLE as IMPOSSIBLE
from splitship.instance.model import Draws as Draws
from splitship.instance.model import Instance as Instance
from splitship.instance.model import Resources as Resources
from splitship.instance.model import Tariffs as Tariffs

__all__ = ["IMPOSSIBLE", "Draws", "Instance", "Resources", "Tariffs", "compile_problem"]
