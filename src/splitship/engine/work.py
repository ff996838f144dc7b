"""Work units: about the seconds of one core, counted so that a limit on them ends a search at the same place always."""

WORK_PER_CONTENT = 2.5e-8
"""To price one content."""
WORK_PER_ENTRY = 2e-6
"""For an entry of a master's matrix, at its root; a tenth of that for every node."""
WORK_PER_LOOK = 4e-6
"""To see what one order in the way of an ejection chain would lose."""
