# ---
# A notebook as a script: every "# %%" begins a cell in VS Code and Jupyter (with Jupytext); `python closing_a_node.py`
# runs it from anywhere. Half a minute.
# ---

# %% [markdown]
# # What if Dallas closes?
# DFW7 ships one package in nine of this day. What would a day without it cost, who would notice, and what would help?

# %%
from pathlib import Path

import splitship

HERE = Path(__file__).parent if "__file__" in globals() else Path("scenarios/us-retail")
pack = splitship.read_pack(HERE)
pack

# %% [markdown]
# The pack has scenarios by name. What one changes is told without solving anything.

# %%
closed_pack = splitship.scenario(pack, "dallas_down")
print(closed_pack.problem().scenario, "changes", *closed_pack.changes().lines)

# %% [markdown]
# Two answers, each with a bound: the cost below which no plan can be. The second search begins with the first's answer.

# %%
options = pack.options()
base = splitship.solve(pack.problem(), options, gap=0.01)
closed = splitship.solve(closed_pack.problem(), options, gap=0.01, warm_start=base)
print(base)
print(closed)
base

# %% [markdown]
# ## What it costs
# The plans differ by one number; what is *proven* of the least costs is an interval, from bound against plan.

# %%
at_least = (closed.bound - base.objective) / 1e6
at_most = (closed.objective - base.bound) / 1e6
difference = (closed.objective - base.objective) / 1e6
print(f"plan against plan {difference:,.2f}; proven {at_least:,.2f} to {at_most:,.2f} USD")

# %% [markdown]
# Key figures side by side. A difference that the two gaps could explain is marked.

# %%
comparison = splitship.compare(base, closed)
figures = comparison.to_frame()
shown = ["label", "baseline", "dallas_down", "dallas_down difference", "dallas_down within gap"]
rows = ["objective", "cost.shipping", "cost.unfilled", "packages", "unfilled"]
print(figures.loc[rows, shown].to_string(index=False))
comparison

# %% [markdown]
# ## Who takes over, and who goes without

# %%
before, after = (result.packages_frame()["node_id"].value_counts() for result in (base, closed))
change = after.sub(before, fill_value=0).astype(int).sort_values()
print(change[change != 0].to_string())

# %%
short = closed.unfilled_frame()
print(short.groupby("reason")["quantity"].sum().to_string())

# %% [markdown]
# By order, dearest rise first: costs by term, in the sequence of the pack.

# %%
one, other = (splitship.orders_frame(result).set_index("order_id") for result in (base, closed))
rise = (other["total"] - one["total"]).sort_values(ascending=False)
dearest = rise.index[0]
print(rise.head(5).round(2).to_string())
print(other.loc[dearest, ["nodes", "packages", "unfilled_units", "total"]].to_string())

# %% [markdown]
# ## Would longer hours elsewhere help?
# A scenario need not be in the pack: here one is made on the spot, of the closed centre and one change more.

# %%
longer_hours = splitship.scenario(
    closed_pack,
    [{"table": "nodes", "where": {"node_id": ["BNA2", "SAT1", "PHX6"]}, "multiply": {"max_packages_per_day": "1.2"}}],
    name="dallas_down, longer hours",
)
helped = splitship.solve(longer_hours.problem(), options, gap=0.01, warm_start=closed)
print(f"longer hours save {(closed.objective - helped.objective) / 1e6:,.2f} USD, "
      f"at most {(closed.objective - helped.bound) / 1e6:,.2f}")  # fmt: skip

# %% [markdown]
# ## Why is this order served as it is?

# %%
why = splitship.explain(closed, dearest)
print(f"{dearest}: {why.words_of(why.chosen)}")
for other_way in why.alternatives:
    print(f"not {why.words_of(other_way.way)}: {other_way.verdict}")

# %% [markdown]
# ## A page to hand on
# One file that opens without a network, in the folder where this runs.

# %%
splitship.report([base, closed, helped], "closing.html", title="What if Dallas closes?")
print("see", Path("closing.html").resolve())
