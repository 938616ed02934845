"""Weak references, and containers that hold their contents weakly."""
from _weakref import getweakrefcount, getweakrefs, ref, proxy, CallableProxyType, ProxyType, ReferenceType

ProxyTypes = (ProxyType, CallableProxyType)

class KeyedRef(ref):
    __slots__ = ("key",)
    def __new__(type, ob, callback, key):
        self = ref.__new__(type, ob, callback)
        self.key = key
        return self
    def __init__(self, ob, callback, key):
        ref.__init__(self, ob, callback)

class _Weak(object):
    """What both weak dictionaries share: a plain dict inside."""
    def __len__(self):
        return len(self.data)
    def __repr__(self):
        return "<%s at %s>" % (self.__class__.__name__, id(self))
    def __contains__(self, key):
        return self.get(key, self) is not self
    has_key = __contains__
    def keys(self):
        return [key for key, value in self.items()]
    def values(self):
        return [value for key, value in self.items()]
    def iterkeys(self):
        return iter(self.keys())
    __iter__ = iterkeys
    def itervalues(self):
        return iter(self.values())
    def iteritems(self):
        return iter(self.items())
    def update(self, other):
        for key in other.keys():
            self[key] = other[key]
    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]
    def clear(self):
        self.data.clear()

class WeakValueDictionary(_Weak):
    def __init__(self, other=()):
        def remove(wr, selfref=ref(self)):
            self = selfref()
            if self is not None:
                self.data.pop(wr.key, None)
        self._remove = remove
        self.data = {}
        for key, value in dict(other).items():
            self[key] = value
    def __getitem__(self, key):
        o = self.data[key]()
        if o is None:
            raise KeyError, key
        return o
    def __setitem__(self, key, value):
        self.data[key] = KeyedRef(value, self._remove, key)
    def __delitem__(self, key):
        del self.data[key]
    def get(self, key, default=None):
        wr = self.data.get(key)
        if wr is None:
            return default
        o = wr()
        if o is None:
            return default
        return o
    def items(self):
        found = []
        for key, wr in self.data.items():
            o = wr()
            if o is not None:
                found.append((key, o))
        return found
    def pop(self, key, *default):
        if key in self:
            o = self[key]
            del self.data[key]
            return o
        if default:
            return default[0]
        raise KeyError, key

class WeakKeyDictionary(_Weak):
    def __init__(self, other=None):
        self.data = {}
        def remove(k, selfref=ref(self)):
            self = selfref()
            if self is not None:
                self.data.pop(k, None)
        self._remove = remove
        if other is not None:
            self.update(other)
    def __getitem__(self, key):
        return self.data[ref(key)]
    def __setitem__(self, key, value):
        self.data[ref(key, self._remove)] = value
    def __delitem__(self, key):
        del self.data[ref(key)]
    def get(self, key, default=None):
        return self.data.get(ref(key), default)
    def items(self):
        found = []
        for wr, value in self.data.items():
            o = wr()
            if o is not None:
                found.append((o, value))
        return found
    def pop(self, key, *args):
        return self.data.pop(ref(key), *args)

class WeakSet(object):
    def __init__(self, items=()):
        self.data = set()
        def _remove(item, selfref=ref(self)):
            self = selfref()
            if self is not None:
                self.data.discard(item)
        self._remove = _remove
        for item in items:
            self.add(item)
    def add(self, item):
        self.data.add(ref(item, self._remove))
    def discard(self, item):
        self.data.discard(ref(item))
    def remove(self, item):
        self.data.remove(ref(item))
    def __contains__(self, item):
        return ref(item) in self.data
    def __iter__(self):
        return iter([o for o in [wr() for wr in list(self.data)] if o is not None])
    def __len__(self):
        return len([wr for wr in self.data if wr() is not None])
    def clear(self):
        self.data.clear()
