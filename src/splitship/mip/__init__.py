"""The problem as one mixed-integer model."""
