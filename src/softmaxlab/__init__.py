"""The code of the course From Pixels to Probabilities."""

from softmaxlab.order import help_out_of_order

help_out_of_order()
