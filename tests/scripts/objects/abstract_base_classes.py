# abc: abstract methods, registration, the hooks of collections.abc.
import abc
class I(abc.ABC):
    @abc.abstractmethod
    def f(s): ...
try: I()
except TypeError as e: print(e)
I.register(int); print(isinstance(5,I), issubclass(str,I), issubclass(bool,I))
class J(I):
    def f(s): return 1
print(J().f(), isinstance(J(),I))
import collections.abc as ca
print(isinstance([],ca.Sequence), isinstance({},ca.Mapping), isinstance(iter([]),ca.Iterator))
