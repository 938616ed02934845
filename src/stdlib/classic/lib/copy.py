"""Shallow and deep copies."""
import types

class Error(Exception):
    pass
error = Error

_atomic = (type(None), int, long, float, bool, complex, str, unicode, tuple, type, types.ClassType, types.FunctionType,
           types.BuiltinFunctionType, xrange, frozenset)

def _blank(x):
    if isinstance(x, types.InstanceType):
        if hasattr(x, "__getinitargs__"):
            return x.__class__(*x.__getinitargs__())
        y = _Empty()
        y.__class__ = x.__class__
        return y
    return object.__new__(x.__class__)

class _Empty:
    pass

def copy(x):
    if type(x) in _atomic:
        return x
    if type(x) is list:
        return x[:]
    if type(x) in (dict, set):
        return x.copy()
    if hasattr(x, "__copy__"):
        return x.__copy__()
    y = _blank(x)
    if hasattr(x, "__dict__"):
        y.__dict__.update(x.__dict__)
    return y

def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    d = id(x)
    if d in memo:
        return memo[d]
    if type(x) is tuple:
        y = tuple([deepcopy(item, memo) for item in x])
        memo[d] = y
        return y
    if type(x) in _atomic:
        return x
    if type(x) is list:
        y = memo[d] = []
        for item in x:
            y.append(deepcopy(item, memo))
        return y
    if type(x) is dict:
        y = memo[d] = {}
        for key, value in x.iteritems():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
        return y
    if type(x) is set:
        return set([deepcopy(item, memo) for item in x])
    if hasattr(x, "__deepcopy__"):
        return x.__deepcopy__(memo)
    y = memo[d] = _blank(x)
    if hasattr(x, "__dict__"):
        y.__dict__.update(deepcopy(x.__dict__, memo))
    return y
