"""Texts that must stay text wherever they are shown."""

ORDER = "</script><script>window.stolen = 1</script>"
NODE = "<img src=x onerror=alert(1)>"
SKU = "=HYPERLINK(1)&{{ 7 * 7 }}"
SERVICE = '"><svg onload=alert(1)>'

IN_IDS = {
    "nodes": ("node_id", NODE),
    "skus": ("sku_id", SKU),
    "orders": ("order_id", ORDER),
    "services": ("service_id", SERVICE),
}
"""Table -> (column, text)."""
