import math
math.sqrtt
