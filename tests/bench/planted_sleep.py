"""A slow-down planted in pricing, as a plugin of `splitship bench run`: every price pass takes 80 ms longer."""

import time

from splitship.engine import dual

_price_orders = dual.price_orders


def sleepy(tables, start, end, *others):
    if end - start > 100:  # not in the tiny batch that fetches the kernels
        time.sleep(0.08)
    return _price_orders(tables, start, end, *others)


dual.price_orders = sleepy
