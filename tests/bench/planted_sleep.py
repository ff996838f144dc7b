"""A slow-down planted in pricing, as a plugin of `splitship bench run`: every price pass takes 80 ms longer."""

import time

from splitship.engine import dual

_price_orders = dual.price_orders


def sleepy(*arguments):
    time.sleep(0.08)
    return _price_orders(*arguments)


dual.price_orders = sleepy
