"""Rule-based routing as other systems do it."""
