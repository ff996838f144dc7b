"""The problem as one mixed-integer model."""

from splitship.mip.export import export_model as export_model
from splitship.mip.model import MixedModel as MixedModel
from splitship.mip.model import build_model as build_model
from splitship.mip.names import name_table as name_table
from splitship.mip.solve import ModelAnswer as ModelAnswer
from splitship.mip.solve import solve_model as solve_model

__all__ = ["MixedModel", "ModelAnswer", "build_model", "export_model", "name_table", "solve_model"]
